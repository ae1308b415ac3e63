//! Tables of tables: what no flag and no variable can say.

use super::{
    fault::{ConfigFault, FilePlace},
    file::File,
};
use serde::{
    de::{self, DeserializeOwned, IntoDeserializer as _, Visitor},
    forward_to_deserialize_any,
};
use std::ops::Range;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

impl File {
    /// The tables of a list, such as `[[access.jwt]]`, each with its place.
    ///
    /// # Errors
    /// What is wrong with them, with the line.
    pub(in crate::cli) fn list<T: DeserializeOwned>(
        &self,
        section: &str,
        name: &str,
    ) -> Result<Vec<(T, String)>, Vec<ConfigFault>> {
        let Some((content, at)) = self.table_of(section, name) else { return Ok(Vec::new()) };
        let DeValue::Array(list) = content else {
            let dot = if section.is_empty() { "" } else { "." };
            let text = format!("a list is expected: write [[{section}{dot}{name}]]");
            return Err(vec![ConfigFault::at(self.place(at.start), text)]);
        };
        self.all(list.into_iter().map(|one| (String::new(), one)))
            .map(|read| read.into_iter().map(|(_, one, place)| (one, place)).collect())
    }

    /// The tables of a table, such as those of `[access.certificates]`, by name.
    ///
    /// # Errors
    /// What is wrong with them, with the line.
    pub(in crate::cli) fn named<T: DeserializeOwned>(
        &self,
        section: &str,
        name: &str,
    ) -> Result<Vec<(String, T)>, Vec<ConfigFault>> {
        let Some((content, at)) = self.table_of(section, name) else { return Ok(Vec::new()) };
        let DeValue::Table(table) = content else {
            let text = format!("a table is expected: write [{section}.{name}]");
            return Err(vec![ConfigFault::at(self.place(at.start), text)]);
        };
        let read =
            self.all(table.into_iter().map(|(key, one)| (key.into_inner().into_owned(), one)));
        Ok(read?.into_iter().map(|(name, one, _)| (name, one)).collect())
    }

    fn place(&self, at: usize) -> FilePlace {
        FilePlace::of(&self.path, &self.text, at)
    }

    fn table_of(&self, section: &str, name: &str) -> Option<(DeValue<'_>, Range<usize>)> {
        let document = DeTable::parse(&self.text).ok()?.into_inner();
        if section.is_empty() {
            return within(document, name);
        }
        match within(document, section)?.0 {
            DeValue::Table(table) => within(table, name),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => None,
        }
    }

    fn all<'i, T: DeserializeOwned>(
        &self,
        found: impl Iterator<Item = (String, Spanned<DeValue<'i>>)>,
    ) -> Result<Vec<(String, T, String)>, Vec<ConfigFault>> {
        let (mut read, mut faults) = (Vec::new(), Vec::new());
        for (name, content) in found {
            let begin = content.span().start;
            faults.extend(self.unknown(fields::<T>(), content.get_ref()));
            match T::deserialize(content.into_deserializer()) {
                Ok(one) => read.push((name, one, self.place(begin).to_string())),
                Err(_) if !faults.is_empty() => (),
                Err(error) => {
                    let at = error.span().map_or(begin, |span| span.start);
                    faults.push(ConfigFault::at(self.place(at), error.message()));
                }
            }
        }
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }

    /// Keys of a table that it does not have.
    fn unknown(&self, known: &[&str], content: &DeValue<'_>) -> Vec<ConfigFault> {
        let keys = content.as_table().into_iter().flat_map(DeTable::keys);
        let unknown = keys.filter(|key| !known.contains(&key.get_ref().as_ref()));
        let fault = |key: &Spanned<std::borrow::Cow<'_, str>>| {
            let word: &str = key.get_ref().as_ref();
            ConfigFault::unknown(
                self.place(key.span().start),
                &format!("unknown key {word:?}"),
                (word, known),
            )
        };
        unknown.map(fault).collect()
    }
}

/// What stands in a table under a name.
fn within<'i>(table: DeTable<'i>, wanted: &str) -> Option<(DeValue<'i>, Range<usize>)> {
    let (_, content) = table.into_iter().find(|(key, _)| key.get_ref().as_ref() == wanted)?;
    let at = content.span();
    Some((content.into_inner(), at))
}

/// The keys that a type reads.
fn fields<T: DeserializeOwned>() -> &'static [&'static str] {
    struct Probe<'a>(&'a mut &'static [&'static str]);

    impl<'de> de::Deserializer<'de> for Probe<'_> {
        type Error = de::value::Error;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
            Err(de::Error::custom("only the fields are looked for"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = fields;
            self.deserialize_any(visitor)
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut found: &'static [&'static str] = &[];
    // It never gives a value.
    let _none = T::deserialize(Probe(&mut found));
    found
}
