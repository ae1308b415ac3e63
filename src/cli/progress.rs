//! Progress bars for long work: on standard error, and only where a person looks at it.

use crate::{loader::Progress, promising::patience::Patience};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{sync::mpsc::RecvTimeoutError, time::Duration};

/// Work below these is done before anybody has read what it is: rows, lines, bytes of a table.
const ROWS_MIN: u64 = 200_000;
const LINES_MIN: u64 = 2_000;
const BYTES_MIN: u64 = 4 << 20;

/// How often it is looked how far work here is.
const LOOK_EVERY: Duration = Duration::from_millis(100);

fn bar(total: u64, target: ProgressDrawTarget, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), target);
    let style =
        ProgressStyle::with_template(template).expect("the template is written in this file");
    bar.set_style(style.progress_chars("██ "));
    bar
}

/// Where work of some size is shown. A standard error that is no terminal draws nothing at all: that is
/// indicatif's own rule.
fn target(size: u64, least: u64) -> ProgressDrawTarget {
    if size < least { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() }
}

/// A bar over rows that are written; its message is the table.
pub(super) fn rows(total: u64) -> ProgressBar {
    bar(total, target(total, ROWS_MIN), "writing {msg:26} {bar:20} {percent} %, {eta} left")
}

/// A bar over order lines that are promised.
pub(super) fn lines(total: u64) -> ProgressBar {
    bar(
        total,
        target(total, LINES_MIN),
        "promising {bar:20} {human_pos} of {human_len} lines, {eta} left",
    )
}

/// A bar over the values of a parameter, with each of which so many orders are promised.
pub(super) fn values(values: u64, orders: u64) -> ProgressBar {
    let size = target(values.saturating_mul(orders), LINES_MIN);
    bar(values, size, "trying {bar:20} {human_pos} of {human_len} values, {eta} left")
}

/// A bar over work of which it is told how far it is; it shows nothing until it is known that there is much of it.
pub(super) struct WorkBar(ProgressBar);

/// A bar over such work, in a word of what is done.
pub(super) fn work(doing: &'static str) -> WorkBar {
    let hidden = ProgressDrawTarget::hidden();
    let bar = bar(0, hidden, "{msg} {bar:20} {human_pos} of {human_len}, {eta} left");
    bar.set_message(doing);
    WorkBar(bar)
}

impl WorkBar {
    /// It is so far.
    pub(super) fn at(&self, done: u32, of: u32) {
        if self.0.is_hidden() && LINES_MIN <= u64::from(of) {
            self.0.set_draw_target(target(of.into(), LINES_MIN));
        }
        self.0.set_length(of.into());
        self.0.set_position(done.into());
    }

    /// Does work here, and looks from time to time how far it is.
    pub(super) fn over<T>(&self, patience: &Patience, work: impl FnOnce() -> T) -> T {
        let (over, waits) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                while waits.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                    let far = patience.far();
                    self.at(far.lines_done, far.lines);
                }
            });
            let done = work();
            drop(over);
            done
        })
    }
}

impl Drop for WorkBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A bar over the bytes that are sent.
pub(super) fn bytes(total: u64) -> ProgressBar {
    bar(total, target(total, BYTES_MIN), "sending {bar:20} {bytes} of {total_bytes}, {eta} left")
}

/// A bar over the bytes of each table that is loaded.
pub(super) struct LoadingBar(ProgressBar);

impl LoadingBar {
    /// A bar that shows nothing until the first large table comes.
    pub(super) fn new() -> Self {
        Self(bar(
            0,
            ProgressDrawTarget::hidden(),
            "loading {msg:26} {bar:20} {bytes} of {total_bytes}",
        ))
    }
}

impl Progress for LoadingBar {
    fn table(&self, name: &str, bytes_total: u64) {
        self.0.set_draw_target(target(bytes_total, BYTES_MIN));
        self.0.set_message(name.to_string());
        self.0.set_position(0);
        self.0.set_length(bytes_total);
    }

    fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    fn done(&self) {
        self.0.finish_and_clear();
    }
}
