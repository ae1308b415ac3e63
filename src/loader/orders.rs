//! Files of order lines (contract 2) become [`OrderLine`]s.
//!
//! The keys in a line stay text: whether an item or a customer exists is known only by the snapshot that
//! the lines are put to.

use super::{
    Error, Formats,
    given::GivenFile,
    hint,
    place::{self, place},
    sink::RowSink,
    source::read_given,
};
use crate::{
    limits::{KEY_LEN_MAX, PRIORITY_MAX},
    model::Index,
    promising::request::{DATE_TYPES, OrderLine, REPEATS, Repeat},
    snapshot::{
        Mapping, Names,
        atp_rule::OBJECTIVES,
        cells::{Blank, Cells, filled},
        problem::{Problem, Problems},
        row::Row,
        schema::{Column, Schema},
    },
};
use jiff::Timestamp;
use std::{collections::BTreeMap, path::Path};

/// What a flag of a line is; nothing leaves it to the rule.
const FLAG: &str = "true or false, or nothing";

/// The columns of order lines.
pub fn order_columns() -> impl Iterator<Item = Column> {
    TABLE.columns()
}

/// The table of order lines.
pub(super) static TABLE: Schema = Schema {
    table: None,
    name: "orders",
    required: true,
    must_have: &[Column::Order, Column::Item, Column::Quantity, Column::RequestedDate],
    may_have: &[
        Column::Line,
        Column::Uom,
        Column::DateType,
        Column::Customer,
        Column::Zone,
        Column::Location,
        Column::DemandClass,
        Column::Priority,
        Column::EarliestDate,
        Column::LatestDate,
        Column::ShipSet,
        Column::ArrivalSet,
        Column::Split,
        Column::MinSplitQuantity,
        Column::MaxSplits,
        Column::Substitutes,
        Column::ShipMethod,
        Column::Objective,
        Column::UnitPrice,
        Column::OrderedAt,
        Column::Source,
        Column::Repeat,
        Column::ShipTogether,
        Column::Channel,
        Column::Seller,
    ],
};

/// What a file of order lines holds.
#[derive(Debug, Default)]
pub struct OrderFile {
    /// The lines without a fault, in file order.
    pub lines: Vec<OrderLine>,
    /// The row of each of them, as a spreadsheet counts it.
    pub rows: Vec<u64>,
    /// The order and line that each row names, faulty ones too.
    pub named: BTreeMap<u64, (String, String)>,
    /// The file, as messages call it.
    pub file: String,
    /// All faults of all rows.
    pub problems: Problems,
}

/// Reads a file of order lines, what it is by the ending of its name; `-` is standard input.
///
/// # Errors
/// The file cannot be read, or is of another format.
pub fn orders(path: &Path) -> Result<OrderFile, Error> {
    orders_with(path, None, &Formats::default())
}

/// The same, where lines that do not say what is to become of a line that is promised already mean this, and where a
/// snapshot says how it is written.
///
/// # Errors
/// As for [`orders`].
pub fn orders_with(
    path: &Path,
    repeat: Option<Repeat>,
    formats: &Formats,
) -> Result<OrderFile, Error> {
    read(path, OrderSink { repeat, ..OrderSink::default() }, formats)
}

/// The same, with all faults listed, however many they are.
///
/// # Errors
/// As for [`orders`].
pub fn orders_with_all_faults(
    path: &Path,
    repeat: Option<Repeat>,
    formats: &Formats,
) -> Result<OrderFile, Error> {
    let mut sink = OrderSink { repeat, ..OrderSink::default() };
    sink.orders.problems.list_all();
    read(path, sink, formats)
}

fn read(path: &Path, mut sink: OrderSink, formats: &Formats) -> Result<OrderFile, Error> {
    let given = GivenFile::of(path)?;
    let spans = read_given(&given, formats, (&TABLE, &mut sink));
    let OrderSink { mut orders, blank, .. } = sink;
    if let Some(blank) = blank {
        orders.problems.push(blank.warning(TABLE.name));
    }
    let row = |row: u64| place(&spans[TABLE.name], row).map_or(row, |(_, row)| row);
    orders.rows.iter_mut().for_each(|number| *number = row(*number));
    orders.named =
        std::mem::take(&mut orders.named).into_iter().map(|(at, name)| (row(at), name)).collect();
    orders.file = given.piece.name();
    place::tell(&mut orders.problems, &spans);
    hint::add(&mut orders.problems);
    Ok(orders)
}

/// A row, by its order and line.
#[derive(Clone, Copy)]
struct LineIx(usize);

impl Index for LineIx {
    fn from_usize(position: usize) -> Self {
        Self(position)
    }

    fn to_usize(self) -> usize {
        self.0
    }
}

/// The sink of order lines.
#[derive(Default)]
struct OrderSink {
    orders: OrderFile,
    mapping: Option<Mapping>,
    /// What lines mean that do not say what is to become of a line that is promised already.
    repeat: Option<Repeat>,
    /// Order and line of every row so far.
    seen: Names<LineIx>,
    /// The name of the row under way; kept for its memory.
    name: String,
    blank: Option<Blank>,
}

impl RowSink for OrderSink {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn open(&mut self, header: &[&str]) -> &Mapping {
        self.mapping.insert(Mapping::new(&TABLE, header, &mut self.orders.problems))
    }

    fn rows(&mut self, first: u64, rows: &dyn Cells) {
        let mapping = self.mapping.as_ref().expect("a file's header comes before its rows");
        for (first, run) in filled(mapping, first, rows, &mut self.blank) {
            for (at, number) in (0..run.n_rows()).zip(first..) {
                let row = &mut Row::new(mapping, number, (&run, at), &mut self.orders.problems);
                let (order, line) = (row.key(Column::Order).to_string(), line(row));
                self.name.clear();
                self.name.extend([order.as_str(), "\0", line.as_str()]);
                let is_again = !row.is_faulty() && self.seen.define(&self.name).is_err();
                let mut line = read_line(row, order, line);
                line.repeat = line.repeat.or(self.repeat);
                if is_again && matches!(line.repeat, None | Some(Repeat::Refuse)) {
                    let order = &line.order;
                    let expected = format!(
                        "a line of order {order} that no row before has, unless repeat says add or replace"
                    );
                    row.fault_of_key(&[Column::Order, Column::Line], expected);
                }
                self.orders.named.insert(number, (line.order.clone(), line.line.clone()));
                if !row.is_faulty() {
                    self.orders.lines.push(line);
                    self.orders.rows.push(number);
                }
            }
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.orders.problems.push(problem);
    }
}

/// The line's number within its order; most orders have one line and do not say so.
fn line(row: &mut Row<'_>) -> String {
    key_or_none(Column::Line, row).unwrap_or_else(|| "1".to_string())
}

/// The rest of a row.
fn read_line(row: &mut Row<'_>, order: String, line: String) -> OrderLine {
    OrderLine {
        order,
        line,
        item: row.key(Column::Item).to_string(),
        quantity: row.positive(Column::Quantity),
        uom: key_or_none(Column::Uom, row),
        requested: row.date(Column::RequestedDate),
        date_type: row.choice_or_none(Column::DateType, DATE_TYPES),
        customer: key_or_none(Column::Customer, row),
        zone: key_or_none(Column::Zone, row),
        location: key_or_none(Column::Location, row),
        demand_class: key_or_none(Column::DemandClass, row),
        priority: row.whole_or_none(Column::Priority, 1, PRIORITY_MAX),
        earliest: row.date_or_none(Column::EarliestDate),
        latest: row.date_or_none(Column::LatestDate),
        ship_set: key_or_none(Column::ShipSet, row),
        arrival_set: key_or_none(Column::ArrivalSet, row),
        split: row.flag_or_none(Column::Split, FLAG),
        min_split_quantity: row.positive_or_none(Column::MinSplitQuantity),
        max_splits: row.splits_or_none(Column::MaxSplits),
        substitutes: row.flag_or_none(Column::Substitutes, FLAG),
        ship_method: key_or_none(Column::ShipMethod, row),
        objective: row.choice_or_none(Column::Objective, OBJECTIVES),
        unit_price: row.money_or_none(Column::UnitPrice),
        price_uom: None,
        parts_uom: None,
        ordered_at: row.other_or_none(Column::OrderedAt, timestamp),
        source: key_or_none(Column::Source, row),
        repeat: row.choice_or_none(Column::Repeat, REPEATS),
        ship_together: key_or_none(Column::ShipTogether, row),
        channel: key_or_none(Column::Channel, row),
        seller: key_or_none(Column::Seller, row),
    }
}

fn key_or_none(column: Column, row: &mut Row<'_>) -> Option<String> {
    row.other_or_none(column, |text| match text.len() {
        0..=KEY_LEN_MAX => Ok(text.to_string()),
        _ => Err(format!("a key of at most {KEY_LEN_MAX} bytes")),
    })
}

fn timestamp(text: &str) -> Result<Timestamp, String> {
    let expected = "a timestamp with its offset, such as 2026-11-23T10:00:00Z";
    text.parse().map_err(|_| expected.to_string())
}
