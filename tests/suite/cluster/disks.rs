//! Issue 24 items 2 and 6: nodes of one order in memory whose disks are slow or full.

use super::nodes::{NAMES, all_have, begun, end, leader, promise, start_on, until};
use crate::disk::Disk;
use promised::journal::{Journal, RawEntry};
use std::time::Duration;

/// Issue 24, the gaps: a disk that takes long to make durable what was copied keeps nobody waiting, who leads, follows or asks.
#[test]
fn nobody_waits_for_a_disk_that_makes_durable_what_was_copied() {
    let (order, disks) = (begun(), NAMES.map(|_| Disk::default()));
    let local = |at: usize| disks[at].open().unwrap().0;
    let all: Vec<_> = (0..3).map(|at| start_on(&order, (NAMES[at], 1), local(at))).collect();
    promise(&all, "a", "PUMP", 1);
    all_have(&all, 1);
    disks.iter().for_each(|disk| disk.stick(true));
    until("a sync of each", || disks.iter().all(Disk::is_waited_for).then_some(()));
    // Where somebody waits for it after all, it goes on in the end, and this is seen.
    let of_watch = disks.clone();
    let watch = std::thread::spawn(move || {
        std::thread::park_timeout(Duration::from_secs(40));
        of_watch.iter().for_each(|disk| disk.stick(false));
    });
    let first = promise(&all, "b", "PUMP", 1);
    promise(&all, "c", "PUMP", 1);
    let position = order.true_head().unwrap().position;
    all_have(&all, position);
    // A repetition reads what its entry says, wherever that is.
    assert_eq!(promise(&all, "b", "PUMP", 1), first);
    for one in &all {
        let mut read = Vec::new();
        let reader = Journal::reader(&one.shared);
        let note = &mut |record: RawEntry<'_>| {
            read.extend(matches!(record, RawEntry::Bytes { .. }).then_some(()));
            Ok(())
        };
        reader.read_from(1, note).unwrap();
        assert_eq!(read.len() as u64, position, "{}", one.name);
    }
    assert!(disks.iter().all(Disk::is_waited_for), "nobody waited for one of them");
    watch.thread().unpark();
    watch.join().unwrap();
    // All of it becomes durable.
    for one in &all {
        until(one.name, || (one.shared.sync().unwrap() == position).then_some(()));
    }
    end(all);
}

/// Issue 24 item 6: who has no room on its disk lets another node lead, answers as of where it is, and copies when there
/// is some again.
#[test]
fn a_node_whose_disk_is_full_does_not_lead_and_copies_later() {
    let (order, disks) = (begun(), NAMES.map(|_| Disk::default()));
    let local = |at: usize| disks[at].open().unwrap().0;
    let all: Vec<_> = (0..3).map(|at| start_on(&order, (NAMES[at], 1), local(at))).collect();
    promise(&all, "a", "PUMP", 1);
    all_have(&all, 1);
    let at = leader(&all);
    disks[at].set_room(false);
    until("another leader", || {
        all.iter().enumerate().find(|(other, one)| *other != at && one.engine.is_leading())
    });
    assert_eq!(promise(&all, "b", "PUMP", 1), "OnTime P2 confirmed 1 at 2");
    let others: Vec<_> = all.iter().filter(|one| one.name != all[at].name).collect();
    for one in others {
        until(one.name, || (one.engine.pin().position == 2).then_some(()));
    }
    assert_eq!(all[at].engine.pin().position, 1);
    let says = || all[at].node.status().known().fault;
    until("its fault", || says().filter(|fault| fault.contains("no room")).map(|_| ()));
    disks[at].set_room(true);
    all_have(&all, 2);
    end(all);
}
