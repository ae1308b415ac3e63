//! A refresh with promises and net changes before, during and after it, and a crash at each of its steps.

use super::{
    Seen,
    world::{
        Act::{self, *},
        Sim,
    },
};
use crate::disk::Fault;

/// What is done on the way, one step after the other. What is long is worked out by the planner.
const WAY: &[Act] = &[
    Pass, Pass, Pass, Pass, // before it
    Send, Change, Send, Write, Replan, Write, Sync, //
    Change, Write, Replan, Write, Sync, //
    Begin, Send, Change, Write, Replan, Write, Sync, // while it is reconciled
    Rearrange, Write, Replan, Write, Sync, //
    CatchUp, Change, Send, Write, Replan, Write, Sync, // after it has caught up
    Swap, Send, Change, Write, Replan, Write, Replan, Write, Sync, Sync,
    Sync, // at the swap, before it in the queue and behind it
    Change, SendAgain, Write, Replan, Write, Sync, Sync,
];

/// A simulation that goes the way once more, whole, after what it has been through.
fn goes_on(mut sim: Sim, seen: &mut Seen) {
    WAY.iter().for_each(|act| sim.act(*act));
    sim.finish();
    seen.add(&sim);
}

#[test]
fn a_refresh_can_be_killed_at_each_of_its_steps() {
    let mut seen = Seen::default();
    for seed in 0..6 {
        for at in 0..=WAY.len() {
            let mut sim = Sim::new(seed);
            WAY[..at].iter().for_each(|act| sim.act(*act));
            sim.act(Kill);
            WAY[at..].iter().for_each(|act| sim.act(*act));
            goes_on(sim, &mut seen);
        }
    }
    println!("{seen:?}");
    assert!(0 < seen.changes && 0 < seen.swaps && 0 < seen.carried, "{seen:?}");
}

#[test]
fn a_refresh_stands_a_fault_of_the_disk_at_each_of_its_syncs() {
    let mut seen = Seen::default();
    let faults = [Fault::Before, Fault::Torn, Fault::After, Fault::Failed, Fault::Full];
    for (seed, fault) in (0..).zip(faults) {
        for sync in 1..=14 {
            let mut sim = Sim::new(seed);
            sim.disk.plan(sync, fault);
            WAY.iter().for_each(|act| sim.act(*act));
            goes_on(sim, &mut seen);
        }
    }
    println!("{seen:?}");
    assert!(50 < seen.crashes && 0 < seen.cut && 0 < seen.swaps && 0 < seen.carried, "{seen:?}");
}
