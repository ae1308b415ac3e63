//! Configuration: defaults, then the file, then the environment, then flags; the later one has the word.
//!
//! The flags of `serve` are the only list of settings. What the file and the environment say becomes flags (`names`),
//! checked by the very parsers that check flags (`settle`), so there is nothing that one way can say and another cannot.

mod fault;
mod known;
mod file;
mod names;
mod settle;
mod command;
mod tables;

pub(super) use command::{Args, run};
pub(super) use fault::ConfigFault;
pub(super) use file::File;
pub(super) use settle::{GivenFlags, SettingShown, SettledConfig, faults_of, settle};

use super::failure::Failure;
use std::io::Write;

/// Says what is wrong, a line a fault.
fn tell(faults: &[ConfigFault]) -> Result<(), Failure> {
    let mut out = std::io::stderr().lock();
    for fault in faults {
        writeln!(out, "{fault}")?;
    }
    Ok(())
}

/// What was read of a configuration, for a server that is to start: faults are told here.
///
/// # Errors
/// There were some.
pub(super) fn needed<T>(read: Result<T, Vec<ConfigFault>>) -> Result<T, Failure> {
    read.map_err(|faults| match tell(&faults) {
        Ok(()) => Failure::MisusedReported,
        Err(failure) => failure,
    })
}
