//! Stock profiles that do not change, side by side in one array of 16-bit words.
//!
//! A profile of a snapshot is read often and never posted to. Its amounts are mostly whole units, so they
//! are kept as 16-, 32- or 64-bit numbers times a power of ten, whatever is enough for all of one
//! account: six bytes an entry instead of 26, and an account of twenty entries in two lines of a cache.
//!
//! ```text
//! days | lows | balances | number of odd entries | their positions | their commitments
//! ```
//!
//! An entry on which the balance falls is taken to be a commitment of just that much; where it is another, the entry is
//! odd. Invariant: a packed profile answers every question as the one it was made of.

use super::{
    column::POWERS,
    day_change::Consumption,
    packed_ref::{AmountForm, Packed, narrow, usual},
    stock_ref::StockRef,
    stored::Stored,
};

/// Where a profile begins among all, and how it is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProfilePlace {
    start: u32,
    len: u16,
    form: AmountForm,
    consumption: Consumption,
}

/// Many profiles.
#[derive(Clone, Debug, Default)]
pub struct PackedProfiles {
    words: Vec<u16>,
    n_entries: usize,
}

impl PackedProfiles {
    /// Appends a profile.
    pub fn push(&mut self, profile: StockRef<'_>) -> ProfilePlace {
        let start = u32::try_from(self.words.len()).expect("profiles of at most 8 GiB");
        let len = narrow(profile.days().len());
        let form = form_of(profile);
        self.n_entries += usize::from(len);
        self.words.extend_from_slice(profile.days());
        let all = 0..usize::from(len);
        all.clone().for_each(|at| self.push_amount(profile.low(at), form));
        all.clone().for_each(|at| self.push_amount(profile.cum(at), form));
        let is_odd = |&at: &usize| profile.committed(at) != usual(profile.net(at));
        let odd: Vec<usize> = all.filter(is_odd).collect();
        self.words.push(narrow(odd.len()));
        self.words.extend(odd.iter().map(|&at| narrow(at)));
        odd.iter().for_each(|&at| self.push_amount(profile.committed(at), form));
        ProfilePlace { start, len, form, consumption: profile.consumption }
    }

    fn push_amount(&mut self, amount: i64, form: AmountForm) {
        let bytes = (amount / POWERS[usize::from(form.power)]).to_le_bytes();
        let words = bytes.chunks_exact(2).map(|word| u16::from_le_bytes([word[0], word[1]]));
        // The words left out are nothing but the sign.
        self.words.extend(words.take(usize::from(form.words)));
    }

    /// Appends other profiles, and moves the places at which they were to those at which they are.
    pub fn append(&mut self, other: &Self, places: &mut [ProfilePlace]) {
        let start = u32::try_from(self.words.len()).expect("profiles of at most 8 GiB");
        self.words.extend_from_slice(&other.words);
        self.n_entries += other.n_entries;
        for place in places {
            place.start = place.start.checked_add(start).expect("profiles of at most 8 GiB");
        }
    }

    /// The profile at a place.
    #[inline]
    pub fn get(&self, place: ProfilePlace) -> StockRef<'_> {
        let ProfilePlace { start, len, form, consumption } = place;
        let (days, amounts) = self.words[start as usize..].split_at(usize::from(len));
        StockRef::packed(Packed { days, amounts, form }, consumption)
    }

    /// The number of entries of all.
    pub fn n_entries(&self) -> usize {
        self.n_entries
    }
}

impl Stored for PackedProfiles {
    fn shrink(&mut self) {
        self.words.shrink();
    }

    fn bytes(&self) -> usize {
        self.words.bytes()
    }
}

/// The form in which all amounts of a profile fit: the largest power that divides them all, then the
/// fewest words.
fn form_of(profile: StockRef<'_>) -> AmountForm {
    let of_entry = |at| [profile.low(at), profile.cum(at), profile.committed(at)];
    let amounts = || (0..profile.days().len()).flat_map(of_entry);
    let divides = |&power: &usize| amounts().all(|amount| amount % POWERS[power] == 0);
    let power = (1..POWERS.len()).take_while(divides).last().unwrap_or(0);
    let fits = |bits: u32| {
        let most = i64::MAX >> (i64::BITS - bits);
        let range = (-most - 1)..=most;
        amounts().all(|amount| range.contains(&(amount / POWERS[power])))
    };
    let words = match (fits(16), fits(32)) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 4,
    };
    AmountForm { words, power: u8::try_from(power).expect("a small power") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Day, Quantity, Stock, profile::DayChange};
    use proptest::prelude::*;

    /// Changes on rising days, in whole units, in fixed-point units, or as large as they may be.
    fn stocks() -> impl Strategy<Value = Stock> {
        let consumption = prop_oneof![
            Just(Consumption::Both),
            Just(Consumption::Backward),
            Just(Consumption::None)
        ];
        let net = prop_oneof![
            (-40i64..40).prop_map(|units| units * 1_000_000),
            -90_000i64..90_000,
            (-40i64..40).prop_map(|much| much * 1_000_000_000_000_000 + much),
        ];
        let change = (1i32..40, net, proptest::option::of(0i64..50_000_000));
        (consumption, proptest::collection::vec(change, 0..30)).prop_map(|(consumption, all)| {
            let mut day = -1;
            let changes = all.into_iter().map(|(step, net, committed)| {
                day += step;
                let committed = Quantity::micros(committed.unwrap_or((-net).max(0)));
                DayChange { day: Day(day), net: Quantity::micros(net), committed }
            });
            Stock::new(consumption, changes)
        })
    }

    proptest! {
        #[test]
        fn a_packed_profile_answers_as_the_one_it_was_made_of(
            stocks in proptest::collection::vec(stocks(), 1..6),
            asked in proptest::collection::vec((0i32..900, 0i64..70_000_000), 1..8),
        ) {
            let mut profiles = PackedProfiles::default();
            let places: Vec<_> = stocks.iter().map(|stock| profiles.push(stock.as_ref())).collect();
            profiles.shrink();
            for (stock, place) in stocks.iter().zip(places) {
                let packed = profiles.get(place);
                let mut copy = Stock::default();
                copy.copy_from(packed);
                prop_assert_eq!(&copy, stock);
                for &(day, quantity) in &asked {
                    let (day, quantity) = (Day(day), Quantity::micros(quantity));
                    let plain = stock.as_ref();
                    prop_assert_eq!(packed.available(day), plain.available(day));
                    prop_assert_eq!(packed.earliest(day, quantity), plain.earliest(day, quantity));
                    prop_assert_eq!(packed.lent_from(day), plain.lent_from(day));
                }
            }
        }
    }

    #[test]
    fn whole_units_take_six_bytes_an_entry() {
        let changes = (0..20).map(|day| {
            let net = if day % 5 == 0 { 900 } else { -200 };
            let committed = Quantity::units(i64::max(-net, 0));
            DayChange { day: Day(day * 6), net: Quantity::units(net), committed }
        });
        let mut profiles = PackedProfiles::default();
        profiles.push(Stock::new(Consumption::Both, changes).as_ref());
        profiles.shrink();
        assert_eq!(profiles.bytes(), 20 * 6 + 2);
    }
}
