//! Names of clusters and their nodes, as the command line has them.

use super::failure::Failure;
use crate::engine::node::Member;
use std::collections::BTreeSet;

/// A name: it stands in keys of etcd.
pub(super) fn word(text: &str) -> Result<String, String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if text.is_empty() || !text.chars().all(is_word) {
        return Err("letters, digits, '-', '_' and '.' are expected".to_string());
    }
    Ok(text.to_string())
}

/// A node and the address by which others reach it.
pub(super) fn node(text: &str) -> Result<Member, String> {
    let expected = "NODE=HOST:PORT is expected, such as n1=10.0.0.1:7001";
    let (node, peer) = text.split_once('=').ok_or(expected)?;
    let port = peer
        .rsplit_once(':')
        .and_then(|(host, port)| (!host.is_empty()).then(|| port.parse::<u16>().ok()).flatten());
    port.ok_or(expected)?;
    Ok(Member { node: word(node)?, peer: peer.to_string(), voter: true })
}

/// Refuses two nodes of one name.
pub(super) fn nodes_are_named_once(nodes: &[Member]) -> Result<(), Failure> {
    let names: BTreeSet<_> = nodes.iter().map(|member| &member.node).collect();
    if names.len() == nodes.len() {
        return Ok(());
    }
    Err(Failure::Misused {
        cause: "two nodes have one name".to_string(),
        mend: "give each node of --nodes a name of its own".to_string(),
    })
}
