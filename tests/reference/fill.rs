//! Supply-chain search, capable to promise (semantics 6): `fill` says whether a quantity can be
//! there by a day, and with which postings.

use super::allocation;
use super::book::{Account, Draft, Place};
use super::model::Model;
use super::moment::Moment;
use super::replenish::{Kind, Source};
use super::rules::{AtpRule, Consumption, Mode};
use super::text::{Day, times};
use super::{borrow, buy, cost, make, patience, transfer};

/// What stays the same during one search.
pub struct Search<'a> {
    pub model: &'a Model,
    /// "Nothing may start before today": of the ship-from.
    pub today: Day,
    /// The need day of the line's target: what the ATP fence is compared with.
    pub target: Day,
    /// The item that ships: only its stock is under the class's shares (sections 6 and 7).
    pub item: String,
    pub class: String,
    /// What the line has consumed of a forecast: where, from which day on, how much.
    pub consumed: Option<(Place, Day, i64)>,
}

/// An item at a location that is being filled.
pub struct Filling<'a> {
    pub search: &'a Search<'a>,
    pub place: Place,
    pub rule: &'a AtpRule,
    pub sources: &'a [Source],
    /// The places that are being filled, this one the last.
    pub path: Vec<Place>,
}

/// All of `quantity` by `day`, or nothing.
pub fn whole(
    search: &Search,
    draft: &Draft,
    place: &Place,
    quantity: i64,
    day: Day,
) -> Option<Draft> {
    let (draft, short) = fill(search, draft, place, quantity, Moment::end(day), &[], true);
    (short == 0).then_some(draft)
}

/// Whether goods can be there before they are needed, and wait: from sources, not under `none`.
pub fn can_keep(search: &Search, place: &Place) -> bool {
    let rule = search.model.rule(&place.item, &place.location);
    rule.consumption != Consumption::None && !search.model.at(place).sources.is_empty()
}

/// `fill(item, location, quantity, day)`: the postings, and the shortage that is left. With `all`
/// the caller has no use for a part.
pub fn fill(
    search: &Search,
    draft: &Draft,
    place: &Place,
    quantity: i64,
    by: Moment,
    path: &[Place],
    all: bool,
) -> (Draft, i64) {
    // "a source already on the path is not asked again (no cycles), depth at most 32"
    let again = path.contains(place) || path.len() >= 32;
    let day = by.day;
    if again || day < search.today || day >= search.model.horizon || patience::is_over() {
        return (draft.clone(), quantity);
    }
    let rule = search.model.rule(&place.item, &place.location);
    let sources = &search.model.at(place).sources;
    let path = [path, std::slice::from_ref(place)].concat();
    let filling = Filling { search, place: place.clone(), rule, sources, path };
    match filling.unlimited(day) {
        Some(true) => (filling.free(draft, quantity), 0),
        Some(false) => (draft.clone(), quantity),
        None => filling.fill(draft, quantity, by, all),
    }
}

impl Filling<'_> {
    /// Where the rule does not look at supply: whether the goods are there by the day. (The line's
    /// own item is only asked for here where its rule does look at supply.)
    fn unlimited(&self, day: Day) -> Option<bool> {
        let shipping = self.search.model.shipping(&self.place.location);
        match self.rule.mode {
            Mode::Infinite => Some(true),
            Mode::LeadTime => {
                Some(day >= shipping.add(self.search.today, self.rule.lead_time_days))
            }
            Mode::Supply if self.rule.infinite_fence.is_some_and(|fence| day >= fence) => {
                Some(true)
            }
            Mode::Supply => None,
        }
    }

    fn free(&self, draft: &Draft, quantity: i64) -> Draft {
        let mut draft = draft.clone();
        let (model, item) = (self.search.model, &self.place.item);
        draft.spent += model.worth(item, quantity, model.items[item].unit_cost);
        draft
    }

    /// Stock, then the sources; outside the ATP fence make and buy, then stock, then transfers. "If
    /// that leaves a shortage, each source alone is tried for the whole": the whole shortage after
    /// stock.
    fn fill(&self, draft: &Draft, quantity: i64, by: Moment, all: bool) -> (Draft, i64) {
        let day = by.day;
        let outside = self.rule.atp_fence.is_some_and(|fence| self.search.target > fence);
        let comes_first = |source: &Source| outside && !source.is_transfer();
        let first: Vec<Source> = self.sources.iter().filter(|s| comes_first(s)).cloned().collect();
        let last: Vec<Source> = self.sources.iter().filter(|s| !comes_first(s)).cloned().collect();

        let (made, short) = self.consume_sources(&first, draft, quantity, by, false);
        let (stocked, short) = self.take_stock(&made, short, day);
        let (filled, short) = self.consume_sources(&last, &stocked, short, by, all);
        if short == 0 {
            return (filled, 0);
        }
        let (stocked, shortage) = self.take_stock(draft, quantity, day);
        let mut alone = self.sources.iter();
        let alone = alone.find_map(|source| self.give(source, &stocked, shortage, by));
        match alone {
            Some(mut draft) => {
                draft.post_stock(&self.place, day, -shortage);
                (draft, 0)
            }
            None => match self.nothing_borrowed(draft, (quantity, shortage), by) {
                Some(draft) => (draft, 0),
                None => (filled, short),
            },
        }
    }

    /// To replace what is borrowed may take what the sources need for the rest: then nothing is. None
    /// where nothing was borrowed, which leaves a smaller shortage, anyway.
    fn nothing_borrowed(
        &self,
        draft: &Draft,
        (quantity, left): (i64, i64),
        by: Moment,
    ) -> Option<Draft> {
        let day = by.day;
        let (stocked, shortage) = self.take_free(draft, quantity, day);
        if shortage == left {
            return None;
        }
        let mut draft = self.all_from_sources(&stocked, shortage, by)?;
        draft.post_stock(&self.place, day, -shortage);
        Some(draft)
    }

    /// Step 1: "take stock: ATP of the account on that day"; then what only later commitments wait
    /// for.
    fn take_stock(&self, draft: &Draft, quantity: i64, day: Day) -> (Draft, i64) {
        let (taken, short) = self.take_free(draft, quantity, day);
        borrow::borrow(self, &taken, short, day)
    }

    fn take_free(&self, draft: &Draft, quantity: i64, day: Day) -> (Draft, i64) {
        let model = self.search.model;
        // "of the demand class, section 7, for the ordered item itself"
        let ordered = self.place.item == self.search.item;
        let class = if ordered { self.search.class.as_str() } else { "" };
        let consumed = self.search.consumed.as_ref().filter(|own| own.0 == self.place);
        let consumed = consumed.map(|(_, from, quantity)| (*from, *quantity));
        let takes = allocation::takes(model, draft, &self.place, class, quantity, (day, consumed));
        let taken = takes.iter().map(|(_, quantity)| quantity).sum::<i64>();
        let mut after = draft.clone();
        after.spent += cost::of_stock(model, &self.place, taken);
        for (node, part) in takes {
            after.post(Account::Stock(self.place.clone()), day, -part, &node);
        }
        (after, quantity - taken)
    }

    /// What the sources give by the day is consumed on the day.
    fn consume_sources(
        &self,
        sources: &[Source],
        draft: &Draft,
        quantity: i64,
        by: Moment,
        all: bool,
    ) -> (Draft, i64) {
        let (mut draft, short) = self.ask_sources(sources, draft, quantity, by, all);
        draft.post_stock(&self.place, by.day, short - quantity);
        (draft, short)
    }

    /// Step 2: "the shortage goes to the local sources in rank order, each giving what it can by
    /// the day, the rest passing on to the next." Only what they produce is posted.
    fn ask_sources(
        &self,
        sources: &[Source],
        draft: &Draft,
        quantity: i64,
        by: Moment,
        all: bool,
    ) -> (Draft, i64) {
        let mut draft = draft.clone();
        let mut short = quantity;
        for (index, source) in sources.iter().enumerate() {
            if short == 0 {
                break;
            }
            let give = |quantity: i64| self.give(source, &draft, quantity, by);
            let part_is_useless = all && index + 1 == sources.len();
            let given = if part_is_useless {
                give(short).map(|draft| (short, draft))
            } else {
                largest(short, give)
            };
            if let Some((part, after)) = given {
                short -= part;
                draft = after;
            }
        }
        (draft, short)
    }

    /// A shortage of its own that stock may not cover (section 6, `replenish_by`): all of it from
    /// the sources by the day, together or one alone.
    pub fn all_from_sources(&self, draft: &Draft, quantity: i64, by: Moment) -> Option<Draft> {
        let (filled, short) = self.ask_sources(self.sources, draft, quantity, by, true);
        if short == 0 {
            return Some(filled);
        }
        self.sources.iter().find_map(|source| self.give(source, draft, quantity, by))
    }

    /// All of `quantity` from one source by the day, or nothing.
    fn give(&self, source: &Source, draft: &Draft, quantity: i64, by: Moment) -> Option<Draft> {
        match &source.kind {
            Kind::Make(definition) => make::make(self, source, definition, draft, quantity, by),
            Kind::Buy(row) => buy::buy(self, source, row, draft, quantity, by.day),
            Kind::Transfer(origin, method) => {
                transfer::transfer(self, source, (origin, method), draft, quantity, by)
            }
        }
    }

    /// "Goods can be kept, in stock, from the day they are there (not under `consumption` none)."
    pub fn is_in_time(&self, there: Day, need: Day) -> bool {
        there == need || (there < need && self.rule.consumption != Consumption::None)
    }
}

/// "One source may give part of the shortage (the largest part it can)": the largest quantity up to
/// `most` that can be given, and what it makes of the draft. What can be given can be given in
/// part, so halving finds it to the micro-unit.
pub fn largest<T>(most: i64, give: impl Fn(i64) -> Option<T>) -> Option<(i64, T)> {
    if let Some(given) = give(most) {
        return Some((most, given));
    }
    let (mut can, mut cannot) = (1, most);
    let mut best = Some((1, give(1)?));
    while cannot - can > 1 {
        let middle = can + (cannot - can) / 2;
        match give(middle) {
            Some(given) => (can, best) = (middle, Some((middle, given))),
            None => cannot = middle,
        }
    }
    best
}
