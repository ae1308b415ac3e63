//! Columns of values: each type of value says once how it is packed, and `columns!` declares a store of several.
//!
//! What is not given is packed as 0 wherever that is free, so that a column that no row has takes nothing.

use super::{
    Index, Money, Quantity,
    column::{Amounts, Ints, folded, unfolded},
    stored::{Codes, Stored},
};

/// A value that a column packs.
pub trait Coded: Copy {
    /// What its codes are kept in.
    type In: Codes;
    /// The code of the value.
    fn code(self) -> <Self::In as Codes>::Code;
    /// The value of a code.
    fn of_code(code: <Self::In as Codes>::Code) -> Self;
}

impl<I: Index> Coded for I {
    type In = Ints;
    #[inline]
    fn code(self) -> u64 {
        self.to_usize() as u64
    }
    #[inline]
    fn of_code(code: u64) -> Self {
        I::from_usize(usize::try_from(code).expect("it was a position"))
    }
}

impl<I: Index> Coded for Option<I> {
    type In = Ints;
    #[inline]
    fn code(self) -> u64 {
        self.map_or(0, |index| index.code() + 1)
    }
    #[inline]
    fn of_code(code: u64) -> Self {
        code.checked_sub(1).map(I::of_code)
    }
}

/// Says how other values are packed: in what, as what, and what of a code is.
macro_rules! coded {
    ($($value:ty, $codes:ty: $this:ident => $to:expr, $code:ident => $from:expr;)*) => {$(
        impl Coded for $value {
            type In = $codes;
            #[inline]
            fn code(self) -> <$codes as Codes>::Code {
                let $this = self;
                $to
            }
            #[inline]
            fn of_code($code: <$codes as Codes>::Code) -> Self {
                $from
            }
        }
    )*};
}

coded! {
    u16, Ints: number => u64::from(number), code => u16::try_from(code).expect("it was one");
    i32, Ints:
        number => folded(i64::from(number)),
        code => i32::try_from(unfolded(code)).expect("it was one");
    Option<i32>, Ints:
        number => number.map_or(0, |number| number.code() + 1),
        code => code.checked_sub(1).map(i32::of_code);
    Quantity, Amounts: amount => amount.raw(), code => Quantity::micros(code);
    Money, Amounts: amount => amount.raw(), code => Money::micros(code);
    // One that may be missing is above 0.
    Option<Quantity>, Amounts:
        amount => amount.map_or(0, Quantity::raw),
        code => (0 < code).then(|| Quantity::micros(code));
    // One that may be missing is not below 0, so there is a number left for one that is given and is 0.
    Option<Money>, Amounts:
        amount => amount.map_or(0, |amount| if amount == Money::ZERO { FREE } else { amount.raw() }),
        code => match code {
            0 => None,
            FREE => Some(Money::ZERO),
            code => Some(Money::micros(code)),
        };
}

/// A price that is given and is nothing.
const FREE: i64 = -1;

/// Values of one type, packed.
#[derive(Clone, Debug)]
pub struct ColumnOf<T: Coded>(T::In);

impl<T: Coded> Default for ColumnOf<T> {
    fn default() -> Self {
        Self(T::In::default())
    }
}

impl<T: Coded> ColumnOf<T> {
    /// Appends a value.
    pub fn push(&mut self, value: T) {
        self.0.push(value.code());
    }

    /// The value at a position.
    #[inline]
    pub fn get(&self, at: usize) -> T {
        T::of_code(self.0.get(at))
    }

    /// The codes of all.
    pub fn codes(&self) -> &T::In {
        &self.0
    }
}

impl<T: Coded> Stored for ColumnOf<T> {
    fn shrink(&mut self) {
        self.0.shrink();
    }

    fn bytes(&self) -> usize {
        self.0.bytes()
    }
}

/// Declares a store of columns, which gives back room and counts it column by column. With `of` it is made of the fields
/// of a row, and declares the row too: an attribute of a row is one line.
macro_rules! columns {
    (
        $(#[$doc:meta])*
        $vis:vis struct $store:ident { $($(#[$note:meta])* $column:ident: $kind:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        $vis struct $store {
            $($(#[$note])* $column: $kind,)*
        }

        impl $crate::model::stored::Stored for $store {
            fn shrink(&mut self) {
                $($crate::model::stored::Stored::shrink(&mut self.$column);)*
            }

            fn bytes(&self) -> usize {
                0 $(+ $crate::model::stored::Stored::bytes(&self.$column))*
            }
        }
    };
    (
        $(#[$doc:meta])*
        $vis:vis struct $row:ident in $store:ident { $($(#[$note:meta])* $field:ident: $value:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        $vis struct $row {
            $($(#[$note])* $vis $field: $value,)*
        }

        $crate::model::coded::columns! {
            /// Many of them, column by column.
            struct $store {
                $($field: $crate::model::coded::ColumnOf<$value>,)*
            }
        }

        impl $store {
            fn push(&mut self, row: &$row) {
                $(self.$field.push(row.$field);)*
            }

            fn get(&self, at: usize) -> $row {
                $row { $($field: self.$field.get(at),)* }
            }
        }
    };
}

pub(crate) use columns;
