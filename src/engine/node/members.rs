//! What nodes know of each other: small things in cells beside the order, as JSON.

use crate::journal::shared::{Answer, Away, Order};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The cell of the snapshot that most nodes are to have.
pub(super) const WANTED: &str = "p/p0/wanted";

/// The cell of who belongs to the cluster.
const MEMBERS: &str = "members";

/// Who belongs to a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// Rises with each change.
    pub version: u64,
    /// The id of the ledger, the same on all nodes.
    pub ledger: String,
    /// The nodes, by name.
    pub nodes: Vec<Member>,
}

/// A node that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub node: String,
    /// Where other nodes reach it: `HOST:PORT`.
    pub peer: String,
    /// Whether it may lead, and counts where most are asked.
    pub voter: bool,
}

/// What a node says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Which start of it.
    pub start: u64,
    /// Rises each time that it says so: it is alive.
    pub count: u64,
    /// Up to where its own journal is durable.
    pub synced: u64,
    /// What it has applied.
    pub applied: u64,
    /// Where clients reach it.
    pub address: String,
    /// Its version.
    pub version: String,
    /// Bytes that are free on its disk.
    pub disk_free: u64,
    /// The snapshot that is to be had by most, where it has that.
    #[serde(default)]
    pub held: String,
}

/// What a cell has, as text and as what it means.
fn get<T: DeserializeOwned>(order: &dyn Order, name: &str) -> Result<Option<(Vec<u8>, T)>, Away> {
    let Some(bytes) = order.cell(name)? else {
        return Ok(None);
    };
    let value = serde_json::from_slice(&bytes);
    let value = value.map_err(|error| Away(format!("{name} cannot be read: {error}")))?;
    Ok(Some((bytes, value)))
}

fn bytes<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("it is plain data")
}

impl Members {
    /// Those of a cluster; none where it was never begun.
    ///
    /// # Errors
    /// The order cannot be asked.
    pub fn read(order: &dyn Order) -> Result<Option<Self>, Away> {
        Ok(get(order, MEMBERS)?.map(|(_, members)| members))
    }

    /// Notes them for a cluster that has none.
    pub fn begin(&self, order: &dyn Order) -> Answer {
        order.set_cell(MEMBERS, None, Some(&bytes(self)))
    }

    /// The one of a name.
    pub fn find(&self, node: &str) -> Option<&Member> {
        self.nodes.iter().find(|member| member.node == node)
    }

    /// How many voters are most of them.
    pub fn majority(&self) -> usize {
        self.nodes.iter().filter(|member| member.voter).count() / 2 + 1
    }
}

impl Kept {
    fn cell(node: &str) -> String {
        format!("p/p0/kept/{node}")
    }

    /// What a node said last, if it ever did.
    ///
    /// # Errors
    /// The order cannot be asked.
    pub fn read(order: &dyn Order, node: &str) -> Result<Option<Self>, Away> {
        Ok(get(order, &Self::cell(node))?.map(|(_, kept)| kept))
    }

    /// Says it, unless a later start of the same node has.
    ///
    /// # Errors
    /// The order cannot be asked.
    pub fn tell(&self, order: &dyn Order, node: &str) -> Result<Told, Away> {
        let name = Self::cell(node);
        let before = get::<Self>(order, &name)?;
        if before.as_ref().is_some_and(|(_, kept)| self.start < kept.start) {
            return Ok(Told::Superseded);
        }
        let seen = before.map(|(bytes, _)| bytes);
        match order.set_cell(&name, seen.as_deref(), Some(&bytes(self))) {
            Answer::Done => Ok(Told::Heard),
            Answer::Refused(_) | Answer::Unknown => Ok(Told::Unheard),
        }
    }
}

/// What became of saying it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It stands there.
    Heard,
    /// Perhaps it does; the next one will.
    Unheard,
    /// A later start of the same node is there.
    Superseded,
}
