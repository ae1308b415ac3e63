//! A bucket of a forecast that is used up, as an account that can be posted on.

use crate::{
    model::{AccountIx, Day, Posting, Quantity, StockAccount},
    snapshot::{PAST_ACCOUNTS, Snapshot},
};

/// A bucket that is used up, as an account: past all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The stock account.
    pub account: StockAccount,
    /// Which of its buckets.
    pub bucket: usize,
}

/// Uses have this bit: it tells them from accounts.
const TAG: u64 = PAST_ACCOUNTS;

/// Bits that tell the bucket.
const BUCKET_BITS: u32 = 24;

impl Use {
    /// The number under which it is posted on.
    pub fn account_ix(self) -> AccountIx {
        let bucket = self.bucket as u64;
        assert!(bucket < 1 << BUCKET_BITS, "an account has fewer forecasts");
        AccountIx(TAG | (self.account.ix().0 << BUCKET_BITS) | bucket)
    }

    /// What a number stands for, if it is one of a use.
    pub fn of(account: AccountIx) -> Option<Self> {
        let number = account.0.checked_sub(TAG)?;
        let bucket = number & ((1 << BUCKET_BITS) - 1);
        let bucket = usize::try_from(bucket).expect("few bits");
        let account = StockAccount::known(AccountIx(number >> BUCKET_BITS));
        Some(Self { account, bucket })
    }

    /// So much of it used up.
    pub fn posting(self, quantity: Quantity) -> Posting {
        Posting { account: self.account_ix(), day: Day::ZERO, quantity: -quantity, planned: 0 }
    }
}

/// The account that what is posted on another changes: of a part the whole, of what is used up of a forecast the one that
/// has it.
pub fn changed_by(snapshot: &Snapshot, account: AccountIx) -> AccountIx {
    let account = Use::of(account).map_or(account, |used| used.account.ix());
    snapshot.whole(account).map_or(account, |(whole, _)| whole.ix())
}
