//! Lines of standard input, read on a thread of their own, so that one who waits for them can wait for a while only.

use crate::limits::RECORD_BYTES_MAX;
use std::{
    io::{self, BufRead, BufReader, Read},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    time::Duration,
};

/// Lines that wait to be taken.
const WAITING: usize = 4_096;

/// What comes next.
pub(super) enum Next {
    /// A line, and its number; it may be too long to be one.
    Line(u64, Result<String, String>),
    /// Nothing, for a while.
    Quiet,
    /// No more.
    End,
}

/// The lines of a stream.
pub(super) struct Lines {
    lines: Receiver<io::Result<(u64, Result<String, String>)>>,
}

impl Lines {
    /// Begins to read.
    pub(super) fn of(input: impl Read + Send + 'static) -> Self {
        let (sender, lines) = sync_channel(WAITING);
        std::thread::spawn(move || {
            let mut input = BufReader::new(input);
            let mut number = 0;
            loop {
                let line = match line(&mut input) {
                    Ok(None) => return,
                    Ok(Some(line)) => {
                        number += 1;
                        Ok((number, line))
                    }
                    Err(error) => Err(error),
                };
                let is_last = line.is_err();
                if sender.send(line).is_err() || is_last {
                    return;
                }
            }
        });
        Self { lines }
    }

    /// The next line that is not empty, waited for as long as told; for ever where nothing is told.
    ///
    /// # Errors
    /// The stream cannot be read.
    pub(super) fn next(&self, patience: Option<Duration>) -> io::Result<Next> {
        loop {
            let found = match patience {
                Some(patience) => match self.lines.recv_timeout(patience) {
                    Ok(found) => found?,
                    Err(RecvTimeoutError::Timeout) => return Ok(Next::Quiet),
                    Err(RecvTimeoutError::Disconnected) => return Ok(Next::End),
                },
                None => match self.lines.recv() {
                    Ok(found) => found?,
                    Err(_) => return Ok(Next::End),
                },
            };
            if found.1.as_ref().is_ok_and(|text| text.trim().is_empty()) {
                continue;
            }
            return Ok(Next::Line(found.0, found.1));
        }
    }
}

/// A line without its end; of one that is too long, or no text, what is wrong with it.
fn line(input: &mut impl BufRead) -> io::Result<Option<Result<String, String>>> {
    let mut bytes = Vec::new();
    let most = RECORD_BYTES_MAX as u64 + 1;
    if input.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if RECORD_BYTES_MAX < bytes.len() && bytes.last() != Some(&b'\n') {
        while bytes.last() != Some(&b'\n') {
            bytes.clear();
            if input.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
        }
        return Ok(Some(Err(format!("a line of at most {RECORD_BYTES_MAX} bytes is expected"))));
    }
    while matches!(bytes.last(), Some(b'\n' | b'\r')) {
        bytes.pop();
    }
    let text = String::from_utf8(bytes).map_err(|_| "text in UTF-8 is expected".to_string());
    Ok(Some(text))
}
