//! Safe to expose, pleasant to operate (issue 23); where the process itself is at stake, on the real binary.

mod config;
