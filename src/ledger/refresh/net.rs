//! Net change: planning data changes below the promises, one list of changes at a time (semantics 9).
//!
//! What a list means for promises is what it would mean in a snapshot that had it: a demand that is
//! created or changed absorbs the promise of its order line, one that is shipped or cancelled drops it,
//! and whoever counts on what is gone is at risk. Only what the list touches is looked at.

use super::{
    Lookup,
    decide::{LineGroup, decide},
    known::{Gone, Known},
    net_change::NetChange,
    risks::Risks,
    shipments, takeover,
    translate::Translation,
};
use crate::{
    change::{Change, Fault, select},
    ledger::{
        batch::Origin,
        entry::Also,
        reservation::Reservation,
        share_change::{self, Floor},
        world::World,
    },
    model::{AccountIx, patience::look},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The world with a list of changes but with the promises as they were, and what is to become of those.
///
/// # Errors
/// Every fault of the changes.
pub(in crate::ledger) fn net(
    world: &World,
    (changes, origin): (Arc<[Change]>, Origin),
    lookup: &mut Lookup,
) -> Result<(World, NetChange, Vec<Also>), Vec<Fault>> {
    match select::settled(&world.snapshot, &changes)? {
        None => net_of(world, (changes, origin), lookup),
        Some(settled) => {
            let changes = settled.changes.iter().cloned().collect();
            net_of(world, (changes, origin), lookup).map_err(|faults| settled.placed(faults))
        }
    }
}

/// The same of a list that names every supply.
fn net_of(
    world: &World,
    (changes, origin): (Arc<[Change]>, Origin),
    lookup: &mut Lookup,
) -> Result<(World, NetChange, Vec<Also>), Vec<Fault>> {
    let (changes, leaving) = shipments::shipments(world, changes);
    let changes = share_change::settled(world, changes, Floor::Binding)?;
    let changed = world.with_batch(Arc::clone(&changes), origin.clone())?;
    let mut next = changed.clone();
    let (left, also) = shipments::ship(&mut next, &leaving, origin.known_at);
    let before = judge(world, &mut next, &changes, lookup);
    let mut counted = shipments::count(&mut next, &changes, origin.known_at);
    for (account, gain) in takeover::added(&next.snapshot, &changes) {
        look();
        lookup.takers.keep_up(next.reservations());
        let numbers = lookup.takers.planning(account);
        let taken = takeover::take_over(&mut next, account, gain, &numbers);
        counted.extend(taken.iter().map(|one| one.promise));
    }
    let mut touched: BTreeSet<AccountIx> = changed
        .change_batches_since(world)
        .iter()
        .flat_map(|batch| batch.touched.iter().copied())
        .collect();
    for number in before.keys().chain(&counted).chain(left.keys()) {
        let both = [world.reservation(*number), next.reservation(*number)];
        let postings = both.into_iter().flatten().flat_map(|one| one.postings.iter());
        touched.extend(postings.map(|posting| posting.account));
    }
    let risky = before.values().filter(|before| before.at_risk).map(|before| before.number);
    let risks = Risks::of(&mut next, (touched, risky.collect()), &mut lookup.takers);
    let now = |number: &u64| next.reservation(*number).map(Arc::clone);
    let judged = before.keys().filter(|number| !left.contains_key(number)).filter_map(now);
    let judged = judged.filter(|after| world.reservation(after.number) != Some(after)).collect();
    let is_other = |number: &&u64| !before.contains_key(number) && !left.contains_key(number);
    let flagged = risks.flagged.union(&counted).filter(is_other);
    let flagged = flagged.filter_map(now).collect();
    let also = shipments::told(&next, &left, also);
    let Risks { short, eased, .. } = risks;
    Ok((changed, NetChange { changes, origin, judged, flagged, short, eased }, also))
}

/// Decides the promises of the order lines that changes are about; gives them as they were.
fn judge(
    world: &World,
    next: &mut World,
    changes: &[Change],
    lookup: &mut Lookup,
) -> BTreeMap<u64, Arc<Reservation>> {
    let members = members(next, changes);
    let to = Arc::clone(&next.snapshot);
    if members.is_empty() {
        // What is asked for first is built then; what is there is kept up.
        if let Some(known) = &mut lookup.known {
            known.changed(changes, &to, Gone::Forget);
        }
        return members;
    }
    let known = lookup.known.get_or_insert_with(|| Known::new(Arc::clone(&to)));
    known.changed(changes, &to, Gone::Forget);
    let translation = Translation { from: &world.snapshot, to: &to };
    let all = next.clone();
    for before in members.values() {
        look();
        let after = decide(before, &LineGroup::of(&all, before), &translation, known);
        let after = after.expect("a change leaves all names as they are");
        next.put(Arc::new(Reservation { at_risk: before.at_risk, ..after }));
    }
    members
}

/// The promises of the order lines that changes are about.
pub(super) fn members(world: &World, changes: &[Change]) -> BTreeMap<u64, Arc<Reservation>> {
    let lines: BTreeSet<&str> = changes.iter().filter_map(Change::order_line).collect();
    let members = lines.into_iter().flat_map(|line| world.of_line(line));
    members.map(|member| (member.number, Arc::clone(member))).collect()
}
