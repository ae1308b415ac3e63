//! Whether a live promise counts on a planned supply: whether taking it away would bring an account below zero
//! on which promises live.

use crate::{
    allocation::{self, is_only_counted},
    ledger::{digest, fit, standing::Fate, world::World},
    model::{AccountIx, Consumption, Day, Posting, ProfileRef, Quantity, StockRef},
};

/// Whether a live promise counts on what these postings give: without them some balance would be below zero,
/// lower than it is and lower than the snapshot by itself has it.
pub(in crate::ledger) fn is_counted_on(world: &World, given: &[Posting]) -> bool {
    let mut moves: Vec<Posting> = given
        .iter()
        .filter(|posting| !is_only_counted(&world.snapshot, posting.account))
        .map(|posting| Posting { quantity: -posting.quantity, ..*posting })
        .collect();
    moves.sort_unstable_by_key(|posting| (posting.account, posting.day));
    moves
        .chunk_by(|one, next| one.account == next.account)
        .any(|moves| is_missed(world, moves[0].account, moves))
}

/// Whether an account misses what is taken away from it, in order of day.
fn is_missed(world: &World, account: AccountIx, moves: &[Posting]) -> bool {
    if moves.iter().all(|posting| Quantity::ZERO <= posting.quantity) {
        return false;
    }
    let ours = world.profile(account);
    if fit::judge_account(ours, moves).is_ok() {
        return false;
    }
    // The snapshot by itself: without its demands that promises stand behind.
    let mut theirs = allocation::profile(&world.snapshot, account).to_owned();
    let backed = backed(world, account);
    backed.iter().for_each(|row| theirs.unpost(row.day, row.quantity));
    match (ours, theirs.as_ref()) {
        (ProfileRef::Stock(ours), ProfileRef::Stock(theirs)) => match ours.consumption {
            Consumption::Both => falls_below(ours, theirs, moves),
            Consumption::Backward | Consumption::None => {
                let mut in_all: Vec<Posting> = digest::effect_on(world, account).collect();
                in_all.extend(backed.iter().chain(moves));
                in_all.sort_unstable_by_key(|posting| posting.day);
                fit::judge_account(ProfileRef::Stock(theirs), &in_all).is_err()
            }
        },
        // What is planned takes of capacity, it gives none.
        (ProfileRef::Capacity(_), _) | (_, ProfileRef::Capacity(_)) => false,
    }
}

/// What the snapshot's own demands of an account take behind which promises stand: those that have absorbed live ones, and
/// what is silent for the others.
fn backed(world: &World, account: AccountIx) -> Vec<Posting> {
    let snapshot = &world.snapshot;
    let rows = snapshot.demands.of(account).iter();
    let counted = rows.filter_map(|row| Some((row, row.day?)));
    let end = snapshot.counted_until(account);
    let of_promises = counted.filter(|(_, day)| *day < end).filter_map(|(row, day)| {
        let key = snapshot.demands.names.name(row.demand);
        let quantity = backed_of(world, account, (&key, row.quantity));
        let posting = |quantity: Quantity| Posting { account, day, quantity, planned: 0 };
        quantity.is_positive().then(|| posting(-quantity))
    });
    of_promises.collect()
}

/// How much of what the snapshot's demand of a line takes of an account.
fn backed_of(world: &World, account: AccountIx, (key, whole): (&str, Quantity)) -> Quantity {
    let mut silent = Quantity::ZERO;
    for found in world.of_line(key) {
        let Some(standing) = found.standing.as_deref() else { continue };
        match standing.fate {
            Fate::Absorbed if found.is_live() => return whole,
            Fate::Superseding => {
                let of_account = standing.theirs.iter().filter(|one| one.account == account);
                silent -= of_account.map(|one| one.quantity).sum();
            }
            Fate::Absorbed | Fate::Carried | Fate::Dropped => (),
        }
    }
    silent
}

/// Whether a balance falls below zero, lower than it was and lower than the snapshot has it.
fn falls_below(ours: StockRef<'_>, theirs: StockRef<'_>, moves: &[Posting]) -> bool {
    let days = [ours.days(), theirs.days()].into_iter().flatten();
    let mut days: Vec<Day> = days.map(|&day| Day(i32::from(day))).collect();
    days.extend(moves.iter().map(|posting| posting.day));
    days.sort_unstable();
    days.dedup();
    let (mut change, mut rest) = (Quantity::ZERO, moves);
    days.into_iter().filter(|day| moves[0].day <= *day).any(|day| {
        let n_now = rest.partition_point(|posting| posting.day <= day);
        change += rest[..n_now].iter().map(|posting| posting.quantity).sum();
        rest = &rest[n_now..];
        let after = ours.balance(day) + change;
        change < Quantity::ZERO && after < Quantity::ZERO && after < theirs.balance(day)
    })
}
