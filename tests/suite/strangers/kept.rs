//! Issue 18 item 6: what is kept is bounded. How many of each kind, and for how long, is tested in
//! `engine/refresh/keep.rs`; here a broken push a minute.

use super::super::{push, quarantine};
use promised::{
    engine::refresh::{Aim, CameBy, Keep, RefreshOutcome, RefreshSettings, Submission},
    journal::Memory,
};
use std::fs;

/// Broken pushes without end leave the last of them on the disk, and each report that is asked for is one of the last.
#[test]
fn a_broken_push_a_minute_fills_no_disk() {
    let data = tempfile::tempdir().unwrap();
    let keep = Keep { quarantine: 3, reports: 5, broken_pushes: 2, ..Keep::default() };
    let settings = RefreshSettings { keep, ..RefreshSettings::default() };
    let (engine, refresher) =
        quarantine::serve(Box::new(Memory::default()), Some(data.path()), settings);
    for n in 0..12 {
        // One is broken off, one is pushed and held.
        fs::create_dir_all(data.path().join("incoming").join(format!("half-{n}"))).unwrap();
        let broken =
            push::copy(&format!("broken-{n}"), &[("items.csv", &|text| text.replace(',', "/"))]);
        let tables = broken.path().to_path_buf();
        let record = refresher
            .submit(&Submission { tables, way: CameBy::Push, aim: Aim::Activate })
            .unwrap();
        assert_eq!(record.outcome, RefreshOutcome::Quarantined);
    }
    let n_of = |kind: &str| fs::read_dir(data.path().join(kind)).unwrap().count();
    assert_eq!((n_of("quarantine"), n_of("reports"), n_of("incoming")), (3, 5, 2));
    assert!(data.path().join("quarantine/broken-11").exists());
    assert_eq!(refresher.record(Some(12)).unwrap().unwrap().snapshot_id, "broken-11");
    engine.stop();
}
