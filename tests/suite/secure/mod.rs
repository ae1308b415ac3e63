//! Safe to expose, pleasant to operate (issue 23); where the process itself is at stake, on the real binary.

mod access;
mod backup;
mod bounds;
mod config;
mod limits;
mod oidc;
mod operating;
pub mod place;
mod tls;
mod token;
mod web;
