//! `fill`: can a quantity be there by a day, and with which postings (semantics 6)?
//!
//! Stock first, then the local sources in order, each giving what it can; if that leaves a shortage,
//! each source alone is tried for all that stock left. Outside the ATP fence make and buy come before
//! stock. What is tried lives in the overlay; a caller that does not like the result cuts it off.

use super::{
    answer::Reason,
    asked_before::Whom,
    classes::Asker,
    memo::Memo,
    patience::Patience,
    trace::{Found, Via},
    trial::{Paper, Point, Trial},
};
use crate::{
    ledger::World,
    limits::DEPTH_MAX,
    model::{AccountIx, Consumption, Day, DayPart, Moment, Posting, Quantity},
    snapshot::{
        Account, CapacityIx, ItemIx, LocationIx, Snapshot,
        atp_rule::{AtpRule, Mode},
        sourcing::{Origin, Source},
    },
};
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// Who asks, and from when on: the same for all that is searched for one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stand {
    /// Whose class governs what.
    pub(super) asker: Asker,
    /// Nothing may start before it.
    pub(super) today: Day,
    /// The line's own target day: it is compared with the ATP fence.
    pub(super) target: Day,
}

/// A quantity of an item that must be at a location before a part of a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need {
    pub(super) stand: Stand,
    pub(super) item: ItemIx,
    pub(super) location: LocationIx,
    pub(super) quantity: Quantity,
    pub(super) day: Day,
    /// What is worked must be done before this part of the day. Stock, purchases and transfers know whole days.
    pub(super) part: DayPart,
}

impl Need {
    pub(super) fn moment(self) -> Moment {
        Moment { day: self.day, part: self.part }
    }

    /// The same at the end of another day.
    pub(super) fn on(self, day: Day) -> Need {
        Need { day, part: DayPart::END, ..self }
    }

    pub(super) fn of(self, quantity: Quantity) -> Need {
        Need { quantity, ..self }
    }
}

/// Whether a part of a need is of any use to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// All of it or nothing.
    Whole,
    /// As much as there can be.
    Most,
}

/// A search under way: what was tried, what was learned by it, and who wants to know what is in the way.
#[derive(Debug)]
pub(super) struct Search<'w> {
    pub(super) trial: Trial<'w>,
    pub(super) memo: Memo,
    /// The accounts from the ordered item down to where the search is.
    path: Vec<AccountIx>,
    /// When the operations of all work orders that are being placed begin.
    pub(super) begins: Vec<Moment>,
    /// Whether any ATP rule has a fence.
    pub(super) has_fences: bool,
    /// Hours that are tried beyond those that there are.
    pub(super) overtime: Vec<(CapacityIx, Day, Quantity)>,
    /// The number of the planned supply that is being placed; 0 where it is the promise itself.
    pub(super) planned: u32,
    /// The last number that a planned supply got.
    pub(super) n_planned: u32,
    /// What was in the way, if the caller wants to know.
    pub(super) listener: Option<Vec<Reason>>,
    /// How long the caller waits.
    pub(super) patience: Patience,
}

/// Memory that one search after another works in, so that most of them ask for none.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    paper: Paper,
    pub(super) memo: Memo,
    path: Vec<AccountIx>,
    begins: Vec<Moment>,
}

impl<'w> Search<'w> {
    /// A search of a world, in memory that is given back by [`Search::into_scratch`].
    pub(super) fn new(world: &'w World, scratch: Scratch) -> Self {
        let Scratch { paper, mut memo, path, begins } = scratch;
        memo.keep_up(&world.snapshot);
        let has_fences = world.snapshot.rules.has_atp_fences();
        let trial = Trial::new(world, paper);
        let overtime = Vec::new();
        let (listener, patience) = (None, Patience::endless());
        let (planned, n_planned) = (0, 0);
        Self {
            trial,
            memo,
            path,
            begins,
            has_fences,
            overtime,
            planned,
            n_planned,
            listener,
            patience,
        }
    }

    pub(super) fn into_scratch(self) -> Scratch {
        let Self { trial, mut memo, mut path, mut begins, .. } = self;
        memo.clear();
        path.clear();
        begins.clear();
        Scratch { paper: trial.into_paper(), memo, path, begins }
    }

    pub(super) fn snapshot(&self) -> &'w Snapshot {
        &self.trial.overlay.world().snapshot
    }

    pub(super) fn point(&self) -> Point {
        self.trial.point()
    }

    /// Forgets what was tried after a point.
    pub(super) fn cut(&mut self, point: Point) {
        self.trial.cut(point);
    }

    pub(super) fn postings_since(&self, point: Point) -> &[Posting] {
        self.trial.postings_since(point)
    }

    /// How deep the next peg stands in the pegging tree.
    pub(super) fn depth(&self) -> u8 {
        u8::try_from(self.path.len().saturating_sub(1)).expect("the path is shorter than DEPTH_MAX")
    }

    pub(super) fn rule(&self, need: Need) -> &'w AtpRule {
        self.snapshot().rule(need.item, need.location)
    }

    /// The accounts from the ordered item down to where the search is.
    pub(super) fn path(&self) -> &[AccountIx] {
        &self.path
    }

    /// How far down the search is.
    pub(super) fn path_len(&self) -> usize {
        self.path.len()
    }

    /// Goes one account down for as long as something takes.
    pub(super) fn within<T>(
        &mut self,
        account: AccountIx,
        search: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.path.push(account);
        let found = search(self);
        self.path.pop();
        found
    }

    /// Fills a need as far as possible and returns what is short. With [`Want::Whole`] a shortage
    /// means that nothing was taken.
    pub(super) fn fill(&mut self, need: Need, want: Want) -> Quantity {
        self.patience.open();
        self.memo.spent.fills += 1;
        let account = self.snapshot().stock(need.item, need.location);
        if DEPTH_MAX <= self.path.len() {
            self.note(|_| Reason::Depth { item: need.item });
            return need.quantity;
        }
        let lacking = self.lacking_in_time(need, account, want);
        if let Some(lacking) = lacking.or_else(|| self.lacking_in_sum(need, want)) {
            self.memo.lack.note(lacking);
            return need.quantity;
        }
        if !self.memo.effort.open() {
            return need.quantity;
        }
        let asked = self.asked(need, Whom::All, want);
        if let Some(short) = self.found_before(asked.as_ref()) {
            return short;
        }
        let (start, begin) = (self.point(), self.begin());
        let before = self.memo.lack.before();
        let short = self.within(account, |search| search.fill_here(need, account, want));
        self.memo.is_short |= short.is_positive();
        let is_cut = want == Want::Whole && short.is_positive();
        let left = if is_cut { need.quantity } else { short };
        if is_cut {
            self.cut(start);
        }
        self.memo.lack.after(None, short);
        self.remember(asked, begin, left);
        self.memo.lack.after(before, short);
        left
    }

    /// To which places an item is to be moved from where the search is: those are not asked again. Structures have no
    /// cycles, so what is further up says nothing of what is asked here.
    pub(super) fn movers(&self, moved: ItemIx) -> u64 {
        let snapshot = self.snapshot();
        let is_it = |account: AccountIx| match snapshot.account(account) {
            Account::Stock(item, _) => item == moved,
            Account::Capacity(_) | Account::Part(..) => false,
        };
        let movers = self.path.iter().rev().take_while(|&&account| is_it(account));
        // In any order.
        movers.fold(0, |sum, account| sum ^ FxBuildHasher.hash_one(account))
    }

    /// Whether an account is being filled already, further up: it is not asked again (no cycles).
    pub(super) fn is_on_path(&self, account: AccountIx) -> bool {
        self.path.contains(&account)
    }

    fn fill_here(&mut self, need: Need, account: AccountIx, want: Want) -> Quantity {
        let rule = self.rule(need);
        if let Some(short) = self.fill_free(need, rule) {
            return short;
        }
        let snapshot = self.snapshot();
        let mut scratch = Vec::new();
        let sources: &[Source] = if rule.search_sources {
            snapshot.local_sources(need.item, need.location, &mut scratch)
        } else {
            &[]
        };
        if rule.atp_fence_days.is_none_or(|days| need.stand.target <= Day(i32::from(days))) {
            return self.stock_first(need, account, sources, want);
        }
        self.sources_first(need, account, sources, want)
    }

    /// Where the rule does not look at supply, the goods are simply there, or not before their lead
    /// time; none where it does.
    fn fill_free(&mut self, need: Need, rule: &AtpRule) -> Option<Quantity> {
        let (is_there, via) = match rule.mode {
            Mode::Infinite => (true, Via::Infinite),
            Mode::LeadTime => {
                let there = self.there_by_lead_time(need, rule);
                (there.is_some_and(|there| there <= need.day), Via::LeadTime)
            }
            Mode::Supply if rule.is_infinite_on(need.day) => (true, Via::Infinite),
            Mode::Supply => return None,
        };
        if !is_there {
            return Some(need.quantity);
        }
        self.push(need, via);
        Some(Quantity::ZERO)
    }

    /// The day from which a rule of lead time has everything.
    pub(super) fn there_by_lead_time(&self, need: Need, rule: &AtpRule) -> Option<Day> {
        let snapshot = self.snapshot();
        let shipping = snapshot.calendars.of(snapshot.locations.rows[need.location].shipping);
        shipping.add(need.stand.today, rule.lead_time_days)
    }

    /// Inside the ATP fence: stock, what later commitments can wait for, then the sources.
    fn stock_first(
        &mut self,
        need: Need,
        account: AccountIx,
        sources: &[Source],
        want: Want,
    ) -> Quantity {
        let short = self.take_stock(need, account);
        let start = self.point();
        let rest = self.borrow(need.of(short), account, sources, want);
        let left = self.draw(need.of(rest), sources, want);
        let is_filled = !left.is_positive()
            || (rest < short
                && !self.memo.effort.is_plain()
                && self.instead(start, |search| search.draws_all(need.of(short), sources)));
        if is_filled { Quantity::ZERO } else { left }
    }

    /// Nothing borrowed: to replace it may take what the sources need for the rest.
    fn draws_all(&mut self, need: Need, sources: &[Source]) -> bool {
        !self.draw(need, sources, Want::Whole).is_positive()
    }

    /// Outside the ATP fence: make and buy, then stock, then transfers.
    fn sources_first(
        &mut self,
        need: Need,
        account: AccountIx,
        sources: &[Source],
        want: Want,
    ) -> Quantity {
        let is_transfer = |source: &Source| matches!(source.kind, Origin::Transfer(..));
        let (transfers, before): (Vec<Source>, Vec<Source>) =
            sources.iter().copied().partition(is_transfer);
        let start = self.point();
        let (short, _) = self.in_turn(need, &before, Want::Most);
        let short = self.take_stock(need.of(short), account);
        let short = self.borrow(need.of(short), account, sources, want);
        let (short, _) = self.in_turn(need.of(short), &transfers, want);
        if self.memo.effort.is_plain() {
            return short;
        }
        let mut is_borrowed = false;
        let is_filled = !short.is_positive()
            || self.instead(start, |search| {
                let short = search.take_stock(need, account);
                let rest = search.borrow(need.of(short), account, sources, want);
                is_borrowed = rest < short;
                search.alone(need.of(rest), sources)
            })
            || (is_borrowed
                && self.instead(start, |search| {
                    let short = search.take_stock(need, account);
                    search.draws_all(need.of(short), sources)
                }));
        if is_filled { Quantity::ZERO } else { short }
    }

    /// Takes what stock has on the day; returns what is short.
    fn take_stock(&mut self, need: Need, account: AccountIx) -> Quantity {
        if !need.quantity.is_positive() {
            return Quantity::ZERO;
        }
        let drawn = self.drawn_by_asker(need, account);
        let taken = drawn.taken;
        if self.explains()
            && let Some(reason) = self.share_reason(need, account, taken)
        {
            self.note(|_| reason);
        }
        let short = need.quantity - taken;
        if short.is_positive() {
            self.note(|search| search.stock_reason(need, taken));
        }
        if taken.is_positive() {
            let balance = self.stock_of(account).balance(need.day);
            self.draw_on_stock(need, account, &drawn);
            let nodes = self.trial.trace.push_nodes(&drawn.nodes);
            self.push(need.of(taken), Via::Stock { balance, borrowed: Quantity::ZERO, nodes });
        }
        short
    }

    /// Notes where a need is filled from; returns its place in the trace.
    pub(super) fn push(&mut self, need: Need, via: Via) -> usize {
        self.push_planned(need, 0, via)
    }

    /// The same where that is a planned supply of a number.
    pub(super) fn push_planned(&mut self, need: Need, planned: u32, via: Via) -> usize {
        let Need { item, location, quantity, day, .. } = need;
        let depth = self.depth();
        let found = Found { depth, planned, item, location, quantity, day, via };
        self.trial.trace.found.push(found);
        self.trial.trace.found.len() - 1
    }

    /// Asks the sources in order, each for what the ones before it left; then each alone for the whole.
    pub(super) fn draw(&mut self, need: Need, sources: &[Source], want: Want) -> Quantity {
        if !need.quantity.is_positive() || sources.is_empty() {
            return need.quantity;
        }
        if self.give_too_late(need, sources, want) {
            self.memo.lack.note(need.quantity);
            return need.quantity;
        }
        let asked = self.asked(need, Whom::Sources, want);
        if let Some(short) = self.found_before(asked.as_ref()) {
            return short;
        }
        let (begin, before) = (self.begin(), self.memo.lack.before());
        let left = self.draw_now(need, sources, want);
        // A part of what is wanted whole is cut off by who asks.
        let is_nothing = want == Want::Whole && left.is_positive();
        self.memo.lack.after(None, left);
        self.remember(asked, begin, if is_nothing { need.quantity } else { left });
        self.memo.lack.after(before, left);
        left
    }

    fn draw_now(&mut self, need: Need, sources: &[Source], want: Want) -> Quantity {
        let start = self.point();
        let (short, n_alone) = self.in_turn(need, sources, want);
        let others = &sources[n_alone..];
        let is_filled = !short.is_positive()
            || (!others.is_empty()
                && !self.memo.effort.is_plain()
                && self.instead(start, |search| search.alone(need, others)));
        if is_filled { Quantity::ZERO } else { short }
    }

    /// Asks the sources in order, each for what the ones before it left; returns what is short, and how many of them
    /// were asked for the whole while nothing was taken yet: alone they do not have it either.
    fn in_turn(&mut self, need: Need, sources: &[Source], want: Want) -> (Quantity, usize) {
        if self.memo.effort.is_plain() {
            let is_filled = self.alone(need, sources);
            return (if is_filled { Quantity::ZERO } else { need.quantity }, sources.len());
        }
        let (mut short, mut n_alone) = (need.quantity, 0);
        for (at, source) in sources.iter().enumerate() {
            if !short.is_positive() {
                break;
            }
            if short == need.quantity {
                n_alone = at + 1;
            }
            // A part is of use only if another source, or the caller, makes something of it.
            let is_last = at + 1 == sources.len();
            let part = if is_last && want == Want::Whole { Want::Whole } else { Want::Most };
            short = self.give(need.of(short), source, part);
        }
        (short, n_alone)
    }

    /// Asks the sources in order until one alone gives all of a need.
    fn alone(&mut self, need: Need, sources: &[Source]) -> bool {
        let gives_all = |source: &Source| !self.give(need, source, Want::Whole).is_positive();
        !need.quantity.is_positive() || sources.iter().any(gives_all)
    }

    /// Tries something else than what was tried since a point; if that fails, what was tried stands.
    fn instead(&mut self, start: Point, otherwise: impl FnOnce(&mut Self) -> bool) -> bool {
        let tried = self.trial.take_out(start);
        if otherwise(self) {
            return true;
        }
        self.cut(start);
        self.trial.put_back(tried);
        false
    }

    /// Whether goods that are there before the need day are still there on it.
    pub(super) fn can_keep(&self, need: Need) -> bool {
        self.rule(need).consumption != Consumption::None
    }

    /// Asks one source; returns what is short. It leaves nothing behind of what it could not finish.
    fn give(&mut self, need: Need, source: &Source, want: Want) -> Quantity {
        // Goods may come before the need day, to be kept, if the source is no longer valid then.
        let day = need.day.min(source.validity.to);
        if day < source.validity.from || day < need.stand.today {
            return need.quantity;
        }
        let start = self.point();
        let short = match source.kind {
            Origin::Buy(offer) => self.buy(need, offer, source.validity, want),
            Origin::Make(work) => self.make(need, work, source.validity, want),
            Origin::Transfer(from, by) => self.transfer(need, (from, by), source.validity, want),
        };
        if short == need.quantity || (want == Want::Whole && short.is_positive()) {
            self.cut(start);
            return need.quantity;
        }
        short
    }
}
