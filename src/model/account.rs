//! Accounts that are known to accumulate and those that are known to expire: a posting's [`AccountIx`] does not say.
//!
//! Who asks for stock brings the one, who asks for hours the other; so nobody has to answer for what cannot be asked.

use super::posting::AccountIx;

/// Declares a kind of account over its number.
macro_rules! account {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(AccountIx);

        impl $name {
            /// What is known to be one: only a snapshot knows.
            pub(crate) fn known(account: AccountIx) -> Self {
                Self(account)
            }

            /// Its number, as postings have it.
            pub fn ix(self) -> AccountIx {
                self.0
            }
        }

        impl PartialEq<$name> for AccountIx {
            fn eq(&self, other: &$name) -> bool {
                *self == other.0
            }
        }

        impl From<$name> for AccountIx {
            fn from(account: $name) -> Self {
                account.0
            }
        }
    )*};
}

account! {
    /// The account of an item at a location, or of a part of one: what is left today is there tomorrow.
    StockAccount;
    /// The account of hours, of a supplier's units a day or of a house's order lines: what is not used on its day is gone.
    CapacityAccount;
}

/// Of which kind an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// It accumulates.
    Stock(StockAccount),
    /// It expires.
    Capacity(CapacityAccount),
}
