//! How a long load tells how far it is. The loader draws nothing itself.

/// Hears how far a load is. Methods take `&self`: an implementation keeps its counts inside.
pub trait Progress {
    /// A table of this many bytes, over all its files, is read from now on.
    fn table(&self, name: &str, bytes_total: u64);

    /// So many more bytes of that table are read.
    fn advance(&self, bytes: u64);

    /// All tables are read, and the snapshot is built.
    fn done(&self);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn table(&self, _name: &str, _bytes_total: u64) {}

    fn advance(&self, _bytes: u64) {}

    fn done(&self) {}
}
