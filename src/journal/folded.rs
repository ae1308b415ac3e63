//! Rows of what is forgotten, as bytes.

use super::{
    error::Malformed,
    noted::read_date,
    wire::{EntryReader, EntryWriter},
};
use crate::ledger::{
    folded::{FoldedRow, N_WORDS},
    judged::{Judged, N_SUMS},
};

pub(super) fn write_folded(writer: &mut EntryWriter, row: &FoldedRow) {
    row.dates.iter().for_each(|date| writer.text(&date.to_string()));
    writer.count(row.words.len());
    row.words.iter().for_each(|word| writer.text(word));
    writer.count(N_SUMS);
    row.sums.iter().flat_map(|sums| sums.0).for_each(|sum| writer.signed(sum));
}

/// A row; words and sums that a later version added are left out, those that it lacks are empty.
pub(super) fn read_folded(reader: &mut EntryReader<'_>) -> Result<FoldedRow, Malformed> {
    let dates = [read_date(reader)?, read_date(reader)?, read_date(reader)?];
    let mut words: [Box<str>; N_WORDS] = Default::default();
    for at in 0..reader.count()? {
        let word = reader.text()?;
        if let Some(place) = words.get_mut(at) {
            *place = word.into();
        }
    }
    let n_sums = reader.count()?;
    let mut sums = [Judged::default(); 3];
    for judged in &mut sums {
        for at in 0..n_sums {
            let sum = reader.signed()?;
            if let Some(place) = judged.0.get_mut(at) {
                *place = sum;
            }
        }
    }
    Ok(FoldedRow { dates, words, sums })
}
