//! Units of measure: how many of an item's own unit one of another is (semantics 12.2, *Units*).
//!
//! Conversions go over several steps, each row both ways. An item's own rows come before those of all items, which join only
//! units that its own rows do not reach. Ratios are exact: a row that is the inverse of another, rounded to six decimals, is
//! its inverse.

use super::ItemIx;
use crate::model::{Quantity, Ratio};
use std::{collections::BTreeMap, sync::Arc};

/// A conversion between units of measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// One of these ...
    pub from: Box<str>,
    /// ... is `factor` of those.
    pub to: Box<str>,
    /// See `to`.
    pub factor: Quantity,
    /// The row that says so, from 1.
    pub row: u64,
}

/// All conversions.
#[derive(Clone, Debug, Default)]
pub struct Units {
    general: Arc<Vec<Conversion>>,
    of_items: Arc<BTreeMap<ItemIx, Vec<Conversion>>>,
}

/// Two ways from one unit to another that do not say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The row that comes first.
    pub first: u64,
    /// The one that says something else.
    pub second: u64,
}

/// Units reached from one, each with how many of that one it is, and the row that told.
type Reached<'a> = BTreeMap<&'a str, (Ratio, u64)>;

impl Units {
    /// Adds a row; false if there is one of the same item and units already.
    pub fn add(&mut self, item: Option<ItemIx>, conversion: Conversion) -> bool {
        let rows = match item {
            Some(item) => Arc::make_mut(&mut self.of_items).entry(item).or_default(),
            None => Arc::make_mut(&mut self.general),
        };
        let is_same =
            |other: &Conversion| (&other.from, &other.to) == (&conversion.from, &conversion.to);
        let is_new = !rows.iter().any(is_same);
        if is_new {
            rows.push(conversion);
        }
        is_new
    }

    /// The items that have rows of their own.
    pub fn items(&self) -> impl Iterator<Item = ItemIx> {
        self.of_items.keys().copied()
    }

    fn own(&self, item: ItemIx) -> &[Conversion] {
        self.of_items.get(&item).map_or(&[], |rows| rows)
    }

    /// How many of an item's own unit one of another is; none if nothing converts it.
    pub fn ratio(&self, item: ItemIx, own: &str, other: &str) -> Option<Ratio> {
        let (reached, _) = self.reached(self.own(item), own);
        reached.get(other).map(|(ratio, _)| *ratio)
    }

    /// Where two ways to an item's own unit do not say the same.
    pub fn disagreement(&self, item: ItemIx, own: &str) -> Option<Disagreement> {
        self.reached(self.own(item), own).1
    }

    /// The same of an item that has no rows of its own.
    pub fn general_disagreement(&self, own: &str) -> Option<Disagreement> {
        self.reached(&[], own).1
    }

    /// The stocking unit of an item that has this unit of its own, and how many of those one of its own is: its own,
    /// if every unit reached is exact to the micro-unit in it, else the coarsest in which all are (semantics 12.2).
    ///
    /// # Errors
    /// No unit carries all: the two rows that tell of units of which neither carries the other.
    pub fn stocking<'a>(
        &'a self,
        item: Option<ItemIx>,
        own: &'a str,
    ) -> Result<(&'a str, Ratio), Disagreement> {
        let rows = item.map_or(&[][..], |item| self.own(item));
        let (reached, _) = self.reached(rows, own);
        let in_unit = |unit: Ratio| {
            let each = move |(ratio, row): &(Ratio, u64)| (ratio.then(unit.inverse()), *row);
            reached.values().map(each)
        };
        let carries = |unit: Ratio| {
            let mut all = in_unit(unit);
            all.all(|(ratio, _)| ratio.is_some_and(Ratio::is_exact))
        };
        if carries(Ratio::ONE) {
            return Ok((own, Ratio::ONE));
        }
        let able = reached.iter().filter(|(_, (unit, _))| carries(*unit));
        let coarsest = able.max_by(|(_, (a, _)), (_, (b, _))| a.compare(*b));
        if let Some((name, (unit, _))) = coarsest {
            return Ok((name, unit.inverse()));
        }
        // The finest of all, and the first that it does not carry.
        let finest = reached.values().min_by(|(a, _), (b, _)| a.compare(*b)).expect("its own");
        let lost = in_unit(finest.0).find(|(ratio, _)| !ratio.is_some_and(Ratio::is_exact));
        let lost = lost.map_or(finest.1, |(_, row)| row);
        // No row tells of its own unit: then it is another one that leads to it.
        let others = reached.values().map(|(_, row)| *row).filter(|row| *row != 0);
        let other = |known: u64| others.clone().filter(|row| *row != known).min().unwrap_or(known);
        let (a, b) = match (finest.1, lost) {
            (0, row) | (row, 0) => (row, other(row)),
            both => both,
        };
        Err(Disagreement { first: a.min(b), second: a.max(b) })
    }

    fn reached<'a>(
        &'a self,
        rows: &'a [Conversion],
        own: &'a str,
    ) -> (Reached<'a>, Option<Disagreement>) {
        let mut reached = Reached::from([(own, (Ratio::ONE, 0))]);
        let of_item = spread(&mut reached, rows, |_| false);
        let by_item: Vec<&str> = reached.keys().copied().collect();
        let are_known = |row: &Conversion| {
            let is_known = |unit: &str| by_item.contains(&unit);
            1 < by_item.len() && is_known(&row.from) && is_known(&row.to)
        };
        let general = spread(&mut reached, &self.general, are_known);
        (reached, of_item.or(general))
    }

    /// Rows whose factor is one part of a whole number, cut to six decimals, where nothing says it exactly: with the number.
    pub fn cut_parts(&self) -> Vec<(u64, Quantity)> {
        let all = self.of_items.values().chain(std::iter::once(&*self.general));
        let of_rows = |rows: &Vec<Conversion>| -> Vec<(u64, Quantity)> {
            let cut = rows.iter().filter(|row| reverse(rows, row).is_none());
            cut.filter_map(|row| Some((row.row, part_of(row.factor)?))).collect()
        };
        all.flat_map(of_rows).collect()
    }
}

/// Follows rows from what is reached until they lead nowhere new; tells the first two that do not agree.
fn spread<'a>(
    reached: &mut Reached<'a>,
    rows: &'a [Conversion],
    is_left_out: impl Fn(&Conversion) -> bool,
) -> Option<Disagreement> {
    let rows: Vec<(&Conversion, Option<Ratio>)> = rows
        .iter()
        .filter(|row| !is_left_out(row))
        .map(|row| (row, exactly(row, reverse(rows, row))))
        .collect();
    loop {
        let n_before = reached.len();
        for (row, ratio) in &rows {
            let (from, to) = (reached.get(&*row.from).copied(), reached.get(&*row.to).copied());
            let found = match (from, to, ratio) {
                (None, Some((own, _)), Some(ratio)) => ratio.then(own).map(|own| (&*row.from, own)),
                (Some((own, _)), None, Some(ratio)) => {
                    ratio.inverse().then(own).map(|own| (&*row.to, own))
                }
                (None | Some(_), None | Some(_), _) => None,
            };
            reached.extend(found.map(|(unit, own)| (unit, (own, row.row))));
        }
        if reached.len() == n_before {
            break;
        }
    }
    rows.iter().find_map(|(row, ratio)| {
        let ((from, by_from), (to, by_to)) = (*reached.get(&*row.from)?, *reached.get(&*row.to)?);
        let differs = ratio.and_then(|ratio| ratio.then(to)) != Some(from);
        let first = if by_from == row.row { by_to } else { by_from.max(by_to) };
        differs.then(|| Disagreement { first: first.min(row.row), second: first.max(row.row) })
    })
}

/// The row the other way round.
fn reverse<'a>(rows: &'a [Conversion], row: &Conversion) -> Option<&'a Conversion> {
    rows.iter().find(|other| (&other.from, &other.to) == (&row.to, &row.from))
}

/// What a row says, where the row the other way round may say it more exactly.
fn exactly(row: &Conversion, reverse: Option<&Conversion>) -> Option<Ratio> {
    let is_cut = |reverse: &&Conversion| {
        rounded_inverse(reverse.factor) == row.factor && row.factor < reverse.factor
    };
    match reverse.filter(is_cut) {
        Some(reverse) => Some(Ratio::of(reverse.factor).inverse()),
        None => Some(Ratio::of(row.factor)),
    }
}

/// One part of so many, rounded to six decimals.
fn rounded_inverse(factor: Quantity) -> Quantity {
    let one = i128::from(Quantity::ONE.raw()) * i128::from(Quantity::ONE.raw());
    let factor = i128::from(factor.raw());
    let rounded = (one + factor / 2) / factor;
    i64::try_from(rounded).map_or(Quantity::ZERO, Quantity::micros)
}

/// The whole number of which a factor is one part, but cut to six decimals.
fn part_of(factor: Quantity) -> Option<Quantity> {
    if Quantity::ONE <= factor {
        return None;
    }
    let whole = rounded_inverse(factor).raw() + Quantity::ONE.raw() / 2;
    let whole = Quantity::micros(whole - whole % Quantity::ONE.raw());
    let is_exact = i128::from(whole.raw()) * i128::from(factor.raw())
        == i128::from(Quantity::ONE.raw()) * i128::from(Quantity::ONE.raw());
    (!is_exact && rounded_inverse(whole) == factor).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Index;

    const ITEM: usize = 0;

    /// Rows such as `BOX EA 12`; those of the item begin with `own`.
    fn units(table: &str) -> Units {
        let mut units = Units::default();
        for (row, line) in (1..).zip(table.split(',').map(str::trim)) {
            let words: Vec<&str> = line.split(' ').collect();
            let (item, words) = match words[..] {
                ["own", ..] => (Some(ItemIx::from_usize(ITEM)), &words[1..]),
                _ => (None, &words[..]),
            };
            let factor = Quantity::parse(words[2]).expect("a number");
            let conversion = Conversion { from: words[0].into(), to: words[1].into(), factor, row };
            assert!(units.add(item, conversion));
        }
        units
    }

    #[track_caller]
    fn check(table: &str, asked: &str, want: &str) {
        let units = units(table);
        let (other, own) = asked.split_once(" in ").expect("two units");
        let item = ItemIx::from_usize(ITEM);
        let got = match units.disagreement(item, own) {
            Some(found) => format!("rows {} and {} differ", found.first, found.second),
            None => match units.ratio(item, own, other) {
                Some(ratio) => {
                    // A million, so that parts show.
                    let many = ratio.apply(Quantity::units(1_000_000));
                    format!("{many}")
                }
                None => "nothing".to_string(),
            },
        };
        assert_eq!(got, want, "{table}: {asked}");
    }

    #[test]
    fn conversions_go_over_several_steps_and_both_ways() {
        let table = "PAL BOX 40, BOX EA 12";
        check(table, "PAL in EA", "480000000");
        check(table, "EA in PAL", "2083.333334");
        check(table, "BOX in PAL", "25000");
        check(table, "EA in EA", "1000000");
        check(table, "KG in EA", "nothing");
        check("PAL BOX 40, own BOX EA 10", "PAL in EA", "400000000");
    }

    #[test]
    fn rows_of_the_item_come_before_those_of_all() {
        check("BOX EA 12, own BOX EA 10", "BOX in EA", "10000000");
        check("BOX EA 12, PAL EA 120, own BOX EA 10", "PAL in EA", "120000000");
        // Two general ways to a unit that its own rows do not reach, by two that they do.
        check(
            "BOX EA 12, PAL BOX 10, PAL EA 120, own BOX EA 10",
            "PAL in EA",
            "rows 2 and 3 differ",
        );
    }

    #[test]
    fn the_stocking_unit_is_the_coarsest_that_carries_all() {
        let kept = |table: &str, own: &str| {
            let units = units(table);
            match units.stocking(Some(ItemIx::from_usize(ITEM)), own) {
                Ok((unit, ratio)) => format!("{unit} {}", ratio.apply(Quantity::ONE)),
                Err(found) => format!("rows {} and {}", found.first, found.second),
            }
        };
        // A gram is exact in kilograms, and twelve pieces in a box; a piece is not exact in boxes.
        assert_eq!(kept("KG G 1000", "KG"), "KG 1");
        assert_eq!(kept("BOX EA 12", "EA"), "EA 1");
        assert_eq!(kept("BOX EA 12", "BOX"), "EA 12");
        assert_eq!(kept("PAL BOX 40, BOX EA 12", "PAL"), "EA 480");
        // A quarter is exact, so boxes carry pieces; a twelfth of a gross is not.
        assert_eq!(kept("BOX EA 4", "BOX"), "BOX 1");
        assert_eq!(kept("GROSS DOZ 12, DOZ EA 10", "GROSS"), "DOZ 12");
        // The item's own rows say what its box holds.
        assert_eq!(kept("BOX EA 12, own BOX EA 10", "BOX"), "BOX 1");
        // The coarser one may be the one that carries: a pound is 0.453592 kg, a kg no round number of pounds.
        assert_eq!(kept("LB KG 0.453592", "LB"), "KG 0.453592");
        // Thirds and sevenths of one box: neither carries the other.
        assert_eq!(kept("BOX A 3, BOX B 7", "BOX"), "rows 1 and 2");
        assert_eq!(kept("BOX A 3, BOX B 7", "A"), "rows 1 and 2");
    }

    #[test]
    fn two_ways_agree_or_are_a_fault_of_two_rows() {
        check("PAL BOX 40, BOX EA 12, PAL EA 480", "PAL in EA", "480000000");
        check("PAL BOX 40, BOX EA 12, PAL EA 481", "PAL in EA", "rows 1 and 3 differ");
        check("BOX EA 12, EA BOX 0.083333", "EA in BOX", "83333.333334");
        check("EA BOX 0.083333, BOX EA 12", "BOX in EA", "12000000");
        check("BOX EA 12, EA BOX 0.0833", "BOX in EA", "rows 1 and 2 differ");
        check("LB KG 0.453592, KG LB 2.204624", "LB in KG", "453592.086452");
        check("LB KG 0.453592, KG LB 2.2", "LB in KG", "rows 1 and 2 differ");
    }

    #[test]
    fn a_part_that_is_cut_has_a_mend() {
        let mends = |table: &str| -> Vec<String> {
            let cut = units(table).cut_parts();
            cut.iter().map(|(row, whole)| format!("row {row}: {whole}")).collect()
        };
        assert_eq!(mends("EA BOX 0.083333"), ["row 1: 12"]);
        assert_eq!(mends("EA BOX 0.083333, BOX EA 12"), [""; 0]);
        assert_eq!(
            mends("EA BOX 0.333333, G KG 0.001, EA PACK 0.25, LB KG 0.453592"),
            ["row 1: 3"]
        );
        assert_eq!(mends("own EA BOX 0.142857"), ["row 1: 7"]);
    }
}
