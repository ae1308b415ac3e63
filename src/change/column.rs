//! The columns of a change and what may stand in them.

use crate::{
    model::{Money, Quantity},
    snapshot::schema::{self, Schema},
};
use jiff::civil::Date;
use std::fmt;

/// What a cell may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Date,
    Quantity,
    Money,
    Whole,
}

/// A cell's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A key or a word.
    Text(Box<str>),
    /// A date.
    Date(Date),
    /// A quantity; negative only where the kind of change allows it.
    Quantity(Quantity),
    /// An amount of money that is not negative.
    Money(Money),
    /// A whole number.
    Whole(i32),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Date(date) => date.fmt(f),
            Self::Quantity(quantity) => quantity.fmt(f),
            Self::Money(money) => money.fmt(f),
            Self::Whole(whole) => whole.fmt(f),
        }
    }
}

macro_rules! columns {
    ($($variant:ident $name:literal $holds:ident;)*) => {
        /// A column of a change; named as in the snapshot's tables.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the names are the contract's columns, described there")]
        pub enum ChangeColumn { $($variant),* }

        /// All columns but `change` itself, in the order of files.
        pub const COLUMNS: &[ChangeColumn] = &[$(ChangeColumn::$variant),*];

        /// The table of changes, as files have it.
        pub static SCHEMA: Schema = Schema {
            table: None,
            name: "changes",
            required: true,
            must_have: &[schema::Column::Change],
            may_have: &[$(schema::Column::$variant),*],
        };

        impl ChangeColumn {
            /// Its name in files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            pub(super) fn holds(self) -> Holds {
                match self { $(Self::$variant => Holds::$holds),* }
            }
        }
    };
}

columns! {
    Supply "supply" Text;
    Demand "demand" Text;
    Type "type" Text;
    Item "item" Text;
    Location "location" Text;
    Date "date" Date;
    ToDate "to_date" Date;
    Days "days" Whole;
    Quantity "quantity" Quantity;
    Supplier "supplier" Text;
    UnitCost "unit_cost" Money;
    Resource "resource" Text;
    WorkDefinition "work_definition" Text;
    Destination "destination" Text;
    ShipMethod "ship_method" Text;
    Customer "customer" Text;
    DemandClass "demand_class" Text;
    ToClass "to_class" Text;
    Zone "zone" Text;
    Category "category" Text;
    Priority "priority" Whole;
    Revision "revision" Whole;
    Source "source" Text;
    Rule "rule" Text;
    SourceType "source_type" Text;
    Rank "rank" Whole;
    AllocationPercent "allocation_percent" Quantity;
    EffectiveFrom "effective_from" Date;
    EffectiveTo "effective_to" Date;
    Setting "setting" Text;
    Value "value" Text;
    DateFrom "date_from" Date;
    DateTo "date_to" Date;
    Description "description" Text;
    Uom "uom" Text;
    LotMultiple "lot_multiple" Quantity;
    ListPrice "list_price" Money;
    AtpRule "atp_rule" Text;
    Brand "brand" Text;
    Name "name" Text;
    ReceivingCalendar "receiving_calendar" Text;
    Country "country" Text;
    Region "region" Text;
}
