//! A promise that is forgotten becomes part of a row (`folded.rs`).

use super::{
    Reservation, Term, World,
    folded::{FoldedRow, N_WORDS},
    judged::{DateBasis, counts, due, judge, moved_by},
};
use crate::model::Index;

impl World {
    /// What is left of promises that are forgotten.
    pub fn folded(&self) -> impl Iterator<Item = &FoldedRow> {
        self.folded.iter()
    }

    /// Gives back a row of what was forgotten.
    pub fn restore_folded(&mut self, row: FoldedRow) {
        self.folded.add(row);
    }

    /// Keeps what a promise that is to be forgotten adds to figures.
    pub(super) fn fold(&mut self, number: u64) {
        let found = self.reservation(number).filter(|found| counts(found));
        let row = found.map(|found| row_of(self, found));
        row.into_iter().for_each(|row| self.folded.add(row));
    }
}

/// A promise as a row of its own.
fn row_of(world: &World, promise: &Reservation) -> FoldedRow {
    let snapshot = &world.snapshot;
    let judged = |basis: DateBasis| {
        let due = due(world, promise, basis);
        (snapshot.epoch().date(due), judge(world, promise, (basis, due), true))
    };
    let both = DateBasis::ALL.map(judged);
    FoldedRow {
        dates: both.map(|(date, _)| date),
        words: words(world, promise).map(|word| word.into_boxed_str()),
        sums: both.map(|(_, sums)| sums),
    }
}

fn words(world: &World, promise: &Reservation) -> [String; N_WORDS] {
    fn name<I: Index>(names: &crate::snapshot::Names<I>, index: Option<I>) -> String {
        index.map_or("", |index| names.name(index)).to_string()
    }
    let (snapshot, facts) = (&world.snapshot, &promise.facts);
    let customer = facts.customer.and_then(|customer| snapshot.customers.rows.get(customer));
    let leg = facts.legs.first();
    let term = |term: Term| facts.terms.text(term).unwrap_or_default().to_string();
    [
        name(&snapshot.items.names, Some(facts.item)),
        name(&snapshot.items.categories, snapshot.items.category(facts.item)),
        snapshot.items.brand(facts.item).to_string(),
        name(&snapshot.customers.names, facts.customer),
        customer.map(|row| row.country.to_string()).unwrap_or_default(),
        customer.map(|row| row.region.to_string()).unwrap_or_default(),
        name(&snapshot.zones.names, facts.zone),
        term(Term::Channel),
        term(Term::Seller),
        name(&snapshot.classes.names, facts.class),
        name(&snapshot.locations.names, leg.map(|leg| leg.location)),
        name(&snapshot.methods.names, leg.and_then(|leg| leg.method)),
        leg.map(|leg| leg.supply.to_string()).unwrap_or_default(),
        moved_by(world, promise).to_string(),
    ]
}
