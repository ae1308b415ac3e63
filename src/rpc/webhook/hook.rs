//! A webhook: who is told of which events, and with what it is signed.

use super::sign::Secret;

/// Who is to be told, of what.
#[derive(Clone, Debug, Default)]
pub struct Hook {
    /// Its name: that of its cursor.
    pub name: String,
    /// Where to.
    pub url: String,
    /// With what it is signed; several while one is replaced.
    pub secrets: Vec<Secret>,
    /// Only these types.
    pub types: Vec<String>,
    /// Only of this customer.
    pub customer: String,
    /// Only of this item.
    pub item: String,
    /// Only of this demand class.
    pub demand_class: String,
    /// Whether it may be an address of the own network.
    pub allow_private: bool,
    /// From which position on, where there is no cursor yet; from now on where none is given.
    pub from: Option<u64>,
}
