//! gRPC: the only module that knows protobuf.
//!
//! Each method decodes (`decode`, `fields`), asks (`promise`, `availability`) and encodes (`encode`); what
//! fails becomes a status in one place ([`status`]). A request is answered from one pinned world. Health
//! and reflection are served beside our own services, so that grpcurl and ghz work without a proto file.
//! Nothing is decided here: no dates are computed, no options chosen.
//!
//! Start at [`serve`].

pub mod money;
pub mod proto;
mod most;
pub mod status;
mod ahead;
mod fields;
mod gate;
mod paging;
mod stopping;
pub mod text;
pub mod sheet;
mod applied;
pub mod cluster;
pub mod edge;
pub mod encode;
mod guard;
pub mod secure;
pub mod spread;
pub mod traces;
mod upload;
pub mod web;
mod admin;
mod allocated;
pub mod compared;
mod decode;
mod exception_remedy;
mod export;
mod health;
mod json;
mod meant;
mod metered;
pub mod operations;
mod promises;
mod reason;
pub mod remedy;
mod reservation;
mod list;
mod quick;
pub mod saved;
pub mod backlog;
mod beside;
mod net;
mod runs;
mod scenario;
mod share_change;
mod upkeep;
mod answers;
mod submitted;
mod pipeline;
mod vary;
pub mod allocation;
mod catalog;
mod account;
mod pegging;
mod exception_words;
mod analytics;
mod event;
mod exception_filter;
mod exception_groups;
mod exception_watch;
mod exception;
mod promise;
mod nightly;
mod snapshot;
mod shipping;
pub mod webhook;
mod insights;
mod thresholds;
mod availability;
mod services;
mod server;

pub use beside::{change, from_json, json_name, principal, promise_json, trace_id, traced};
pub use edge::Codec;
pub use json::{to_json, to_json_line};
pub use metered::Calls;
pub use server::{ServerTerms, Shutdown, serve, serve_others, serve_when, serve_within};

use crate::limits::REQUEST_BYTES_MAX;
use guard::Told;
