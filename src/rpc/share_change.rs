//! Changes of shares: from messages, and what they would do as a message.

use super::{
    allocated::answer,
    encode,
    fields::FieldReader,
    list::known,
    proto::{
        self,
        preview_allocation_response::{Affected, Available, affected},
        share_change as message,
    },
    status::Faults,
    text::Words,
};
use crate::{
    change::{Change, Fault},
    ledger::{World, reservation},
    promising::{
        patience::Patience,
        preview::{self, Effect, Preview},
    },
    snapshot::{ItemIx, LocationIx, Snapshot},
};

/// The changes that messages ask for, as the engine makes them; their faults are noted.
pub(super) fn read(
    world: &World,
    (item, location): (ItemIx, LocationIx),
    messages: &[proto::ShareChange],
    faults: &mut Faults,
) -> Vec<Change> {
    let place = Place { snapshot: &world.snapshot, item, location };
    let mut reader = FieldReader::root(faults);
    let changes = messages.iter().enumerate();
    changes.filter_map(|(at, one)| place.change(&mut reader.at("changes", at), one)).collect()
}

/// The word of a kind of change, and its cells.
type Row = (&'static str, Vec<(&'static str, String)>);

/// Where shares are changed.
struct Place<'a> {
    snapshot: &'a Snapshot,
    item: ItemIx,
    location: LocationIx,
}

impl Place<'_> {
    fn change(&self, reader: &mut FieldReader<'_>, one: &proto::ShareChange) -> Option<Change> {
        let row = match &one.change {
            Some(message::Change::Shift(shift)) => self.shift(&mut reader.within("shift"), shift),
            Some(message::Change::SetShare(share)) => {
                self.share(&mut reader.within("set_share"), share)?
            }
            Some(message::Change::Release(release)) => {
                self.release(&mut reader.within("release"), release)
            }
            None => {
                reader.fault("change", "is required: shift, set_share or release");
                return None;
            }
        };
        let (word, cells) = row;
        let cell = |name: &str| {
            let found = cells.iter().find(|(column, _)| *column == name);
            found.map(|(_, text)| text.as_str())
        };
        match Change::read(0, word, cell) {
            Ok(change) => Some(change),
            Err(found) => {
                for fault in found {
                    reader
                        .fault(fault.field, format!("{:?} is not {}", fault.value, fault.expected));
                }
                None
            }
        }
    }

    fn shift(&self, reader: &mut FieldReader<'_>, shift: &message::Shift) -> Row {
        let mut cells = self.cells();
        cells.push(("demand_class", self.class(reader, "from_class", &shift.from_class)));
        cells.push(("to_class", self.class(reader, "to_class", &shift.to_class)));
        cells.push(("quantity", reader.quantity("quantity", shift.quantity).to_string()));
        cells.extend(date(reader, &shift.date).map(|date| ("date", date)));
        ("share_shifted", cells)
    }

    fn release(&self, reader: &mut FieldReader<'_>, release: &message::Release) -> Row {
        let mut cells = self.cells();
        cells.push(("demand_class", self.class(reader, "demand_class", &release.demand_class)));
        if !release.to_class.is_empty() {
            cells.push(("to_class", self.class(reader, "to_class", &release.to_class)));
        }
        cells.extend(date(reader, &release.date).map(|date| ("date", date)));
        ("share_released", cells)
    }

    fn share(&self, reader: &mut FieldReader<'_>, share: &message::SetShare) -> Option<Row> {
        let account = self.snapshot.stock(self.item, self.location);
        let Some(rule) = self.snapshot.allocation_rule_ix(account) else {
            reader.fault("demand_class", "no allocation rule holds for the item at the location");
            return None;
        };
        let class = self.class(reader, "demand_class", &share.demand_class);
        let value = match share.value {
            0.0 => "0".to_string(),
            value => reader.quantity("value", value).to_string(),
        };
        let today = || self.snapshot.epoch().as_of().to_string();
        let cells = vec![
            ("rule", self.snapshot.allocation.names.name(rule).to_string()),
            ("demand_class", class),
            ("effective_from", date(reader, &share.date).unwrap_or_else(today)),
            ("value", value),
        ];
        Some(("share_changed", cells))
    }

    fn cells(&self) -> Vec<(&'static str, String)> {
        let words = Words::new(self.snapshot);
        let (item, location) = (words.item(self.item), words.location(self.location));
        vec![("item", item.to_string()), ("location", location.to_string())]
    }

    fn class(&self, reader: &mut FieldReader<'_>, field: &str, key: &str) -> String {
        if key.is_empty() {
            reader.fault(field, "is required");
        }
        known(reader, field, &self.snapshot.classes.names, key);
        key.to_string()
    }
}

fn date(reader: &mut FieldReader<'_>, text: &str) -> Option<String> {
    reader.date_or_none("date", text).map(|date| date.to_string())
}

/// Why changes are not made, in words.
pub(super) fn refused(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

/// What changes would do to an item at a location.
pub(super) fn previewed(
    world: &World,
    (item, location): (ItemIx, LocationIx),
    changes: &[Change],
    patience: &Patience,
) -> proto::PreviewAllocationResponse {
    let found = preview::preview_within(world, (item, location), changes, patience);
    let words = Words::new(&world.snapshot);
    let Preview { refused: faults, after, available, promises, not_looked_at, further_accounts } =
        found;
    let row = |row: &preview::Available| Available {
        demand_class: words.class(row.class).to_string(),
        from: words.date(row.day),
        before: encode::quantity(words.quantity(item, row.before)),
        after: encode::quantity(words.quantity(item, row.after)),
    };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    proto::PreviewAllocationResponse {
        refused: refused(&faults),
        before: Some(answer(world, item, location)),
        after: after.map(|after| answer(&after, item, location)),
        available: available.iter().map(row).collect(),
        promises: promises.iter().map(|found| affected(words, found)).collect(),
        promises_not_looked_at: count(not_looked_at),
        further_accounts: count(further_accounts),
        version: Some(encode::version(world, world.position)),
    }
}

fn affected(words: Words<'_>, found: &preview::Affected) -> Affected {
    let facts = &*found.reservation.facts;
    let ships = facts.legs.iter().map(|leg| leg.ship).max();
    let (effect, before, after) = match found.effect {
        Effect::AtRisk => (affected::Effect::AtRisk, None, None),
        Effect::Later { before, after } => (affected::Effect::Later, Some(before), after),
    };
    Affected {
        promise_id: reservation::id(found.reservation.number),
        order: facts.order.to_string(),
        line: facts.line.to_string(),
        demand_class: facts.class.map_or("", |class| words.class(class)).to_string(),
        quantity: encode::quantity(words.quantity(facts.item, found.reservation.quantity)),
        ship_date: words.date_or_empty(ships),
        effect: effect.into(),
        again_before: words.date_or_empty(before),
        again_after: words.date_or_empty(after),
    }
}
