//! Parts of a checkpoint of which there may be many: reservations, and what they have been through.
//!
//! They depend on nothing but the snapshot, so they are decoded on all cores.

use super::{
    Malformed,
    codec::opened,
    past::{read_past, read_past_of_nobody, read_past_unmoved},
    reservation::read_reservation,
};
use crate::{
    ledger::{Past, Reservation, World},
    snapshot::Snapshot,
};
use rayon::prelude::*;
use std::sync::Arc;

pub(super) const RESERVATIONS: u8 = 2;
pub(super) const HISTORIES: u8 = 26;
const HISTORIES_OF_NOBODY: u8 = 3;
const HISTORIES_UNMOVED: u8 = 23;

/// Parts that are decoded together.
const PARTS_AT_ONCE: usize = 32;

/// What a part has of which there may be much.
enum Section {
    Reservations(Vec<Arc<Reservation>>),
    Histories(Vec<(u64, Arc<[Past]>)>),
}

/// Whether a part is one of many of its kind, which depend on nothing but the snapshot.
pub(super) fn is_divided(bytes: &[u8]) -> bool {
    let kinds = [RESERVATIONS, HISTORIES, HISTORIES_UNMOVED, HISTORIES_OF_NOBODY];
    bytes.get(1).is_some_and(|kind| kinds.contains(kind))
}

/// Parts of which there may be many: they are decoded on all cores while a world is given back those before them.
#[derive(Default)]
pub(super) struct Parts {
    waiting: Vec<Vec<u8>>,
    decoded: Vec<Result<Section, Malformed>>,
}

impl Parts {
    /// Takes the next part; some are given back.
    pub(super) fn push(
        &mut self,
        world: &mut World,
        part: &[u8],
        snapshot: &Snapshot,
    ) -> Result<(), Malformed> {
        self.waiting.push(part.to_vec());
        if self.waiting.len() < PARTS_AT_ONCE { Ok(()) } else { self.step(world, snapshot) }
    }

    /// Gives a world back all that there is.
    pub(super) fn end(&mut self, world: &mut World, snapshot: &Snapshot) -> Result<(), Malformed> {
        self.step(world, snapshot)?;
        self.step(world, snapshot)
    }

    fn step(&mut self, world: &mut World, snapshot: &Snapshot) -> Result<(), Malformed> {
        let (waiting, decoded) =
            (std::mem::take(&mut self.waiting), std::mem::take(&mut self.decoded));
        let decode = || waiting.par_iter().map(|bytes| section(bytes, snapshot)).collect();
        let give_back =
            || decoded.into_iter().try_for_each(|part| part.map(|part| give_back(world, part)));
        let (decoded, given_back) = rayon::join(decode, give_back);
        self.decoded = decoded;
        given_back
    }
}

fn give_back(world: &mut World, section: Section) {
    match section {
        Section::Reservations(all) => all.into_iter().for_each(|one| world.restore(one)),
        Section::Histories(all) => {
            all.into_iter().for_each(|(number, steps)| world.restore_history(number, steps));
        }
    }
}

/// A part of which there may be many.
fn section(bytes: &[u8], snapshot: &Snapshot) -> Result<Section, Malformed> {
    let mut reader = opened(bytes)?;
    let section = match reader.tag()? {
        RESERVATIONS => {
            Section::Reservations(reader.list(|reader| read_reservation(reader, snapshot))?)
        }
        kind @ (HISTORIES | HISTORIES_UNMOVED | HISTORIES_OF_NOBODY) => {
            let read = match kind {
                HISTORIES => read_past,
                HISTORIES_UNMOVED => read_past_unmoved,
                _ => read_past_of_nobody,
            };
            Section::Histories(reader.list(|reader| {
                let number = reader.unsigned()?;
                let steps = reader.list(|reader| read(reader, snapshot))?;
                Ok((number, steps.into()))
            })?)
        }
        _ => return Err(reader.invalid("kind of section")),
    };
    reader.end()?;
    Ok(section)
}
