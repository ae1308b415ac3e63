//! What makes a server safe to expose: encryption (`tls`), who is at the other end (`peer`, `access`), what he may do
//! (`methods`, `request`), what he may see (`answer`), and what he was refused (`audit`).
//!
//! One layer around all calls (`layer`) asks who it is, once, before a request is read; from then on the call knows its
//! caller (`caller`), and the one codec of all messages looks through requests and answers of those who are bounded.
//!
//! Start at [`access::Access`].

pub mod audit;
pub mod peer;
pub mod roles;
pub mod methods;
pub mod principal;
mod enough;
pub(in crate::rpc) mod meters;
pub mod text;
pub mod tls;
pub mod tokens;
mod verify;
pub mod jwt;
pub mod access;
pub(in crate::rpc) mod caller;
pub(in crate::rpc) mod layer;
pub(in crate::rpc) mod request;
pub(in crate::rpc) mod answer;
