//! Safe to expose, pleasant to operate (issue 23); where the process itself is at stake, on the real binary.

mod access;
mod attacks;
mod backup;
mod bounds;
mod collector;
mod config;
mod limits;
mod matrix;
mod oidc;
mod operating;
pub mod place;
mod reloading;
mod tls;
mod token;
mod traces;
mod web;
