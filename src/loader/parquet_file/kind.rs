//! What the values of a column stand for, by what its file says beside the physical type.

use parquet::{
    basic::{ConvertedType, LogicalType, TimeUnit, Type},
    schema::types::ColumnDescriptor,
};

/// What values of some physical type stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueMeaning {
    /// Just what their physical type is: numbers, truth values, text.
    Plain,
    /// Whole numbers without a sign.
    Unsigned,
    /// Whole numbers of units of so many decimal places.
    Decimal(u32),
    /// Days since 1970.
    Date,
    /// Units since midnight, so many a second.
    TimeOfDay(i64),
    /// Units since 1970, so many a second, and whether they count in UTC.
    Instant(i64, bool),
    /// Floating-point numbers of two bytes.
    Half,
    /// Identities of 16 bytes.
    Uuid,
    /// Nothing: each value is null.
    Null,
}

/// Decimal places of a number whose text is still of any use.
const PLACES_MAX: u32 = 76;

impl ValueMeaning {
    /// What the values of a column stand for.
    ///
    /// # Errors
    /// The file contradicts itself, or its values have no text.
    pub(super) fn of(column: &ColumnDescriptor) -> Result<Self, String> {
        let kind = match column.logical_type_ref() {
            Some(logical) => by_logical(logical, column),
            None => by_converted(column.converted_type(), column),
        };
        kind.filter(|kind| kind.suits(column)).ok_or_else(|| {
            format!(
                "column {} is of a type without text, {} as {:?} or {}",
                column.name(),
                column.physical_type(),
                column.logical_type_ref(),
                column.converted_type()
            )
        })
    }

    /// Whether values of the physical type can stand for this.
    fn suits(self, column: &ColumnDescriptor) -> bool {
        use Type::{BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT32, INT64};
        let physical = column.physical_type();
        match self {
            Self::Plain | Self::Null => true,
            Self::Unsigned | Self::TimeOfDay(_) => [INT32, INT64].contains(&physical),
            Self::Decimal(places) => {
                let has_digits = [INT32, INT64, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY];
                places <= PLACES_MAX && has_digits.contains(&physical)
            }
            Self::Date => physical == INT32,
            Self::Instant(..) => physical == INT64,
            Self::Half => physical == FIXED_LEN_BYTE_ARRAY && column.type_length() == 2,
            Self::Uuid => physical == FIXED_LEN_BYTE_ARRAY && column.type_length() == 16,
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else there will be has bytes as text")]
fn by_logical(logical: &LogicalType, column: &ColumnDescriptor) -> Option<ValueMeaning> {
    Some(match logical {
        LogicalType::Integer(whole) if !whole.is_signed => ValueMeaning::Unsigned,
        LogicalType::Integer(_) => ValueMeaning::Plain,
        LogicalType::Decimal(decimal) => ValueMeaning::Decimal(decimal.scale.try_into().ok()?),
        LogicalType::Date => ValueMeaning::Date,
        LogicalType::Time(time) => ValueMeaning::TimeOfDay(units_a_second(time.unit)),
        LogicalType::Timestamp(instant) => {
            ValueMeaning::Instant(units_a_second(instant.unit), instant.is_adjusted_to_u_t_c)
        }
        LogicalType::Float16 => ValueMeaning::Half,
        LogicalType::Uuid => ValueMeaning::Uuid,
        LogicalType::Unknown => ValueMeaning::Null,
        _ if column.physical_type() == Type::BYTE_ARRAY => ValueMeaning::Plain,
        _ => return None,
    })
}

/// The types of older files.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest are texts of some sort")]
fn by_converted(converted: ConvertedType, column: &ColumnDescriptor) -> Option<ValueMeaning> {
    use ConvertedType as Old;
    Some(match converted {
        Old::NONE | Old::INT_8 | Old::INT_16 | Old::INT_32 | Old::INT_64 => ValueMeaning::Plain,
        Old::UINT_8 | Old::UINT_16 | Old::UINT_32 | Old::UINT_64 => ValueMeaning::Unsigned,
        Old::DECIMAL => ValueMeaning::Decimal(column.type_scale().try_into().ok()?),
        Old::DATE => ValueMeaning::Date,
        Old::TIME_MILLIS => ValueMeaning::TimeOfDay(1_000),
        Old::TIME_MICROS => ValueMeaning::TimeOfDay(1_000_000),
        Old::TIMESTAMP_MILLIS => ValueMeaning::Instant(1_000, true),
        Old::TIMESTAMP_MICROS => ValueMeaning::Instant(1_000_000, true),
        _ if column.physical_type() == Type::BYTE_ARRAY => ValueMeaning::Plain,
        _ => return None,
    })
}

fn units_a_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}
