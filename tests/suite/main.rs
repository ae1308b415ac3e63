//! All tests of the built house in one binary: linked once.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::too_many_lines,
    clippy::too_many_arguments,
    clippy::wildcard_enum_match_arm,
    clippy::excessive_nesting,
    clippy::type_complexity,
    clippy::disallowed_methods,
    reason = "tests are tables of cases, as long as they need; they panic, and wait for real time"
)]

#[path = "../reference/mod.rs"]
mod reference;

mod ask;
mod backlog;
mod backlog_reference;
mod backlog_words;
mod beside;
mod building;
mod allocation;
mod allocation_data;
mod allocation_demo;
mod allocation_scenarios;
mod change;
mod change_random;
mod cli;
mod cli_live;
mod cluster;
mod cluster_simulation;
mod crash;
mod data_as_it_comes;
mod differential;
mod dimensions;
mod disk;
mod edge;
mod effort;
mod engine;
mod engine_support;
mod faults;
mod files;
mod feeds;
mod fuzz;
mod hours_within_a_day;
mod imports;
mod http;
mod in_time;
mod interleavings;
mod journal;
mod laws;
mod journal_local;
mod ledger;
mod ledger_book;
mod ledger_model;
mod life_commands;
mod late_lines;
mod lives;
mod load;
mod loader;
mod metrics;
mod most_value;
mod names_of_then;
mod net_change;
mod net_durable;
mod parquet_files;
mod push;
mod quarantine;
mod reasons;
mod refresh;
mod remedies;
mod repeated_lines;
mod restart;
mod rpc;
mod rpc_scenario;
mod rpc_shipping;
mod scenarios;
mod secure;
mod rpc_change;
mod shares;
mod rpc_life;
mod rpc_load;
mod short_way;
mod simulation;
mod strangers;
mod splits;
mod support;
mod today;
mod together;
mod told;
mod web_of_plants;
mod whatif;
mod units;
mod upgrade;
mod worlds;
mod worlds_in_units;
