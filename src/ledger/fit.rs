//! Whether postings fit: the one rule of admission (semantics 3).
//!
//! No day of a touched account that ends below zero may be lower than it was before. All postings of
//! one account are judged together, what is given before what is taken, so a lot that is made and
//! consumed on one day fits on an empty account.

use super::{announced, refusal::Refusal, unforeseen, uses::Use, world::World};
use crate::{
    allocation::{self, is_only_counted},
    limits::BALANCE_MAX,
    model::{
        AccountIx, Capacity, Consumption, Day, Posting, ProfileRef, Quantity, Stock, StockRef,
        profile::DayChange,
    },
};
use std::collections::BTreeMap;

/// What a change does to the accounts, by account and day: new postings, and old ones turned round.
#[derive(Debug, Default)]
pub(super) struct Moves(Vec<Posting>);

impl Moves {
    /// The effect of `after` taking the place of `before`.
    pub(super) fn exchange(before: &[Posting], after: &[Posting]) -> Self {
        let mut moves = Self::default();
        if before != after {
            moves.add(before, after);
        }
        moves
    }

    /// Adds the effect of `after` taking the place of `before`.
    pub(super) fn add(&mut self, before: &[Posting], after: &[Posting]) {
        // What is used up of a forecast before and after alike is not given back in between.
        let stays = |posting: &Posting| {
            let both = before.contains(posting) && after.contains(posting);
            Use::of(posting.account).is_some() && both
        };
        let back = before.iter().filter(|posting| !stays(posting));
        let back = back.map(|posting| Posting { quantity: -posting.quantity, ..*posting });
        let taken = after.iter().filter(|posting| !stays(posting)).copied();
        self.0.extend(back.chain(taken));
    }

    /// Why they do not fit, if they do not. Where they only take too much, the last word is the
    /// caller's: [`Refusal::ExceedsAvailable`] comes after all others.
    pub(super) fn judge(mut self, world: &World) -> Result<(), Refusal> {
        let below = self.given_back(world);
        let world = below.as_ref().unwrap_or(world);
        let epoch = world.snapshot.epoch();
        if let Some(outside) = self.0.iter().find(|posting| !epoch.contains(posting.day)) {
            return Err(Refusal::OutsideHorizon { account: outside.account, day: outside.day });
        }
        let mut exceeded = announced::judge(world, &self.0);
        exceeded = exceeded.and(self.use_up(world));
        self.0.sort_unstable_by_key(|posting| (posting.account, posting.day));
        for moves in self.0.chunk_by(|one, next| one.account == next.account) {
            if is_only_counted(&world.snapshot, moves[0].account) {
                continue;
            }
            match judge_account(world.profile(moves[0].account), moves) {
                Ok(()) => (),
                Err(refusal @ Refusal::ExceedsAvailable { .. }) => {
                    exceeded = exceeded.and(Err(refusal))
                }
                Err(refusal) => return Err(refusal),
            }
        }
        exceeded
    }
}

impl Moves {
    /// The world with what is given back of forecasts: that counts again, and nobody takes it. None where nothing is.
    fn given_back(&mut self, world: &World) -> Option<World> {
        let is_back = |posting: &Posting| {
            Use::of(posting.account).is_some() && posting.quantity.is_positive()
        };
        let (back, moves) = std::mem::take(&mut self.0).into_iter().partition::<Vec<_>, _>(is_back);
        self.0 = moves;
        if back.is_empty() {
            return None;
        }
        let mut below = world.clone();
        back.iter().for_each(|posting| below.view.post(&world.snapshot, *posting));
        Some(below)
    }

    /// Puts in the place of what is used up of forecasts what that changes on the accounts. What is taken of an account
    /// with forecasts must be there without them too: what is forecast is not there yet.
    fn use_up(&mut self, world: &World) -> Result<(), Refusal> {
        let mut used: BTreeMap<AccountIx, Quantity> = BTreeMap::new();
        self.0.retain(|posting| {
            let is_use = Use::of(posting.account).is_some();
            if is_use {
                *used.entry(posting.account).or_default() -= posting.quantity;
            }
            !is_use
        });
        if world.snapshot.forecasts.is_empty() {
            return Ok(());
        }
        let mut judged = Ok(());
        let mut taken = self.0.clone();
        taken.sort_unstable_by_key(|posting| (posting.account, posting.day));
        for moves in taken.chunk_by(|one, next| one.account == next.account) {
            let stock = world.snapshot.as_stock(moves[0].account);
            let without = stock.and_then(|stock| unforeseen::without_forecast(world, stock));
            if let Some(without) = without {
                judged = judged.and(judge_stock(without.as_ref(), moves));
            }
        }
        for (account, quantity) in used {
            let used = Use::of(account).expect("sorted out above");
            let before = world.view.used(used);
            let place = (used.account, used.bucket);
            for (account, change) in
                allocation::consumption(&world.snapshot, place, (before, before + quantity))
            {
                let (account, day, quantity) = (account.ix(), change.day, change.net);
                self.0.push(Posting { account, day, quantity, planned: 0 });
            }
        }
        judged
    }
}

/// Judges all moves of one account, in order of day.
pub(super) fn judge_account(profile: ProfileRef<'_>, moves: &[Posting]) -> Result<(), Refusal> {
    if let [only] = moves
        && only.quantity < Quantity::ZERO
        && -only.quantity <= profile.available(only.day)
    {
        return Ok(());
    }
    match profile {
        ProfileRef::Capacity(capacity) => judge_capacity(capacity, moves),
        ProfileRef::Stock(stock) => judge_stock(stock, moves),
    }
}

/// By the rule that its account goes by.
fn judge_stock(stock: StockRef<'_>, moves: &[Posting]) -> Result<(), Refusal> {
    let judged = judge_balance(stock, moves);
    match (stock.consumption, judged) {
        (_, Err(refusal @ Refusal::BalanceOutOfRange { .. })) => Err(refusal),
        (Consumption::Both, judged) => judged,
        (Consumption::Backward | Consumption::None, _) => judge_by_rule(stock, moves),
    }
}

/// Every day for itself.
fn judge_capacity(capacity: &Capacity, moves: &[Posting]) -> Result<(), Refusal> {
    for moves in moves.chunk_by(|one, next| one.day == next.day) {
        let change = moves.iter().map(|posting| posting.quantity).sum();
        judge_day(moves[0], capacity.balance(moves[0].day), change)?;
    }
    Ok(())
}

/// Every balance from the first move on: it falls by what was taken up to its day.
fn judge_balance(stock: StockRef<'_>, moves: &[Posting]) -> Result<(), Refusal> {
    let account = moves[0].account;
    let mut at = stock.days().partition_point(|&day| i32::from(day) < moves[0].day.0);
    let mut rest = moves;
    let mut balance = if at == 0 { 0 } else { stock.cum(at - 1) };
    let mut change = Quantity::ZERO;
    let mut exceeded = Ok(());
    while at < stock.days().len() || !rest.is_empty() {
        let entry = stock.days().get(at).map(|&day| Day(i32::from(day)));
        let day = entry.into_iter().chain(rest.first().map(|posting| posting.day)).min();
        let day = day.expect("the loop goes on while there is an entry or a move");
        if entry == Some(day) {
            balance = stock.cum(at);
            at += 1;
        }
        let n_today = rest.partition_point(|posting| posting.day == day);
        change += rest[..n_today].iter().map(|posting| posting.quantity).sum();
        rest = &rest[n_today..];
        let place = Posting { account, day, quantity: Quantity::ZERO, planned: 0 };
        match judge_day(place, Quantity::micros(balance), change) {
            Err(refusal @ Refusal::ExceedsAvailable { .. }) => {
                exceeded = exceeded.and(Err(refusal))
            }
            judged => judged?,
        }
    }
    exceeded
}

/// The rule for one balance.
fn judge_day(place: Posting, balance: Quantity, change: Quantity) -> Result<(), Refusal> {
    let Posting { account, day, .. } = place;
    let after = balance + change;
    if BALANCE_MAX < after.raw().abs() {
        return Err(Refusal::BalanceOutOfRange { account, day });
    }
    if after < Quantity::ZERO && change < Quantity::ZERO {
        return Err(Refusal::ExceedsAvailable { account, day, balance, taken: -change });
    }
    Ok(())
}

/// Under `none` every day stands alone; under `backward` no more may be written off by any day than
/// was before: then nobody's availability fell below what was there.
fn judge_by_rule(stock: StockRef<'_>, moves: &[Posting]) -> Result<(), Refusal> {
    if stock.consumption == Consumption::None {
        for moves in moves.chunk_by(|one, next| one.day == next.day) {
            let change = moves.iter().map(|posting| posting.quantity).sum();
            judge_day(moves[0], stock.net_on(moves[0].day), change)?;
        }
        return Ok(());
    }
    let mut after = Stock::of(stock);
    moves.iter().for_each(|posting| after.post(posting.day, posting.quantity));
    let before = written_off(stock);
    for (day, off) in written_off(after.as_ref()) {
        let earlier = before.iter().take_while(|(other, _)| *other <= day).last();
        let allowed = earlier.map_or(Quantity::ZERO, |(_, off)| *off);
        if allowed < off {
            let (account, taken) = (moves[0].account, off - allowed);
            let balance = stock.available(day);
            return Err(Refusal::ExceedsAvailable { account, day, balance, taken });
        }
    }
    Ok(())
}

/// What has been written off in all by the end of each day with an entry.
fn written_off(stock: StockRef<'_>) -> Vec<(Day, Quantity)> {
    let (mut balance, mut off) = (Quantity::ZERO, Quantity::ZERO);
    let write_off = |change: DayChange| {
        balance += change.net;
        off += (-balance).max(Quantity::ZERO);
        balance = balance.max(Quantity::ZERO);
        (change.day, off)
    };
    stock.changes().map(write_off).collect()
}

/// The balance of an account on a day.
pub(super) fn balance_of(profile: ProfileRef<'_>, day: Day) -> Quantity {
    match profile {
        ProfileRef::Stock(stock) => stock.balance(day),
        ProfileRef::Capacity(capacity) => capacity.balance(day),
    }
}
