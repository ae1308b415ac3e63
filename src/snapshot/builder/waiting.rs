//! Rows of supplies and demands until all tables are there, in the order of their table.
//!
//! They are packed from the start, so that millions of them wait in little more room than they end in.

use crate::{
    limits::KEY_LEN_MAX,
    model::{column::Ints, stored::Codes},
    snapshot::{
        entries::Columns,
        ids::{Ids, Keys},
        row::Row,
        schema::Column,
    },
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::{collections::BTreeMap, sync::Arc};

/// The rows of one table.
#[derive(Debug)]
pub(super) struct WaitingRows<C> {
    keys: Keys,
    pub(super) accounts: Vec<u32>,
    pub(super) columns: C,
    /// For each row how many rows before it were left out.
    skipped: Ints,
    /// Rows with a text, and which of `texts`.
    notes: Vec<(u32, u32)>,
    pub(super) texts: Vec<Arc<str>>,
    /// Look-up only.
    known_texts: HashMap<Arc<str>, u32, FxBuildHasher>,
    /// Keys of rows that were left out for other faults, with the number of the row.
    strays: Vec<(Box<str>, u64)>,
}

/// What the rows of a table are called.
pub(super) struct NamedRows<I> {
    /// Their ids, unless two of them are the same.
    pub(super) ids: Option<Ids<I>>,
    /// By index which of the texts those rows have that have one.
    pub(super) notes: Vec<(u32, u32)>,
    /// The keys in the order of the table, where two rows may have the same.
    keys: Option<Keys>,
}

impl<C: Columns> Default for WaitingRows<C> {
    fn default() -> Self {
        Self {
            keys: Keys::default(),
            accounts: Vec::new(),
            columns: C::default(),
            skipped: Ints::default(),
            notes: Vec::new(),
            texts: Vec::new(),
            known_texts: HashMap::default(),
            strays: Vec::new(),
        }
    }
}

impl<C: Columns> WaitingRows<C> {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Takes a row of the table; `number` is the row's, from 1.
    pub(super) fn push(&mut self, account: u32, row: &C::Row, number: u64) {
        self.skipped.push(number - 1 - self.len() as u64);
        self.accounts.push(account);
        self.columns.push(row);
    }

    /// Gives the row that comes next its key, and a text where it has one.
    pub(super) fn push_key(&mut self, key: &str, text: &str) {
        self.keys.push(key.as_bytes());
        if text.is_empty() {
            return;
        }
        let known = self.known_texts.get(text).copied().unwrap_or_else(|| {
            let text: Arc<str> = text.into();
            self.texts.push(Arc::clone(&text));
            let at = narrow(self.texts.len() - 1);
            self.known_texts.insert(text, at);
            at
        });
        self.notes.push((narrow(self.len()), known));
    }

    /// Remembers the key of a row that is left out.
    pub(super) fn push_stray(&mut self, column: Column, row: &Row<'_>) {
        let key = row.text(column);
        if (1..=KEY_LEN_MAX).contains(&key.len()) {
            self.strays.push((key.into(), row.number()));
        }
    }

    /// The number of the row at a position, from 1.
    pub(super) fn number(&self, at: usize) -> u64 {
        at as u64 + self.skipped.get(at) + 1
    }

    /// Which text the row at a position has.
    fn text(&self, at: usize) -> Option<u32> {
        let found = self.notes.binary_search_by_key(&narrow(at), |(at, _)| *at).ok()?;
        Some(self.notes[found].1)
    }

    /// Takes away of which account each row is: positions by account, in the order of the table, where each account's begin,
    /// and all of them.
    pub(super) fn by_account(&mut self, n_accounts: usize) -> (Vec<u32>, Vec<u32>) {
        let accounts = std::mem::take(&mut self.accounts);
        let mut starts = vec![0u32; n_accounts + 1];
        for &account in &accounts {
            starts[account as usize + 1] += 1;
        }
        for at in 0..n_accounts {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut order = vec![0; accounts.len()];
        for (at, account) in accounts.into_iter().enumerate() {
            let next = &mut next[account as usize];
            order[*next as usize] = narrow(at);
            *next += 1;
        }
        (starts, order)
    }

    /// Takes away the keys, and what the rows say.
    pub(super) fn take(&mut self) -> (Keys, C) {
        (std::mem::take(&mut self.keys), std::mem::take(&mut self.columns))
    }

    /// The names of rows in an order. The keys are given back while the rows beside are packed, unless something is to be
    /// said of them.
    pub(super) fn named(&self, keys: Keys, order: &[u32]) -> NamedRows<C::Index> {
        let (mut own, mut notes) = (Keys::default(), Vec::new());
        let mut reader = keys.reader();
        for (index, &at) in order.iter().enumerate() {
            own.push(reader.read(at as usize));
            notes.extend(self.text(at as usize).map(|text| (narrow(index), text)));
        }
        let ids = Ids::new(own).ok();
        let keys = (ids.is_none() || !self.strays.is_empty()).then_some(keys);
        NamedRows { ids, notes, keys }
    }

    /// Rows whose key an earlier row has: their numbers, with the key. Rows left out count too.
    pub(super) fn twice(&self, named: &NamedRows<C::Index>) -> Vec<(u64, String)> {
        let Some(own) = &named.keys else { return Vec::new() };
        let mut keys = own.clone();
        self.strays.iter().for_each(|(key, _)| keys.push(key.as_bytes()));
        let Err(twice) = Ids::<C::Index>::new(keys) else {
            return Vec::new();
        };
        let (n_rows, mut reader) = (own.len(), own.reader());
        let number = |at: usize| match at.checked_sub(n_rows) {
            Some(stray) => self.strays[stray].1,
            None => self.number(at),
        };
        // Strays come last here, wherever they stood in the table.
        let mut first: BTreeMap<usize, u64> = BTreeMap::new();
        let mut found = Vec::new();
        for (one, next) in twice {
            let (before, again) = (first.entry(one).or_insert(number(one)), number(next));
            let later = again.max(*before);
            *before = again.min(*before);
            let key = match one.checked_sub(n_rows) {
                Some(stray) => self.strays[stray].0.to_string(),
                None => String::from_utf8_lossy(reader.read(one)).into_owned(),
            };
            found.push((later, key.chars().take(80).collect()));
        }
        found.sort_unstable();
        found
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).expect("tables are capped below u32::MAX rows")
}
