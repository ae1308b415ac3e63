//! Issue 20, item 1: HTTP on the gRPC port, asked by a real client over a socket.

pub mod client;
mod connect;
mod commands;
mod connections;
mod console;
mod formats;
mod listed;
mod loading;
mod openapi;
mod operations;
mod orders;
mod runs;
mod tables;
mod sheets;
mod snapshots;

pub use client::{Answer, Client};
