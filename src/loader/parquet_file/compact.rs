//! What a Parquet file says of itself before the Parquet crate makes room for it: Thrift's compact protocol, just as
//! far as it tells sizes.

/// The deepest nesting of anything that is skipped.
const DEPTH_MAX: usize = 32;

/// Groups in groups of a schema; a table has none.
const GROUPS_MAX: usize = 64;

/// A number of seven bits a byte, the lowest first.
pub(super) fn varint(mut byte: impl FnMut() -> Option<u8>) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = byte()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// A number with a sign: the lowest bit.
pub(super) fn signed(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// Bytes that are read from front to end.
struct Bytes<'a>(&'a [u8]);

/// A field of a struct: its number, and the type of its value.
type Field = (i64, u8);

/// A page of the second kind, whose levels are not packed.
const SECOND_KIND: i64 = 3;

const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;

impl<'a> Bytes<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn bytes(&mut self, n: u64) -> Option<&'a [u8]> {
        let (these, rest) = self.0.split_at_checked(usize::try_from(n).ok()?)?;
        self.0 = rest;
        Some(these)
    }

    fn varint(&mut self) -> Option<u64> {
        varint(|| self.byte())
    }

    fn whole(&mut self) -> Option<i64> {
        self.varint().map(signed)
    }

    /// The next field of a struct, after one of a number; of type 0 if there is none.
    fn field(&mut self, before: i64) -> Option<Field> {
        let head = self.byte()?;
        let (step, kind) = (i64::from(head >> 4), head & 0x0f);
        let number = if step > 0 || kind == 0 { before + step } else { self.whole()? };
        Some((number, kind))
    }

    /// How many elements a list has, and of which type.
    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let n = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        Some((n, head & 0x0f))
    }

    /// Passes over the value of a field.
    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            TRUE | FALSE => {}
            BYTE => drop(self.byte()?),
            DOUBLE => drop(self.bytes(8)?),
            BINARY => {
                let n = self.varint()?;
                self.bytes(n)?;
            }
            LIST | SET => {
                let (n, kind) = self.list()?;
                (0..n).try_for_each(|_| self.skip_element(kind, depth))?;
            }
            MAP => self.skip_map(depth)?,
            STRUCT => self.each_field(|bytes, (_, kind)| bytes.skip(kind, depth))?,
            _ => drop(self.varint()?),
        }
        Some(())
    }

    fn skip_map(&mut self, depth: usize) -> Option<()> {
        let n = self.varint()?;
        let kinds = if n > 0 { self.byte()? } else { 0 };
        (0..n).try_for_each(|_| {
            self.skip_element(kinds >> 4, depth)?;
            self.skip_element(kinds & 0x0f, depth)
        })
    }

    /// Truth values are a byte in lists, and part of the head in structs.
    fn skip_element(&mut self, kind: u8, depth: usize) -> Option<()> {
        self.skip(if [TRUE, FALSE].contains(&kind) { BYTE } else { kind }, depth)
    }

    /// Goes over the fields of a struct; what is told of each has to pass over its value.
    fn each_field(&mut self, mut tell: impl FnMut(&mut Self, Field) -> Option<()>) -> Option<()> {
        let mut number = 0;
        loop {
            let field = self.field(number)?;
            if field.1 == 0 {
                return Some(());
            }
            number = field.0;
            tell(self, field)?;
        }
    }
}

/// What the header of a page says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Bytes of the page when it is open.
    pub(super) open: u64,
    /// Bytes of the page in the file.
    pub(super) packed: u64,
    /// Bytes at its beginning that are not packed.
    pub(super) plain: u64,
}

impl Header {
    /// Reads one from a file at a page; none if a number is below zero, or twice there, or the two sizes are not.
    ///
    /// What begins here may not be the whole header; as far as it goes all sizes are in it.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (mut bytes, mut number) = (Bytes(bytes), 0);
        let mut sizes = [None; 2];
        let (mut kind_of_page, mut plain) = (None, None);
        // The page of the second kind is the last field that there is.
        while let Some((field, kind)) = bytes.field(number).filter(|field| field.1 != 0) {
            if field <= number {
                return None;
            }
            number = field;
            match field {
                1 => kind_of_page = Some(bytes.whole()?),
                2 | 3 => {
                    sizes[usize::try_from(field).ok()? - 2] = u64::try_from(bytes.whole()?).ok()
                }
                8 if kind == STRUCT => {
                    plain = Some(levels(&mut bytes)?);
                    break;
                }
                _ if bytes.skip(kind, DEPTH_MAX).is_none() => break,
                _ => {}
            }
        }
        if kind_of_page == Some(SECOND_KIND) && plain.is_none() {
            return None;
        }
        Some(Self { open: sizes[0]?, packed: sizes[1]?, plain: plain.unwrap_or(0) })
    }
}

/// Bytes of the levels of a page of the second kind.
fn levels(bytes: &mut Bytes<'_>) -> Option<u64> {
    let (mut number, mut levels) = (0, 0_u64);
    while number < 6 {
        let (field, kind) = bytes.field(number)?;
        if field <= number || kind == 0 {
            return None;
        }
        number = field;
        match field {
            5 | 6 => levels = levels.checked_add(u64::try_from(bytes.whole()?).ok()?)?,
            _ => bytes.skip(kind, DEPTH_MAX)?,
        }
    }
    Some(levels)
}

/// Whether the end of a file has a schema that is no larger than the bytes that say so: each group has its members,
/// and they are not nested without end.
pub(super) fn has_sound_schema(footer: &[u8]) -> bool {
    let mut children = None;
    let read = Bytes(footer).each_field(|bytes, (number, kind)| match (number, kind) {
        (2, LIST) => {
            let (n, kind) = bytes.list()?;
            let element = |_| if kind == STRUCT { n_children(bytes) } else { None };
            children = Some((0..n).map(element).collect::<Option<Vec<_>>>()?);
            Some(())
        }
        _ => bytes.skip(kind, DEPTH_MAX),
    });
    read.and(children).is_some_and(|children| is_tree(&children))
}

/// How many members an element of a schema has.
fn n_children(bytes: &mut Bytes<'_>) -> Option<u64> {
    let mut n_children = 0;
    bytes.each_field(|bytes, (number, kind)| {
        match number {
            5 => n_children = u64::try_from(bytes.whole()?).ok()?,
            _ => bytes.skip(kind, DEPTH_MAX)?,
        }
        Some(())
    })?;
    Some(n_children)
}

/// Whether elements, each before its members, are one tree that is not too deep.
fn is_tree(children: &[u64]) -> bool {
    // Members that are still to come, of each group around the next element.
    let mut open: Vec<u64> = vec![1];
    for n_children in children {
        while open.last() == Some(&0) {
            open.pop();
        }
        let Some(left) = open.last_mut() else { return false };
        *left -= 1;
        if *n_children > children.len() as u64 || open.len() > GROUPS_MAX {
            return false;
        }
        open.push(*n_children);
    }
    open.iter().all(|left| *left == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_its_sizes() {
        let first = [0x15, 0x00, 0x15, 0xd0, 0x0f, 0x15, 0x14, 0x2c, 0x15, 0x02, 0x00, 0x00];
        let sizes = |open, packed, plain| Some(Header { open, packed, plain });
        assert_eq!(Header::read(&first), sizes(1_000, 10, 0));
        let second = [
            0x15, 0x06, 0x15, 0x0a, 0x15, 0x08, 0x5c, 0x15, 0x02, 0x15, 0x00, 0x15, 0x02, 0x15,
            0x00, 0x15, 0x06, 0x15, 0x02,
        ];
        assert_eq!(Header::read(&second), sizes(5, 4, 4));
        assert_eq!(Header::read(&[0x15, 0x00, 0x15, 0x01, 0x15, 0x14, 0x00]), None, "below zero");
        assert_eq!(Header::read(&[0x15, 0x00, 0x15, 0x02, 0x00]), None, "one size");
        assert_eq!(Header::read(&[]), None);
        let twice = [0x15, 0x00, 0x15, 0x02, 0x15, 0x02, 0x05, 0x04, 0x7f, 0x00];
        assert_eq!(Header::read(&twice), None, "a size that takes back what it said");
    }

    #[test]
    fn a_schema_is_one_tree() {
        assert!(is_tree(&[2, 0, 0]) && is_tree(&[2, 1, 0, 0]) && is_tree(&[0]));
        assert!(!is_tree(&[2, 0]) && !is_tree(&[1, 0, 0]) && !is_tree(&[1 << 40, 0]));
        assert!(!is_tree(&[]) && !is_tree(&vec![1; 1_000]));
        // Of a file: its version, and one element with a name and so many members.
        let footer = |members: &[u8]| {
            let start = [0x15, 0x02, 0x19, 0x1c, 0x48, 0x01, b'a', 0x15];
            [&start[..], members, &[0, 0]].concat()
        };
        assert!(has_sound_schema(&footer(&[0])));
        assert!(!has_sound_schema(&footer(&[2])));
        assert!(!has_sound_schema(&footer(&[0xfe, 0xff, 0xff, 0xff, 0x0f])), "2^31 - 1 members");
        assert!(!has_sound_schema(&[0x15, 0x02, 0]) && !has_sound_schema(&[]));
    }
}
