//! Activations as bytes: names only, so they are read without any snapshot.

use super::{
    error::Malformed,
    wire::{EntryReader, EntryWriter},
};
use crate::{
    ledger::{Activation, refresh::Counts, reservation::Force},
    snapshot::Adopted,
};
use std::collections::BTreeSet;

pub(super) fn write(writer: &mut EntryWriter, activation: &Activation) {
    writer.text(&activation.snapshot_id);
    writer.unsigned(activation.generation);
    writer.option(activation.force.as_ref(), |writer, force| {
        writer.text(&force.by);
        writer.text(&force.why);
    });
    write_adopted(writer, &activation.adopted);
    writer.count(activation.at_risk.len());
    activation.at_risk.iter().for_each(|number| writer.unsigned(*number));
    let Counts { absorbed, carried, dropped, at_risk } = activation.counts;
    [absorbed, carried, dropped, at_risk].into_iter().for_each(|count| writer.unsigned(count));
}

pub(super) fn read(reader: &mut EntryReader<'_>) -> Result<Activation, Malformed> {
    Ok(Activation {
        snapshot_id: reader.text()?.into(),
        sum: None,
        generation: reader.unsigned()?,
        force: reader
            .option(|reader| Ok(Force { by: reader.text()?.into(), why: reader.text()?.into() }))?,
        adopted: read_adopted(reader)?,
        at_risk: reader.list(EntryReader::unsigned)?,
        counts: Counts {
            absorbed: reader.unsigned()?,
            carried: reader.unsigned()?,
            dropped: reader.unsigned()?,
            at_risk: reader.unsigned()?,
        },
    })
}

/// Names that a snapshot adopted.
pub(super) fn write_adopted(writer: &mut EntryWriter, adopted: &Adopted) {
    let sets = [
        &adopted.items,
        &adopted.locations,
        &adopted.customers,
        &adopted.zones,
        &adopted.classes,
        &adopted.methods,
        &adopted.houses,
    ];
    for set in sets {
        writer.count(set.len());
        set.iter().for_each(|name| writer.text(name));
    }
    writer.count(adopted.resources.len());
    for (name, location) in &adopted.resources {
        writer.text(name);
        writer.text(location);
    }
    writer.count(adopted.offers.len());
    for (supplier, item) in &adopted.offers {
        writer.text(supplier);
        writer.text(item);
    }
}

/// What [`write_adopted`] wrote.
pub(super) fn read_adopted(reader: &mut EntryReader<'_>) -> Result<Adopted, Malformed> {
    let name = |reader: &mut EntryReader<'_>| Ok(reader.text()?.into());
    let pair = |reader: &mut EntryReader<'_>| Ok((reader.text()?.into(), reader.text()?.into()));
    let names = |reader: &mut EntryReader<'_>| -> Result<BTreeSet<Box<str>>, Malformed> {
        Ok(reader.list(name)?.into_iter().collect())
    };
    Ok(Adopted {
        items: names(reader)?,
        locations: names(reader)?,
        customers: names(reader)?,
        zones: names(reader)?,
        classes: names(reader)?,
        methods: names(reader)?,
        houses: names(reader)?,
        resources: reader.list(pair)?.into_iter().collect(),
        offers: reader.list(pair)?.into_iter().collect(),
    })
}
