//! The supplies, or the demands, of a snapshot: packed, account by account, each account's in date order.
//!
//! Indices follow the accounts, and within an account the order of the table; so the index of a row tells its account,
//! and its id lies beside those of the same account. A copy shares all rows; accounts that changes touched
//! are kept beside them, as plain rows.

use super::ids::Ids;
use crate::model::{
    AccountIx, Index, StockAccount,
    column::Ints,
    index::partition_near,
    layered::Layered,
    stored::{Codes, Stored},
};
use std::{
    fmt::Debug,
    sync::{Arc, OnceLock},
};

/// Accounts with so many rows have running sums.
pub(super) const MANY: usize = 48;

/// Rows of one kind, appended and read by position.
pub trait Columns: Stored + Clone + Debug + Default {
    /// A row put together.
    type Row: Copy + Debug + PartialEq;
    /// What its id is an index of.
    type Index: Index + Debug;
    /// What the rows of an account come to, day by day.
    type Running: Clone + Debug;
    /// Appends a row.
    fn push(&mut self, row: &Self::Row);
    /// The row at a position; its id is told by the caller.
    fn get(&self, at: usize, id: Option<Self::Index>) -> Self::Row;
    /// The id of a row, where it has one.
    fn id(row: &Self::Row) -> Option<Self::Index>;
    /// What the rows of an account come to.
    fn running(rows: Rows<'_, Self>) -> Self::Running;
}

/// Where a changed row is now, and the text that goes with it; none if it is gone.
pub(super) type Place = Option<(StockAccount, Option<Arc<str>>)>;

/// All rows of one kind.
#[derive(Clone, Debug)]
pub struct Entries<C: Columns> {
    /// Their ids, those of rows that are gone included.
    pub names: Ids<C::Index>,
    /// The rows by account.
    rows: Layered<Base<C>, Arc<Plain<C>>>,
    /// Texts by row, and where rows are that changes moved, with their text.
    notes: Layered<Notes, Place>,
}

/// What the rows of one account come to, once somebody has asked.
type Running<C> = OnceLock<Box<<C as Columns>::Running>>;

/// The rows of an account that changes touched.
#[derive(Clone, Debug)]
struct Plain<C: Columns> {
    rows: Box<[C::Row]>,
    running: Running<C>,
}

/// Texts that some rows have; many rows may have the same one.
#[derive(Clone, Debug, Default)]
struct Notes {
    /// Rows with a text, by index, and its place in `texts`.
    rows: Vec<(u32, u32)>,
    texts: Vec<Arc<str>>,
}

impl Notes {
    fn of(&self, index: usize) -> Option<&str> {
        let found = self.rows.binary_search_by_key(&index, |(index, _)| *index as usize).ok()?;
        Some(&self.texts[self.rows[found].1 as usize])
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.rows.iter().map(|(index, text)| (*index as usize, &*self.texts[*text as usize]))
    }
}

#[derive(Clone, Debug)]
struct Base<C: Columns> {
    /// For each account the place of its first row, and for all of them their end.
    starts: Vec<u32>,
    /// The same for indices; empty where every row has one.
    first: Vec<u32>,
    /// For each row one more than its place among the indices of its account; 0 where it has none.
    ordinals: Ints,
    columns: C,
    /// The places of the first rows of accounts with many, rising.
    long: Vec<(u32, Running<C>)>,
}

impl<C: Columns> Default for Entries<C> {
    fn default() -> Self {
        let base = Base {
            starts: vec![0],
            first: Vec::new(),
            ordinals: Ints::default(),
            columns: C::default(),
            long: Vec::new(),
        };
        Self { names: Ids::default(), rows: Layered::new(base), notes: Layered::default() }
    }
}

impl<C: Columns> Base<C> {
    /// For each account its first index.
    fn first(&self) -> &[u32] {
        if self.first.is_empty() { &self.starts } else { &self.first }
    }

    fn get(&self, at: usize, first: usize) -> C::Row {
        let ordinal = usize::try_from(self.ordinals.get(at)).expect("a place within an account");
        let id = ordinal.checked_sub(1).map(|ordinal| C::Index::from_usize(first + ordinal));
        self.columns.get(at, id)
    }
}

/// The rows of one account.
#[derive(Debug)]
pub struct Rows<'a, C: Columns>(Of<'a, C>);

#[derive(Debug)]
enum Of<'a, C: Columns> {
    Packed { base: &'a Base<C>, start: usize, end: usize, first: usize },
    Plain(&'a [C::Row], Option<&'a Running<C>>),
}

impl<C: Columns> Clone for Rows<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Columns> Copy for Rows<'_, C> {}

impl<C: Columns> Clone for Of<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Columns> Copy for Of<'_, C> {}

impl<'a, C: Columns> Rows<'a, C> {
    /// How many there are.
    pub fn len(self) -> usize {
        match self.0 {
            Of::Packed { start, end, .. } => end - start,
            Of::Plain(rows, _) => rows.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The row at a position.
    #[inline]
    pub fn get(self, at: usize) -> C::Row {
        match self.0 {
            Of::Packed { base, start, end, first } => {
                assert!(start + at < end, "a row of this account");
                base.get(start + at, first)
            }
            Of::Plain(rows, _) => rows[at],
        }
    }

    /// All of them, in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = C::Row> + ExactSizeIterator + use<'a, C> {
        (0..self.len()).map(move |at| self.get(at))
    }

    /// The columns that they lie in, and from where on; none of rows that lie beside.
    pub(super) fn columns(self) -> Option<(&'a C, usize)> {
        match self.0 {
            Of::Packed { base, start, .. } => Some((&base.columns, start)),
            Of::Plain(..) => None,
        }
    }

    /// What they come to, where they are many.
    pub(super) fn running(self) -> Option<&'a C::Running> {
        let running = match self.0 {
            _ if self.len() < MANY => return None,
            Of::Packed { base, start, .. } => {
                let found = base.long.binary_search_by_key(&start, |(first, _)| *first as usize);
                &base.long[found.ok()?].1
            }
            Of::Plain(_, running) => running?,
        };
        Some(running.get_or_init(|| Box::new(C::running(self))))
    }

    /// Rows that are walked, however many they are.
    #[cfg(test)]
    pub(super) fn walked(rows: &'a [C::Row]) -> Self {
        Self(Of::Plain(rows, None))
    }

    /// A copy of all of them, in order.
    pub fn to_vec(self) -> Vec<C::Row> {
        self.iter().collect()
    }
}

impl<C: Columns> Entries<C> {
    /// The rows of an account, by the day on which they count.
    pub fn of(&self, account: impl Into<AccountIx>) -> Rows<'_, C> {
        let account = account.into();
        if let Some(rows) = self.rows.get(account.0) {
            return Rows(Of::Plain(&rows.rows, Some(&rows.running)));
        }
        let base = self.rows.base();
        // A virtual account has no rows.
        let at = usize::try_from(account.0).ok().filter(|at| at + 1 < base.starts.len());
        at.map_or(Rows(Of::Plain(&[], None)), |at| {
            let (start, end) = (base.starts[at] as usize, base.starts[at + 1] as usize);
            Rows(Of::Packed { base, start, end, first: base.first()[at] as usize })
        })
    }

    /// The account of a row; none if it is gone.
    pub fn account(&self, index: C::Index) -> Option<StockAccount> {
        if let Some(moved) = self.notes.get(index.to_usize() as u64) {
            return moved.as_ref().map(|(account, _)| *account);
        }
        let (first, row) = (self.rows.base().first(), index.to_usize());
        // Accounts have about as many rows each.
        let n_rows = first.last().map_or(1, |end| (*end as usize).max(1));
        let guess = row as u64 * first.len() as u64 / n_rows as u64;
        let guess = usize::try_from(guess).expect("no larger than it was");
        let next = partition_near(first, guess, |&first| first as usize <= row);
        (next < first.len()).then(|| StockAccount::known(AccountIx(next as u64 - 1)))
    }

    /// The text that goes with a row.
    pub(super) fn note(&self, index: C::Index) -> Option<&str> {
        match self.notes.get(index.to_usize() as u64) {
            Some(moved) => moved.as_ref().and_then(|(_, note)| note.as_deref()),
            None => self.notes.base().of(index.to_usize()),
        }
    }

    /// All rows that a text goes with.
    pub(super) fn notes(&self) -> impl Iterator<Item = (C::Index, &str)> {
        let moved = self.notes.over(0).filter_map(|(at, moved)| {
            let (_, note) = moved.as_ref()?;
            let at = usize::try_from(at).expect("a row of a table");
            Some((C::Index::from_usize(at), note.as_deref()?))
        });
        let stays = |index: usize| self.notes.get(index as u64).is_none();
        let tables = self.notes.base().iter().filter(move |(index, _)| stays(*index));
        tables.map(|(index, note)| (C::Index::from_usize(index), note)).chain(moved)
    }

    /// Puts rows in the place of an account's. Copies keep the old ones; where there is nothing new nothing is copied.
    pub(super) fn set(&mut self, account: AccountIx, rows: Vec<C::Row>) {
        if self.of(account).iter().eq(rows.iter().copied()) {
            return;
        }
        let plain = Plain { rows: rows.into(), running: OnceLock::new() };
        self.rows.set(account.0, Arc::new(plain));
    }

    /// Says where a row is from now on.
    pub(super) fn set_place(&mut self, index: C::Index, place: Place) {
        self.notes.set(index.to_usize() as u64, place);
    }

    /// Bytes of the way to what changes have put beside them, as far as another copy does not share it, about.
    pub fn bytes_beyond(&self, other: &Self) -> usize {
        self.rows.bytes_beyond(&other.rows) + self.notes.bytes_beyond(&other.notes)
    }

    /// Bytes that they take, ids included; what changes have put beside them, and running sums, are not counted.
    pub fn bytes(&self) -> usize {
        let Base { starts, first, ordinals, columns, long } = self.rows.base();
        let Notes { rows, texts } = self.notes.base();
        let texts: usize = texts.iter().map(|text| text.len() + size_of::<Arc<str>>()).sum();
        let rows = starts.bytes() + first.bytes() + long.bytes() + rows.bytes() + texts;
        rows + ordinals.bytes() + columns.bytes() + self.names.bytes()
    }
}

/// Packs rows account by account; their ids lie in the same order, and are packed by whoever has them.
#[derive(Debug)]
pub(super) struct Packing<C: Columns> {
    base: Base<C>,
    /// The number of ids so far.
    n_ids: usize,
}

impl<C: Columns> Packing<C> {
    /// Nothing packed yet.
    pub(super) fn new(n_accounts: usize) -> Self {
        let mut base = Base {
            starts: Vec::with_capacity(n_accounts + 1),
            first: Vec::with_capacity(n_accounts + 1),
            ordinals: Ints::default(),
            columns: C::default(),
            long: Vec::new(),
        };
        base.starts.push(0);
        base.first.push(0);
        Self { base, n_ids: 0 }
    }

    /// Gives the next row of the account that comes next its id.
    pub(super) fn next_id(&mut self) -> C::Index {
        self.n_ids += 1;
        C::Index::from_usize(self.n_ids - 1)
    }

    /// Ends an account with its rows, by the day on which they count; their ids were given before.
    pub(super) fn push_account(&mut self, rows: &[C::Row]) {
        let base = &mut self.base;
        if MANY <= rows.len() {
            base.long.push((narrow(base.ordinals.len()), OnceLock::new()));
        }
        let first = *base.first.last().expect("it begins with one") as usize;
        for row in rows {
            let ordinal = C::id(row).map_or(0, |id| id.to_usize() - first + 1);
            base.ordinals.push(ordinal as u64);
            base.columns.push(row);
        }
        base.starts.push(narrow(base.ordinals.len()));
        base.first.push(narrow(self.n_ids));
    }

    /// All accounts are packed.
    pub(super) fn finish(self) -> Packed<C> {
        let mut base = self.base;
        base.ordinals.shrink();
        base.columns.shrink();
        base.long.shrink();
        if base.first == base.starts {
            base.first = Vec::new();
        }
        Packed(base)
    }
}

/// Rows of all accounts.
#[derive(Debug)]
pub(super) struct Packed<C: Columns>(Base<C>);

impl<C: Columns> Packed<C> {
    /// Gives the rows their ids, and some of them a text: rows with one, rising, each with its place among the
    /// texts.
    pub(super) fn named(
        self,
        names: Ids<C::Index>,
        (mut rows, texts): (Vec<(u32, u32)>, Vec<Arc<str>>),
    ) -> Entries<C> {
        rows.shrink_to_fit();
        Entries { names, rows: Layered::new(self.0), notes: Layered::new(Notes { rows, texts }) }
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).expect("tables are capped below u32::MAX rows")
}
