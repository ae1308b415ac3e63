//! One of many packed profiles, as it is read (`packed.rs` says how it lies).

use super::column::POWERS;

/// How the amounts of a profile are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AmountForm {
    /// Words an amount: 1, 2 or 4.
    pub(super) words: u8,
    /// The power of ten that all amounts are divided by.
    pub(super) power: u8,
}

/// One of many profiles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed<'a> {
    pub(super) days: &'a [u16],
    /// From the lows of this profile on.
    pub(super) amounts: &'a [u16],
    pub(super) form: AmountForm,
}

impl<'a> Packed<'a> {
    #[inline]
    pub(super) fn days(self) -> &'a [u16] {
        self.days
    }

    #[inline]
    pub(super) fn low(self, at: usize) -> i64 {
        self.amount(self.place(at))
    }

    #[inline]
    pub(super) fn cum(self, at: usize) -> i64 {
        self.amount(self.place(self.days.len() + at))
    }

    /// The place of an amount.
    #[inline]
    fn place(self, at: usize) -> usize {
        at * usize::from(self.form.words)
    }

    #[inline]
    fn amount(self, place: usize) -> i64 {
        self.digits(place) * POWERS[usize::from(self.form.power)]
    }

    #[inline]
    fn digits(self, place: usize) -> i64 {
        match self.form.words {
            1 => i64::from(self.amounts[place].cast_signed()),
            2 => i64::from(self.half(place).cast_signed()),
            _ => {
                (u64::from(self.half(place)) | u64::from(self.half(place + 2)) << 32).cast_signed()
            }
        }
    }

    #[inline]
    fn half(self, place: usize) -> u32 {
        u32::from(self.amounts[place]) | u32::from(self.amounts[place + 1]) << 16
    }

    pub(super) fn committed(self, at: usize) -> i64 {
        let odd = self.place(2 * self.days.len());
        let n_odd = usize::from(self.amounts[odd]);
        let positions = &self.amounts[odd + 1..odd + 1 + n_odd];
        match positions.binary_search(&narrow(at)) {
            Ok(found) => self.amount(odd + 1 + n_odd + self.place(found)),
            Err(_) => usual(self.cum(at) - if at == 0 { 0 } else { self.cum(at - 1) }),
        }
    }

    /// The first position at or after one whose low is not below what is wanted; the lows never fall.
    #[inline]
    pub(super) fn first_with(self, start: usize, wanted: i64) -> usize {
        let (mut from, mut to) = (start, self.days.len());
        while from < to {
            let middle = from.midpoint(to);
            if self.low(middle) < wanted { from = middle + 1 } else { to = middle }
        }
        from
    }
}

/// What is committed on an entry on which the balance changes by so much, if nothing else is said.
pub(super) fn usual(net: i64) -> i64 {
    (-net).max(0)
}

pub(super) fn narrow(number: usize) -> u16 {
    u16::try_from(number).expect("at most one entry a day")
}
