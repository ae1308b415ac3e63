//! The reservation book: the only mutable truth.
//!
//! A [`Ledger`] holds postings and who they are for, and nothing else: it does not know why a posting
//! was made, or what a bill of material is; it never plans, journals or reads a clock. Everything that
//! changes it is an [`Entry`], in order, and replaying the entries rebuilds it exactly (L6).
//!
//! Every change goes the same way: a verb such as [`Ledger::admit`] or [`Ledger::cancel`] refuses, or
//! gives an [`Admitted`], which borrows the ledger so that nothing can slip in between, and whose
//! [`commit`](Admitted::commit) cannot fail. Start there.

pub mod batch;
mod leap;
mod marks;
mod note;
mod order_line;
mod orders;
pub mod positions;
pub mod rules;
mod sums;
pub mod folded;
pub mod standing;
pub mod terms;
mod uses;
pub mod view;
mod activation;
mod announced;
pub mod consumption;
pub mod digest;
pub mod effective;
pub mod entry;
mod fit;
mod footprint;
pub mod history;
pub mod overlay;
mod places;
pub mod planned;
pub mod refresh;
pub mod refusal;
pub mod reservation;
pub mod share_change;
pub mod told;
pub mod unforeseen;
pub mod world;
mod activating;
mod ahead;
pub mod audit;
mod beyond;
mod divided;
pub mod fork;
pub mod judged;
mod folding;
mod line;
mod looks;
mod release;
pub mod admit;
mod forget;
mod leaping;
mod rearrange;
mod replanned;
mod revert;
mod ruled;
mod shipped;
mod together;

pub use crate::model::trie;
pub use activation::Activation;
pub use admit::{Admission, Admitted, Draft, Proposal, ProposedLine, Start};
pub use ahead::Notes;
pub use batch::{ChangeBatch, Origin};
pub use entry::{Also, Entry, Fact, LineFault, Made, RequestStamp, SourcePosition, Stamp};
pub use footprint::Footprint;
pub use forget::Over;
pub use fork::{Fork, Lost};
pub use history::{MOVERS, Mover, Past};
pub use leap::Leap;
pub use line::Intent;
pub use marks::{Mark, Since};
pub use note::{Acknowledgement, Cursors, Note};
pub use planned::Planned;
pub use rearrange::{Exchange, Unfit};
pub use refusal::Refusal;
pub use reservation::{Reservation, State};
pub use revert::Undone;
pub use shipped::Shipment;
pub use terms::{Term, Terms};
pub use told::Told;
pub use view::View;
pub use world::World;

use crate::{
    change::Change,
    model::{AccountIx, Quantity},
};
use history::Noted;
use places::{hold_end, places_of};
use planned::Begun;
use reservation::Step;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The live world and what the writer needs beside it.
#[derive(Clone, Debug)]
pub struct Ledger {
    world: World,
    /// Holds by the instant on which they end; or by an earlier one, where what was worked out beside
    /// has moved them.
    due: BTreeSet<(i64, u64)>,
    /// What net change looks up.
    lookup: refresh::Lookup,
    /// What is still to be said of promises that an entry changed which was worked out beside.
    late: footprint::Late,
    /// How many promises it has put in their places itself, or looked at for that.
    work: u64,
    /// How many have changed since somebody noted who takes from what.
    ahead: u64,
}

impl Ledger {
    /// A ledger that goes on from a world.
    pub fn new(world: World) -> Self {
        let due = holds(&world);
        Self { due, ..Self::aside(world) }
    }

    /// How many promises this ledger has put in their places itself, or looked at for that: what took time on the
    /// thread that owns it.
    pub fn work(&self) -> u64 {
        self.work + self.lookup.noted()
    }

    /// The world as it is now. A clone of it is a pinned instant.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The instant on which the next hold ends, in microseconds since 1970 UTC.
    pub fn next_due(&self) -> Option<i64> {
        self.due.first().map(|(until, _)| *until)
    }

    /// How many holds are noted to end: no fewer than there are.
    pub fn n_due(&self) -> usize {
        self.due.len()
    }

    /// Applies an entry: the one that was just admitted, or one that is replayed.
    ///
    /// # Panics
    /// If it does not follow on the last one (L3), or a reservation would leave its legal edges (L5):
    /// then the journal is not this ledger's.
    pub fn apply(&mut self, entry: &Entry) {
        let loose = self.apply_over(entry, None);
        self.close(entry, loose);
    }

    /// Applies what an entry says, where the live world with the changes of planning data may be there already.
    /// Gives what that leaves to be settled.
    fn apply_over(&mut self, entry: &Entry, changed: Option<World>) -> Loose {
        assert!(entry.follows(self.world.position), "L3: positions are dense");
        let is_swap = matches!(entry.fact, Fact::Activated(_));
        assert!(!is_swap, "another snapshot comes by `take_over`");
        let is_rearranged = matches!(entry.fact, Fact::Rearranged { .. } | Fact::Reverted { .. });
        let weighs = is_rearranged || self.may_leave_short(entry);
        let (mut freed, mut touched) = (BTreeSet::new(), BTreeSet::new());
        let mut orphans = Vec::new();
        if let Fact::Reverted { changes, .. } = &entry.fact {
            let undo = || self.world.without_changes(changes);
            let world = changed.map_or_else(undo, |world| Ok(Some(world)));
            let world = world.ok().flatten().expect("they were undone when it was written");
            touched.extend(self.world.ever_touched());
            freed.extend(touched.iter().copied());
            self.lookup.forget_snapshot();
            self.world = world;
        } else if let Some((changes, origin)) = entry.fact.changes() {
            let make = || self.world.with_lists(Arc::clone(changes), origin.clone());
            let changed = changed.map_or_else(make, Ok);
            let changed = changed.expect("the changes were made when the entry was written");
            touched.extend(changed.touched_since(&self.world));
            if is_rearranged {
                freed.extend(touched.iter().copied());
                self.lookup.forget_snapshot();
            }
            self.world = changed;
        }
        self.world.instant = Since { at: entry.stamp.at, position: entry.position };
        self.world.heed(entry);
        if let Fact::Leapt(leap) = &entry.fact {
            self.move_holds(*leap);
        }
        for (step, after) in entry.steps() {
            self.work += 1;
            self.ahead += 1;
            let before = self.world.reservation(after.number).cloned();
            let step = step.map(|step| as_told(step, before.as_deref(), after));
            check_edge(step, before.as_deref(), after);
            if let Some(until) = before.as_deref().and_then(hold_end) {
                self.due.remove(&(until, after.number));
            }
            if let Some(until) = hold_end(after) {
                self.due.insert((until, after.number));
            }
            // What the source says of its order is no step in the life of the promise.
            let (at, position, by) = (entry.stamp.at, entry.position, entry.stamp.by.clone());
            let mover = entry.fact.mover();
            match (&before, by) {
                (Some(before), by) if step.is_some() => {
                    self.world.note(before, after, Noted { step, at, position, by, mover });
                }
                (None, Some(by)) => self.world.note_made(after, by),
                (Some(_) | None, _) => (),
            }
            if weighs {
                freed.extend(before.iter().chain([after]).flat_map(|one| places_of(one)));
            }
            touched.extend(given_to(before.as_deref(), after));
            orphans.extend(before.filter(|before| leaves_its_row(before, after)));
            self.world.put(Arc::clone(after));
        }
        if matches!(entry.fact, Fact::Ruled { .. }) {
            touched.extend(self.world.spare.accounts());
        }
        Loose { freed, weighs, touched, orphans }
    }

    /// Whether an entry may leave somebody short, or no more: what ships leaves whether it was there or not, and where a
    /// promise ends its source's own demand of the line counts again as it stands.
    fn may_leave_short(&self, entry: &Entry) -> bool {
        let brings_row = |after: &Reservation| {
            let before = self.world.reservation(after.number);
            before.is_some_and(|before| leaves_its_row(before, after))
        };
        // Under the first rules nobody looked.
        let is_looked_at = self.world.rules() != rules::RULES_FIRST;
        let weighs = |step, after: &Reservation| {
            step == Some(Step::Fulfil) || (is_looked_at && brings_row(after))
        };
        entry.steps().any(|(step, after)| weighs(step, after))
    }

    /// Ends an entry of which all is settled.
    fn close(&mut self, entry: &Entry, loose: Loose) {
        // What one gave up may be what another one lacked.
        if !loose.freed.is_empty() {
            refresh::reassess(&mut self.world, loose.freed, &mut self.lookup);
        }
        self.world.position = entry.position;
    }

    /// Lets the source's own demand of a line stay silent for those of its promises that go on, and withdraws
    /// planned supply that nobody counts on any more; gives the reservations that this changed. A replay
    /// reads them in the entry.
    fn settle(&mut self, loose: &mut Loose) -> Vec<Arc<Reservation>> {
        let mut touched = std::mem::take(&mut loose.touched);
        let before = self.world.clone();
        let mut changed = BTreeMap::new();
        for orphan in std::mem::take(&mut loose.orphans) {
            if let Some(heir) = self.world.heir_of(&orphan) {
                touched.extend(heir.postings.iter().map(|posting| posting.account));
                self.world.put(Arc::clone(&heir));
                changed.insert(heir.number, heir);
            }
        }
        let looked_at = touched.clone();
        changed.extend(self.world.withdraw(touched, Begun::Stays));
        self.work += self.world.spare.on(&looked_at).len() as u64;
        let idle = planned::idle_on(&self.world, &looked_at);
        assert!(idle.is_empty(), "L7: nobody counts on {}", idle[0].in_words(&self.world));
        if loose.weighs {
            // As a replay does, which finds them in the entry.
            for after in changed.values() {
                let before = before.reservation(after.number);
                loose
                    .freed
                    .extend(before.into_iter().chain([after]).flat_map(|one| places_of(one)));
            }
        }
        changed.into_values().collect()
    }

    /// A ledger of a world of one's own, such as a scenario: it ends no holds.
    pub fn aside(world: World) -> Self {
        let (due, lookup, late) =
            (BTreeSet::new(), refresh::Lookup::default(), footprint::Late::default());
        let ahead = world.n_reservations() as u64;
        Self { world, due, lookup, late, work: 0, ahead }
    }

    /// The world, when there is no more to be done to it.
    pub fn into_world(self) -> World {
        self.world
    }

    fn replace(&mut self, mut world: World, generation: u64, instant: Since) {
        world.serves_from(instant);
        let (rules, seen) = (self.world.rules, Arc::clone(&self.world.seen));
        world.folded = self.world.folded.clone();
        let positions = Arc::clone(&self.world.positions);
        (world.cursors, world.served) =
            (Arc::clone(&self.world.cursors), Arc::clone(&self.world.served));
        world.restore_served(self.world.snapshot.id().into());
        self.world = world.of_ledger(self.world.ledger());
        (self.world.rules, self.world.seen) = (rules, seen);
        self.world.positions = positions;
        self.world.generation = generation;
    }
}

/// What a rearrangement says of one promise: where it ships or comes back by that, it is that step of its life.
fn as_told(step: Step, before: Option<&Reservation>, after: &Reservation) -> Step {
    match (step, before.map(|before| before.state), after.state) {
        (Step::Amend, Some(State::Confirmed) | None, State::Fulfilled) => Step::Fulfil,
        (Step::Amend, Some(State::Fulfilled), State::Confirmed) => Step::Reopen,
        (step, _, _) => step,
    }
}

/// Asserts that a step is legal where a reservation stands (L5).
fn check_edge(step: Option<Step>, before: Option<&Reservation>, after: &Reservation) {
    match (before, step) {
        (Some(before), Some(step)) => {
            assert!(before.state.allows(step), "L5: {} is {}", after.id(), before.state);
        }
        (Some(before), None) => {
            assert_eq!(before.state, after.state, "L5: {} takes no step", after.id());
        }
        // What ships of a promise in part is a promise of its own.
        (None, Some(Step::Fulfil)) => (),
        (None, _) => assert!(!after.state.is_final(), "L5: {} begins at its end", after.id()),
    }
}

/// What an entry leaves to be settled.
struct Loose {
    /// The accounts on which promises may be at risk now, or no more.
    freed: BTreeSet<AccountIx>,
    /// Whether what changes beside it is looked at for that, too.
    weighs: bool,
    /// The accounts that something was given to: planned supply may be spare there now.
    touched: BTreeSet<AccountIx>,
    /// Promises as they were that ended, and for which their source's own demand was silent.
    orphans: Vec<Arc<Reservation>>,
}

/// Whether a promise ends for which its source's own demand does not count.
fn leaves_its_row(before: &Reservation, after: &Reservation) -> bool {
    !before.theirs().is_empty() && after.theirs().is_empty() && after.state.is_final()
}

/// The accounts that are given something where a reservation takes the place of another one: what that took,
/// and what this gives.
fn given_to<'a>(
    before: Option<&'a Reservation>,
    after: &'a Reservation,
) -> impl Iterator<Item = AccountIx> {
    let gives = after.postings.iter().filter(|posting| Quantity::ZERO < posting.quantity);
    // What a demand took that stood behind it is the snapshot's own from now on.
    let took = before.into_iter().flat_map(|before| before.postings.iter().chain(before.theirs()));
    took.chain(gives).map(|posting| posting.account)
}

/// The holds of a world by the instant on which they end.
fn holds(world: &World) -> BTreeSet<(i64, u64)> {
    let until = |found: &Arc<Reservation>| Some((hold_end(found)?, found.number));
    world.reservations_from(0).filter_map(until).collect()
}

impl Fact {
    /// The changes of planning data that it makes.
    fn changes(&self) -> Option<(&Arc<[Change]>, &Origin)> {
        match self {
            Self::Rearranged { changes, .. } => Some((changes, &Origin::PLANNING)),
            Self::Changed(changed) => Some((&changed.changes, &changed.origin)),
            Self::Promised { .. }
            | Self::Confirmed { .. }
            | Self::PartlyReleased { .. }
            | Self::Released { .. }
            | Self::Amended { .. }
            | Self::Fulfilled { .. }
            | Self::Activated(_)
            | Self::Expired { .. }
            | Self::Leapt(_)
            | Self::Stepped { .. }
            | Self::Unchanged { .. }
            | Self::Answered
            | Self::Reverted { .. }
            | Self::Noted { .. }
            | Self::Acknowledged(_)
            | Self::Ruled { .. }
            | Self::Forgotten { .. } => None,
        }
    }
}
