//! The snapshots of a simulation: the same few names, other numbers, other days, and one with a name less; half of the
//! seeds have allocation rules, half have forecasts.

use super::{
    clients::Random,
    drawn::{self, Drawn},
};
use crate::{ledger_book::TABLES, ledger_model::snapshot_named};
use promised::{engine::SnapshotSource, snapshot::Snapshot};
use std::sync::Arc;

type Rows = &'static [(&'static str, &'static str)];

/// The date of each, up to when it knows what the source `erp` knew, and what it has in place of the book's
/// tables. The first is where a simulation begins.
const DATA: [(&str, Option<&str>, Rows); 5] = [
    ("2026-11-23", None, &[]),
    // The next day: what it does not know was dropped at the source; it knows an order line.
    (
        "2026-11-24",
        None,
        &[(
            "demands",
            "demand,revision,type,item,location,date,quantity\nO1/1,0,sales_order,PUMP,BER,2026-11-25,3\n\
             O9/3,0,sales_order,MOTOR,HAM,2026-11-25,2",
        )],
    ),
    // The same day with less: promises are at risk; and a supply for a line that is promised here. What the
    // source has said since is made again over it.
    (
        "2026-11-23",
        Some("2026-11-23T00:00:20Z"),
        &[
            (
                "on_hand",
                "item,location,quantity\nMOTOR,BER,3\nPUMP,BER,2\nBACK,BER,90\nALONE,BER,90",
            ),
            (
                "supplies",
                "supply,type,item,location,date,quantity,demand\nS1,purchase_order,PUMP,BER,2026-11-26,5,O2/1",
            ),
        ],
    ),
    // A name less, in another order: what promises hold of it is adopted.
    (
        "2026-11-23",
        Some("2026-11-23T00:00:40Z"),
        &[
            ("items", "item\nBACK\nMOTOR\nPUMP"),
            ("atp_rule_assignments", "rule,item\nback,BACK"),
            ("on_hand", "item,location,quantity\nPUMP,BER,70\nMOTOR,BER,60\nBACK,BER,80"),
            (
                "supplies",
                "supply,type,item,location,date,quantity\nS2,purchase_order,BACK,BER,2026-11-25,10",
            ),
        ],
    ),
    // The last one of all: it has counted what has shipped.
    ("2026-11-24", Some("2027-06-01T00:00:00Z"), &[]),
];

/// More of everything than the ledger's own tests have, so that promises go on.
/// Motors are made of pumps, in lots that promises share.
const MORE: Rows = &[
    ("on_hand", "item,location,quantity\nPUMP,BER,90\nMOTOR,BER,6\nBACK,BER,50\nALONE,BER,50"),
    ("work_definitions", "work_definition,item,location,fixed_days,lot_multiple\nWM,MOTOR,BER,1,7"),
    ("work_definition_components", "work_definition,component,quantity\nWM,PUMP,1"),
    ("locations", "location,order_lines_per_day\nBER,30\nHAM,"),
];

/// The snapshots, by number.
#[derive(Clone)]
pub struct Data(Arc<Vec<Arc<Snapshot>>>);

impl Data {
    pub fn new(seed: u64) -> Self {
        let (drawn, mut random) = (Drawn::of(seed), Random(seed ^ 0xda7a));
        let snapshot = |(n, (as_of, erp, rows)): (usize, &(&str, Option<&str>, Rows))| {
            let own = |name: &str| rows.iter().chain(MORE).find(|(other, _)| *other == name);
            let table = |(name, text): &(&'static str, &'static str)| {
                (*name, own(name).map_or(*text, |(_, text)| *text))
            };
            let is_new = |name: &str| TABLES.iter().all(|(other, _)| *other != name);
            let more = MORE.iter().filter(|(name, _)| is_new(name)).copied();
            let given: Vec<_> = TABLES.iter().map(table).chain(more).collect();
            let tables = drawn::tables(&given, drawn, &mut random);
            let tables: Vec<_> = tables.iter().map(|(name, text)| (*name, &**text)).collect();
            Arc::new(snapshot_named(&format!("s{n}"), as_of, *erp, &tables))
        };
        Self(Arc::new(DATA.iter().enumerate().map(snapshot).collect()))
    }

    pub fn first(&self) -> &Arc<Snapshot> {
        &self.0[0]
    }

    /// Any but the last.
    pub fn any(&self, random: u64) -> &Snapshot {
        &self.0[random as usize % (self.0.len() - 1)]
    }

    pub fn last(&self) -> &Snapshot {
        &self.0[self.0.len() - 1]
    }

    /// Where a restart finds them.
    pub fn source(&self) -> SnapshotSource {
        let all = Arc::clone(&self.0);
        Arc::new(move |id| all.iter().find(|one| one.id() == id).map(|one| (**one).clone()))
    }
}
