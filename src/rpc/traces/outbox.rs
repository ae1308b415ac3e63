//! The way to the thread that sends spans: what waits for it is bounded.

use super::otlp::Span;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

/// What the thread is asked to do.
pub(super) enum SpanJob {
    Spans(Vec<Span>),
    /// Sends what waits now, and says so.
    Flush(mpsc::Sender<()>),
}

/// The way to the thread.
pub(super) struct Sender {
    pub(super) jobs: mpsc::Sender<SpanJob>,
    pub(super) waiting: Arc<AtomicUsize>,
    pub(super) at_most: usize,
}

impl Sender {
    /// Lets spans be sent, if there is room for them.
    pub(super) fn send(&self, spans: Vec<Span>) {
        let n = spans.len();
        if self.at_most < self.waiting.fetch_add(n, Ordering::AcqRel) + n {
            self.waiting.fetch_sub(n, Ordering::AcqRel);
            dropped("queue_full", n);
        } else if self.jobs.send(SpanJob::Spans(spans)).is_err() {
            self.waiting.fetch_sub(n, Ordering::AcqRel);
            dropped("no_thread", n);
        }
    }

    pub(super) fn flush(&self, at_most: Duration) {
        let (done, is_done) = mpsc::channel();
        if self.jobs.send(SpanJob::Flush(done)).is_ok() {
            // Where it takes longer it is lost.
            let _done = is_done.recv_timeout(at_most);
        }
    }
}

pub(super) fn dropped(reason: &'static str, n: usize) {
    metrics::counter!("promised_spans_dropped_total", "reason" => reason).increment(n as u64);
}
