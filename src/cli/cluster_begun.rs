//! How a cluster begins: its first head and its members are written to etcd.

use super::failure::Failure;
use crate::{
    engine::node::Members,
    journal::shared::{Head, Order, Reply},
};

/// Begins a cluster, or goes on where an earlier try of the same was cut off.
pub(super) fn begin(
    name: &str,
    order: &dyn Order,
    (head, members): (&Head, &Members),
) -> Result<(), Failure> {
    // Nodes look for the members first: they are put last.
    let begins = order.begin(head);
    let is_ours = || order.head().is_ok_and(|seen| seen.head.as_ref() == Some(head));
    let has_none = || Members::read(order).is_ok_and(|found| found.is_none());
    if begins != Reply::Done && !(is_ours() && has_none()) {
        return begun(name, begins);
    }
    let joins = members.begin(order);
    let has_these = || Members::read(order).is_ok_and(|found| found.as_ref() == Some(members));
    if joins == Reply::Unknown && has_these() { Ok(()) } else { begun(name, joins) }
}

fn begun(name: &str, answer: Reply) -> Result<(), Failure> {
    match answer {
        Reply::Done => Ok(()),
        Reply::Refused(_) => Err(Failure::new(
            format!("there is a cluster {name} in this etcd already; nothing was changed"),
            "take another --name, or serve its nodes",
        )),
        Reply::Unknown => Err(Failure::new(
            "etcd gave no answer; it may have begun",
            "look with `etcdctl get --prefix --keys-only /promised/`, and try again when etcd is well",
        )),
    }
}
