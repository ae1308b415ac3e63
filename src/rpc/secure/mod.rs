//! What makes a server safe to expose: encryption (`tls`), who is at the other end (`peer`, `access`), what he may do
//! (`methods`, `request`), what he may see (`answer`), and what he was refused (`audit`).
//!
//! One layer around all calls (`layer`) asks who it is, once, before a request is read; from then on the call knows its
//! caller (`caller`), and the one codec of all messages looks through requests and answers of those who are bounded.
//!
//! Start at [`access::Access`].

pub mod access;
pub(in crate::rpc) mod answer;
pub mod audit;
pub(in crate::rpc) mod caller;
pub mod jwt;
pub(in crate::rpc) mod layer;
pub(in crate::rpc) mod meters;
pub mod methods;
pub mod peer;
pub mod principal;
pub(in crate::rpc) mod request;
pub mod roles;
pub mod text;
pub mod tls;
pub mod tokens;
mod verify;
