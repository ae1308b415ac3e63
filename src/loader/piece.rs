//! What a file of a table is, by its name: `NAME.csv`, `NAME.PART.csv`, `.txt`, `.tsv`, `.parquet`, `.xlsx`, packed as `.gz` or
//! `.zip`; or a sheet of a workbook. Names count without regard to case.

use std::path::{Path, PathBuf};

/// What is in a file, once it is unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Text.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// A workbook of a spreadsheet.
    Workbook,
    /// Whatever the one file in a zip file is.
    Unknown,
}

impl Shape {
    /// What an ending says, without regard to case.
    pub(super) fn of(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "csv" | "txt" | "tsv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            "xlsx" | "xlsm" => Some(Self::Workbook),
            _ => None,
        }
    }
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    /// One file in a zip file.
    Zip,
}

/// A file of a table, or a sheet of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) path: PathBuf,
    pub(super) shape: Shape,
    pub(super) packing: Packing,
    /// The sheet of a workbook; the first one where none is named.
    pub(super) sheet: Option<String>,
    /// What people know it by, if not by its path.
    pub(super) called: Option<&'static str>,
}

/// A name taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The first part, in small letters.
    pub(super) stem: String,
    /// What stands between it and the endings, in small letters.
    pub(super) part: String,
    pub(super) shape: Shape,
    pub(super) packing: Packing,
}

impl Name {
    /// A file's name; none where its endings are not those of a table.
    pub(super) fn of(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (rest, last) = name.rsplit_once('.')?;
        let (rest, shape, packing) = match last {
            "gz" | "zip" => {
                let packing = if last == "gz" { Packing::Gzip } else { Packing::Zip };
                let inner = rest.rsplit_once('.');
                match inner.and_then(|(rest, ending)| Some((rest, Shape::of(ending)?))) {
                    Some((rest, shape)) => (rest, shape, packing),
                    None if packing == Packing::Zip => (rest, Shape::Unknown, packing),
                    None => return None,
                }
            }
            ending => (rest, Shape::of(ending)?, Packing::Plain),
        };
        let (stem, part) = rest.split_once('.').unwrap_or((rest, ""));
        Some(Self { stem: stem.to_string(), part: part.to_string(), shape, packing })
    }
}

impl Piece {
    /// A file by its name; none where its endings are not those of a table.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let Name { shape, packing, .. } = Name::of(&path.file_name()?.to_string_lossy())?;
        Some(Self { path: path.to_path_buf(), shape, packing, sheet: None, called: None })
    }

    /// What people know it by.
    pub(super) fn name(&self) -> String {
        if let Some(called) = self.called {
            return called.to_string();
        }
        let name = self.path.file_name().unwrap_or_default().display();
        match &self.sheet {
            Some(sheet) => format!("{name}, sheet {sheet}"),
            None => name.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, want: &str) {
        let got = Name::of(name).map_or("none".to_string(), |found| {
            format!("{} {:?} {:?} {:?}", found.stem, found.part, found.shape, found.packing)
        });
        assert_eq!(got, want, "{name}");
    }

    #[test]
    fn endings_say_what_a_file_is() {
        check("on_hand.csv", "on_hand \"\" Csv Plain");
        check("On_Hand.2.CSV.GZ", "on_hand \"2\" Csv Gzip");
        check("on_hand.csv.zip", "on_hand \"\" Csv Zip");
        check("on_hand.zip", "on_hand \"\" Unknown Zip");
        check("on_hand.7.parquet", "on_hand \"7\" Parquet Plain");
        check("Stock.xlsx", "stock \"\" Workbook Plain");
        check("on_hand.gz", "none");
        check("On Hand.txt", "on hand \"\" Csv Plain");
        check("on_hand.tsv.gz", "on_hand \"\" Csv Gzip");
        check("on_hand.doc", "none");
        check("on_hand", "none");
    }
}
