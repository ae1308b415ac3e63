//! What is forgotten, in figures: rows of lines that have their dates and words in common.

use super::{DateBasis, Dimension, asked::FiguresQuery, dimension::DimensionCodes, groups::Key};
use crate::{
    backlog::{
        attribute::Attribute,
        filter::{Common, Filter},
    },
    ledger::{
        World,
        folded::{FoldedRow, Word},
        judged::Judged,
    },
};

/// The rows that are asked for: their group, and what they add.
pub(super) fn rows<'a>(
    world: &'a World,
    asked: &'a FiguresQuery,
    codes: &'a DimensionCodes<'_>,
) -> impl Iterator<Item = (Key, &'a Judged)> {
    let basis = asked.basis as usize;
    let epoch = world.snapshot.epoch();
    let wanted =
        move |row: &&FoldedRow| asked.spans(row.dates[basis]) && fits(world, &asked.filter, row);
    let of = move |row: &'a FoldedRow| {
        let mut dimensions = [0; 3];
        for (code, of) in dimensions.iter_mut().zip(&asked.group_by) {
            *code = match word(*of) {
                Some(word) => codes.of_word(world, *of, row.word(word)),
                // What is forgotten has shipped, and nothing limits it any more.
                None if *of == Dimension::State => 3,
                None => 0,
            };
        }
        let period = asked.bucket.map_or(0, |bucket| bucket.first_of(row.dates[basis], epoch));
        ((dimensions, period), &row.sums[basis])
    };
    world.folded().filter(wanted).map(of)
}

fn word(of: Dimension) -> Option<Word> {
    Some(match of {
        Dimension::Item => Word::Item,
        Dimension::Category => Word::Category,
        Dimension::Brand => Word::Brand,
        Dimension::Customer => Word::Customer,
        Dimension::Country => Word::Country,
        Dimension::Region => Word::Region,
        Dimension::Zone => Word::Zone,
        Dimension::Channel => Word::Channel,
        Dimension::Seller => Word::Seller,
        Dimension::Class => Word::Class,
        Dimension::Location => Word::Location,
        Dimension::Method => Word::Method,
        Dimension::Supply => Word::Supply,
        Dimension::MovedBy => Word::MovedBy,
        Dimension::State | Dimension::Limiting => return None,
    })
}

/// Whether the lines of a row are among those that a filter names. One that asks what single orders have finds none.
fn fits(world: &World, filter: &Filter, row: &FoldedRow) -> bool {
    let snapshot = &world.snapshot;
    let word = |of: Word| Common::Word(row.word(of));
    let date = |basis: DateBasis| Common::Date(row.dates[basis as usize]);
    filter.fits_common(snapshot, |attribute| {
        Some(match attribute {
            Attribute::Customer => word(Word::Customer),
            Attribute::Class => word(Word::Class),
            Attribute::Zone => word(Word::Zone),
            Attribute::Item => word(Word::Item),
            Attribute::Category => word(Word::Category),
            Attribute::Location => word(Word::Location),
            Attribute::Channel => word(Word::Channel),
            Attribute::Seller => word(Word::Seller),
            Attribute::RequestedDate => date(DateBasis::Request),
            Attribute::ShipDate => date(DateBasis::LastPromise),
            // What is forgotten has shipped.
            Attribute::State => Common::Word("fulfilled"),
            Attribute::AtRisk => Common::Word("false"),
            Attribute::Order
            | Attribute::Line
            | Attribute::Priority
            | Attribute::Quantity
            | Attribute::Promised
            | Attribute::Value
            | Attribute::Profit
            | Attribute::DaysLate
            | Attribute::Age
            | Attribute::CreatedAt => return None,
        })
    })
}
