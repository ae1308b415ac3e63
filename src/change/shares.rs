//! Changes of shares: rows of allocation rules, and quantities that go from node to node.

use super::{
    Change, ChangeKind, Fault,
    apply::{ChangeFaults, Changer, Noted},
    column::{ChangeColumn, Value},
};
use crate::{
    model::{Day, Quantity, StockAccount},
    snapshot::{
        AllocationIx, ClassIx, Snapshot,
        allocation_rule::{AllocationKind, AllocationRule, Method, Share},
        allocations::Shift,
    },
};

/// Rows of a rule, with what each does.
type Rows = Vec<(AllocationKind, Share)>;

/// What a change wants moved from one node of an account to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The account.
    pub account: StockAccount,
    /// Whose share gets less.
    pub from: ClassIx,
    /// Whose share gets more.
    pub to: ClassIx,
    /// From when on.
    pub day: Day,
    /// How much; none for all that is unused.
    pub quantity: Option<Quantity>,
}

impl Move {
    /// What a change wants moved; none where it is of another kind.
    ///
    /// # Errors
    /// Its keys are unknown, or there are no nodes between which anything can be moved.
    pub fn of(snapshot: &Snapshot, change: &Change) -> Option<Result<Self, Vec<Fault>>> {
        if !change.kind().moves_shares() {
            return None;
        }
        let mut faults = ChangeFaults::default();
        let moved = read_move(snapshot, &mut faults, change);
        Some(moved.map_err(|Noted| faults.into_list()))
    }

    /// The change that moves a quantity from a day on between the same nodes.
    pub fn change(&self, snapshot: &Snapshot, day: Day, quantity: Quantity) -> Change {
        let (item, location) = snapshot.pair(self.account);
        let text = |name: &str| Value::Text(name.into());
        let class = |class| text(snapshot.classes.names.name(class));
        let mut cells = vec![
            (ChangeColumn::Item, text(snapshot.items.names.name(item))),
            (ChangeColumn::Location, text(snapshot.locations.names.name(location))),
            (ChangeColumn::Date, Value::Date(snapshot.epoch().date(day))),
            (ChangeColumn::Quantity, Value::Quantity(snapshot.items.shown(item, quantity))),
            (ChangeColumn::DemandClass, class(self.from)),
            (ChangeColumn::ToClass, class(self.to)),
        ];
        cells.sort_by_key(|(column, _)| *column);
        Change { kind: ChangeKind::ShareShifted, cells }
    }
}

fn read_move(
    snapshot: &Snapshot,
    faults: &mut ChangeFaults,
    change: &Change,
) -> Result<Move, Noted> {
    let classes = &snapshot.classes;
    let item = faults.need(&snapshot.items.names, change, ChangeColumn::Item, "item");
    let location =
        faults.need(&snapshot.locations.names, change, ChangeColumn::Location, "location");
    let from = faults.need(&classes.names, change, ChangeColumn::DemandClass, "demand class");
    let to = faults.may(&classes.names, change, ChangeColumn::ToClass, "demand class");
    let item = item?;
    let account = snapshot.stock(item, location?);
    if !snapshot.allocation_rule(account).is_some_and(AllocationRule::divides) {
        let expected = "an item and location whose supply an allocation rule divides among nodes";
        return Err(faults.cell(change, ChangeColumn::Item, expected));
    }
    let from: ClassIx = from?;
    let Some(to) = to?.or(classes.rows[from].parent) else {
        let expected = "a node with a parent, to which what it has can go; name another";
        return Err(faults.cell(change, ChangeColumn::DemandClass, expected));
    };
    if from == to {
        return Err(faults.cell(
            change,
            ChangeColumn::ToClass,
            "another node than the one that gives",
        ));
    }
    let date = change.date(ChangeColumn::Date).map(|date| snapshot.epoch().day(date));
    let day = date.unwrap_or(Day::ZERO).max(Day::ZERO);
    if snapshot.counted_until(account) <= day {
        let expected = "a date within the horizon, and before an infinite fence";
        return Err(faults.cell(change, ChangeColumn::Date, expected));
    }
    let quantity = change.quantity(ChangeColumn::Quantity);
    let quantity = quantity.map(|own| snapshot.items.keep(item, own));
    Ok(Move { account, from, to, day, quantity })
}

impl Changer {
    /// A quantity between two nodes; that the node has it is for the world to say, which knows promises.
    pub(super) fn share_moved(&mut self, change: &Change) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let Move { account, from, to, day, quantity } = read_move(snapshot, faults, change)?;
        let Some(quantity) = quantity else {
            let expected = "a world to be released in: what is unused, only promises tell";
            return Err(faults.note("change", change.kind().word(), expected));
        };
        self.snapshot.shift(account, Shift { day, from, to, quantity });
        self.touch(account.ix());
        Ok(())
    }

    pub(super) fn share(&mut self, change: &Change) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let names = &snapshot.allocation.names;
        let rule: Result<AllocationIx, _> =
            faults.need(names, change, ChangeColumn::Rule, "allocation rule");
        let classes = &snapshot.classes.names;
        let class: Result<ClassIx, _> =
            faults.need(classes, change, ChangeColumn::DemandClass, "demand class");
        let from: Day = self.day(change, ChangeColumn::EffectiveFrom).expect("a required column");
        let (rule, class) = (rule?, class?);
        let mut row = self.snapshot.allocation.rows[rule].clone();
        let mut rows = row.rows();
        if change.kind() == ChangeKind::ShareChanged {
            go_on_from(&mut rows, &row, from);
        }
        self.put_share(change, &mut rows, (class, from))?;
        let names = &self.snapshot.classes.names;
        rows.sort_by_key(|(_, share)| (share.from, names.name(share.class)));
        row.set_rows(&rows);
        self.snapshot.allocation.rows.replace(rule, row);
        self.shared.insert((rule, from), self.faults.at);
        self.shares_changed = true;
        Ok(())
    }

    /// Looks at the shares of each period once all changes are made: one node may get what another one gives,
    /// whichever stands first.
    pub(super) fn judge_shares(&mut self, changes: &[Change]) {
        for ((rule, from), at) in std::mem::take(&mut self.shared) {
            if let Some(sum) = self.snapshot.allocation.rows[rule].percent_beyond(from) {
                self.faults.at = at;
                let expected = format!("at most 100 percent in all from one date on, not {sum}");
                // It is noted; there is nothing to give up for it.
                let Noted = self.faults.cell(&changes[at], ChangeColumn::Value, &expected);
            }
        }
    }

    /// Changes, adds or removes the row of a node and date.
    fn put_share(
        &mut self,
        change: &Change,
        rows: &mut Rows,
        (class, from): (ClassIx, Day),
    ) -> Result<(), Noted> {
        let faults = &mut self.faults;
        let at = rows.iter().position(|(_, share)| share.class == class && share.from == from);
        if change.kind() == ChangeKind::ShareRemoved {
            let Some(at) = at else {
                let expected = "a date from which on the rule has a row for the class";
                return Err(faults.cell(change, ChangeColumn::EffectiveFrom, expected));
            };
            rows.remove(at);
            return Ok(());
        }
        let text = change.text(ChangeColumn::Value).unwrap_or_default();
        let value = Quantity::parse(text).ok().filter(|value| Quantity::ZERO <= *value);
        let Some(value) = value else {
            return Err(faults.cell(change, ChangeColumn::Value, "a number that is not negative"));
        };
        match at {
            Some(at) => rows[at].1.value = value,
            None => rows.push(row_like(rows, class, from, value)),
        }
        Ok(())
    }
}

/// Gives a rule rows from a date on, where it has none of that date: those that are in force then.
fn go_on_from(rows: &mut Rows, rule: &AllocationRule, from: Day) {
    if rows.iter().any(|(_, share)| share.from == from) {
        return;
    }
    let before = rows.iter().map(|(_, share)| share.from).filter(|&day| day < from).max();
    let shares = rule.shares_on(from).first().map(|share| share.from);
    let go_on: Rows = rows
        .iter()
        .filter(|(kind, share)| match kind {
            AllocationKind::Share => Some(share.from) == shares,
            // The period of a limit ends at the rule's next date: this one.
            AllocationKind::Protect | AllocationKind::Cap => Some(share.from) == before,
        })
        .map(|&(kind, share)| (kind, Share { from, ..share }))
        .collect();
    rows.extend(go_on);
}

/// A new row is of the kind and the method of the others of its date, or of the last of its rule.
fn row_like(rows: &Rows, class: ClassIx, from: Day, value: Quantity) -> (AllocationKind, Share) {
    let of_date = rows.iter().rfind(|(_, share)| share.from == from);
    let (kind, method) = of_date
        .or(rows.last())
        .map_or((AllocationKind::Share, Method::Percent), |(kind, share)| (*kind, share.method));
    (kind, Share { class, from, method, value })
}
