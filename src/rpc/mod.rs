//! gRPC: the only module that knows protobuf.
//!
//! Each method decodes (`decode`, `fields`), asks (`promise`, `availability`) and encodes (`encode`); what
//! fails becomes a status in one place ([`status`]). A request is answered from one pinned world. Health
//! and reflection are served beside our own services, so that grpcurl and ghz work without a proto file.
//! Nothing is decided here: no dates are computed, no options chosen.
//!
//! Start at [`serve`].

// Messages, and the words that they are made of.
// What messages are made of.
pub mod proto;
pub mod money;
pub mod text;
pub mod status;
mod fields;
mod paging;

// From connections to calls: bounds, who calls, HTTP beside gRPC, nodes of a cluster.
mod most;
mod ahead;
mod stopping;
pub mod sheet;
mod applied;
mod guard;
pub mod traces;
mod upload;
pub mod secure;
pub mod spread;
pub mod edge;
pub mod cluster;
pub mod web;
mod health;
mod metered;
pub mod operations;

// Answers written, requests read.
mod json;
pub mod encode;
mod reason;
pub mod remedy;
mod decode;
mod reservation;
mod allocated;
mod list;
mod share_change;
pub mod compared;
mod exception_remedy;
mod promises;
mod meant;
mod quick;

// Order lines, promises, planning data.
mod upkeep;
mod answers;
mod submitted;
mod pipeline;
mod net;
mod export;
mod scenario;
mod shipping;
mod catalog;
mod pegging;
mod promise;

// Backlog runs.
pub mod saved;
mod runs;
pub mod backlog;
mod vary;
mod nightly;

// What there is to know.
pub mod allocation;
mod account;
mod exception_words;
mod event;
mod thresholds;
mod availability;
mod analytics;
mod exception_filter;
mod exception_groups;
mod exception_watch;
mod beside;
mod exception;
mod insights;

// The ways to all of them.
mod direct;
mod gate;

// Snapshots, webhooks, administration; the server as a whole.
mod snapshot;
pub mod webhook;
mod admin;
mod services;
mod server;

pub use beside::{change, from_json, json_name, principal, promise_json, trace_id, traced};
pub use edge::Codec;
pub use json::{to_json, to_json_line};
pub use metered::Calls;
pub use server::{ServerTerms, Shutdown, serve, serve_others, serve_when, serve_within};

use crate::limits::REQUEST_BYTES_MAX;
use guard::MessageStream;
