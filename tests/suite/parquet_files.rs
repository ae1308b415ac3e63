//! Parquet files for tests, column by column.

use bytes::Bytes;
use parquet::{
    basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical},
    column::writer::ColumnCloseResult,
    data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    file::{
        metadata::ColumnChunkMetaData,
        properties::{WriterProperties, WriterPropertiesBuilder},
        writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{ColumnDescriptor, ColumnPath, Type, TypePtr},
};
use std::{ops::Range, sync::Arc};

/// Rows of a row group.
const GROUP_ROWS: usize = 10_000;

/// A column that can be written.
pub(crate) struct Column {
    field: TypePtr,
    n_rows: usize,
    write: Box<dyn Fn(&mut Group<'_>, Range<usize>)>,
}

type Group<'a> = SerializedRowGroupWriter<'a, Vec<u8>>;

/// Writes the next column of a row group by its own writer.
fn own(
    write: impl Fn(&mut SerializedColumnWriter<'_>, Range<usize>) + 'static,
) -> Box<dyn Fn(&mut Group<'_>, Range<usize>)> {
    Box::new(move |group, rows| {
        let mut writer = group.next_column().expect("an open group").expect("a column");
        write(&mut writer, rows);
        writer.close().expect("memory can be written");
    })
}

/// A column of any type, whose rows have a value or none.
pub(crate) fn column<D: DataType>(field: Type, values: Vec<Option<D::T>>) -> Column {
    let n_rows = values.len();
    let write = move |writer: &mut SerializedColumnWriter<'_>, rows: Range<usize>| {
        let rows = &values[rows];
        let levels: Vec<_> = rows.iter().map(|value| i16::from(value.is_some())).collect();
        let given: Vec<_> = rows.iter().flatten().cloned().collect();
        let written = writer.typed::<D>().write_batch(&given, Some(&levels), None);
        written.expect("memory can be written");
    };
    Column { field: Arc::new(field), n_rows, write: own(write) }
}

/// A field of a physical type that stands for something.
pub(crate) fn field(name: &str, physical: Physical, logical: Option<LogicalType>) -> Type {
    sized(name, physical, logical, -1, (0, 0))
}

/// A field of values of so many bytes, and of so many digits and decimal places.
pub(crate) fn sized(
    name: &str,
    physical: Physical,
    logical: Option<LogicalType>,
    bytes: i32,
    (digits, places): (i32, i32),
) -> Type {
    let builder = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .with_length(bytes);
    let builder =
        if digits > 0 { builder.with_precision(digits).with_scale(places) } else { builder };
    builder.build().expect("a type that there is")
}

/// A field of the types of older files.
pub(crate) fn old(name: &str, physical: Physical, converted: ConvertedType) -> Type {
    let builder = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(converted);
    builder.build().expect("a type that there is")
}

/// A column of texts.
pub(crate) fn texts<'a>(name: &str, values: impl IntoIterator<Item = Option<&'a str>>) -> Column {
    let values = values.into_iter().map(|value| value.map(ByteArray::from)).collect();
    let field = field(name, Physical::BYTE_ARRAY, Some(LogicalType::String));
    column::<ByteArrayType>(field, values)
}

/// A column of one row.
pub(crate) fn text(name: &str, value: &str) -> Column {
    texts(name, [Some(value)])
}

/// A column of bytes that the file does not call text.
pub(crate) fn bytes(name: &str, values: &[&[u8]]) -> Column {
    let values = values.iter().map(|value| Some(ByteArray::from(*value))).collect();
    column::<ByteArrayType>(field(name, Physical::BYTE_ARRAY, None), values)
}

/// A column of whole numbers.
pub(crate) fn wholes(name: &str, values: impl IntoIterator<Item = i64>) -> Column {
    let values = values.into_iter().map(Some).collect();
    column::<Int64Type>(field(name, Physical::INT64, None), values)
}

/// A column of floating-point numbers.
pub(crate) fn floats(name: &str, values: impl IntoIterator<Item = f64>) -> Column {
    let values = values.into_iter().map(Some).collect();
    column::<DoubleType>(field(name, Physical::DOUBLE, None), values)
}

/// A column of days since 1970.
pub(crate) fn dates(name: &str, values: impl IntoIterator<Item = Option<i32>>) -> Column {
    let field = field(name, Physical::INT32, Some(LogicalType::Date));
    column::<Int32Type>(field, values.into_iter().collect())
}

/// A column of one row that holds a list of one number.
pub(crate) fn list(name: &str) -> Column {
    let element = Type::primitive_type_builder("element", Physical::INT32);
    let element = element.with_repetition(Repetition::OPTIONAL).build().expect("a number");
    let rows = Type::group_type_builder("list").with_repetition(Repetition::REPEATED);
    let rows = rows.with_fields(vec![Arc::new(element)]).build().expect("a list of numbers");
    let field = Type::group_type_builder(name)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(Some(LogicalType::List))
        .with_fields(vec![Arc::new(rows)]);
    nested(field.build().expect("a list"), 3)
}

/// A column of one row that holds one number of any amount of numbers, as files without lists have it.
pub(crate) fn repeated(name: &str) -> Column {
    let field = Type::primitive_type_builder(name, Physical::INT32);
    nested(field.with_repetition(Repetition::REPEATED).build().expect("numbers"), 1)
}

fn nested(field: Type, level: i16) -> Column {
    let write = move |writer: &mut SerializedColumnWriter<'_>, _: Range<usize>| {
        let written = writer.typed::<Int32Type>().write_batch(&[1], Some(&[level]), Some(&[0]));
        written.expect("memory can be written");
    };
    Column { field: Arc::new(field), n_rows: 1, write: own(write) }
}

/// A file of columns, compressed in some way.
pub(crate) fn parquet(columns: &[Column], compression: Compression) -> Vec<u8> {
    let properties = WriterProperties::builder().set_compression(compression);
    written(columns, properties.set_max_row_group_row_count(Some(GROUP_ROWS)))
}

/// A file of columns, written in some way.
pub(crate) fn written(columns: &[Column], properties: WriterPropertiesBuilder) -> Vec<u8> {
    let fields = columns.iter().map(|column| Arc::clone(&column.field)).collect();
    let schema = Type::group_type_builder("table").with_fields(fields).build();
    let schema = Arc::new(schema.expect("columns of different names"));
    let properties = Arc::new(properties.build());
    let group_rows = properties.max_row_group_row_count().unwrap_or(usize::MAX);
    let file = SerializedFileWriter::new(Vec::new(), schema, properties);
    let mut file = file.expect("memory can be written");
    let n_rows = columns[0].n_rows;
    for start in (0..n_rows).step_by(group_rows) {
        let rows = start..n_rows.min(start + group_rows);
        let mut group = file.next_row_group().expect("the one before is closed");
        for column in columns {
            (column.write)(&mut group, rows.clone());
        }
        group.close().expect("columns of one length");
    }
    file.into_inner().expect("memory can be written")
}

/// A page that says what it likes of itself: how many values it has, and how large it is when it is open.
pub(crate) enum Page<'a> {
    /// The values of a dictionary.
    Dictionary { n_values: i64, open: i64, packed: &'a [u8] },
    /// Values in an encoding, by its number.
    Data { n_values: i64, open: i64, encoding: i64, packed: &'a [u8] },
}

impl Page<'_> {
    /// In Thrift's compact protocol, each number after the head that says: the next field, a whole number.
    fn bytes(&self) -> Vec<u8> {
        const END: u8 = 0;
        const RLE: i64 = 3;
        let (head, of_page, numbers, packed) = match self {
            Self::Dictionary { n_values, open, packed } => {
                ([2, *open, packed.len() as i64], 0x4c, vec![*n_values, 0], packed)
            }
            Self::Data { n_values, open, encoding, packed } => (
                [0, *open, packed.len() as i64],
                0x2c,
                vec![*n_values, *encoding, RLE, RLE],
                packed,
            ),
        };
        let mut bytes: Vec<u8> = head.into_iter().flat_map(number).collect();
        bytes.push(of_page);
        bytes.extend(numbers.into_iter().flat_map(number));
        bytes.extend([END, END]);
        bytes.extend(*packed);
        bytes
    }
}

fn number(value: i64) -> Vec<u8> {
    let mut bytes = vec![0x15];
    let mut rest = ((value << 1) ^ (value >> 63)).cast_unsigned();
    while 0x80 <= rest {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

/// A column of texts, of pages as they are given; each row has a value.
pub(crate) fn pages(name: &str, n_rows: usize, packing: Compression, pages: &[Page<'_>]) -> Column {
    let field = Type::primitive_type_builder(name, Physical::BYTE_ARRAY);
    let field = field.with_repetition(Repetition::REQUIRED).build().expect("a field of texts");
    let field = Arc::new(field);
    let chunk: Vec<u8> = pages.iter().flat_map(Page::bytes).collect();
    let path = ColumnPath::new(vec![name.to_string()]);
    let column = Arc::new(ColumnDescriptor::new(Arc::clone(&field), 0, 0, path));
    let has_dictionary = matches!(pages[0], Page::Dictionary { .. });
    let metadata = ColumnChunkMetaData::builder(column)
        .set_compression(packing)
        .set_num_values(n_rows as i64)
        .set_total_compressed_size(chunk.len() as i64)
        .set_total_uncompressed_size(chunk.len() as i64)
        .set_data_page_offset(0)
        .set_dictionary_page_offset(has_dictionary.then_some(0))
        .build()
        .expect("a column of pages");
    let write = move |group: &mut Group<'_>, _: Range<usize>| {
        let close = ColumnCloseResult {
            bytes_written: chunk.len() as u64,
            rows_written: n_rows as u64,
            metadata: metadata.clone(),
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        group.append_column(&Bytes::from(chunk.clone()), close).expect("memory can be written");
    };
    Column { field, n_rows, write: Box::new(write) }
}
