//! `fill`: can a quantity be there by a day, and with which postings (semantics 6)?
//!
//! Stock first, then the local sources in order, each giving what it can; if that leaves a shortage,
//! each source alone is tried for all that stock left. Outside the ATP fence make and buy come before
//! stock. What is tried lives in the overlay; a caller that does not like the result cuts it off.

use super::{
    answer::Reason,
    asked_before::Whom,
    parts::Turn,
    search::{Need, Search, Want},
    trace::Via,
};
use crate::{
    limits::DEPTH_MAX,
    model::{Consumption, Day, Quantity, StockAccount},
    snapshot::sourcing::{Replenishment, Source},
};

impl Search<'_> {
    /// Fills a need as far as possible and returns what is short. With [`Want::Whole`] a shortage
    /// means that nothing was taken.
    pub(super) fn fill(&mut self, need: Need, want: Want) -> Quantity {
        self.patience.open();
        self.memo.spent.fills += 1;
        let account = self.snapshot().stock(need.item, need.location);
        if DEPTH_MAX <= self.path_len() {
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

    fn fill_here(&mut self, need: Need, account: StockAccount, want: Want) -> Quantity {
        let rule = self.rule(need);
        let free = self.free_for(need, rule);
        if let Some(via) = free.on(need.day) {
            self.push(need, via);
            return Quantity::ZERO;
        }
        if !free.is_searched() {
            return need.quantity;
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

    /// Inside the ATP fence: stock, what later commitments can wait for, then the sources.
    fn stock_first(
        &mut self,
        need: Need,
        account: StockAccount,
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
        account: StockAccount,
        sources: &[Source],
        want: Want,
    ) -> Quantity {
        let is_transfer = |source: &Source| matches!(source.kind, Replenishment::Transfer(..));
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
    fn take_stock(&mut self, need: Need, account: StockAccount) -> Quantity {
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
            short = self.give(need.of(short), (source, Turn::InOrder), part);
        }
        (short, n_alone)
    }

    /// Asks the sources in order until one alone gives all of a need.
    fn alone(&mut self, need: Need, sources: &[Source]) -> bool {
        let gives_all =
            |source: &Source| !self.give(need, (source, Turn::Alone), Want::Whole).is_positive();
        !need.quantity.is_positive() || sources.iter().any(gives_all)
    }

    /// Whether goods that are there before the need day are still there on it.
    pub(super) fn can_keep(&self, need: Need) -> bool {
        self.rule(need).consumption != Consumption::None
    }

    /// Asks one source; returns what is short. It leaves nothing behind of what it could not finish.
    fn give(&mut self, need: Need, (source, turn): (&Source, Turn), want: Want) -> Quantity {
        // Goods may come before the need day, to be kept, if the source is no longer valid then.
        let day = need.day.min(source.validity.to);
        if day < source.validity.from || day < need.stand.today {
            return need.quantity;
        }
        let start = self.point();
        self.memo.parts.asked.push((source.kind, turn));
        let short = match source.kind {
            Replenishment::Buy(offer) => self.buy(need, offer, source.validity, want),
            Replenishment::Make(work) => self.make(need, work, source.validity, want),
            Replenishment::Transfer(from, by) => {
                self.transfer(need, (from, by), source.validity, want)
            }
        };
        self.memo.parts.asked.pop();
        if short == need.quantity || (want == Want::Whole && short.is_positive()) {
            self.cut(start);
            return need.quantity;
        }
        short
    }
}
