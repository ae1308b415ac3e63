//! The callers of a simulation: what they sent, and what they were told.

use super::commands::{self, Sent};
use crate::engine_support::{Hands, cancel, confirm, say, say_change};
use promised::engine::{
    Answer, ChangeOutcome, Engine, Error, FulfilCommand, ManyOutcome, NetOutcome, PromiseOutcome,
    ReopenCommand, Which,
};
use promised::model::Quantity;
use std::{
    collections::BTreeMap,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// Numbers of no meaning, always the same ones.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    pub fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len() as u64) as usize]
    }

    /// One of a few orders.
    pub fn order(&mut self) -> String {
        format!("O{}", 1 + self.below(3))
    }

    /// A day of the horizon, or a little outside of it.
    pub fn date(&mut self) -> String {
        format!("2026-11-{}", 22 + self.below(9))
    }
}

enum Waiting {
    Promise(Answer<PromiseOutcome>),
    Change(Answer<ChangeOutcome>),
    Rearrange(Answer<u64>),
    Net(Answer<NetOutcome>),
    Many(Answer<ManyOutcome>),
}

/// What a caller was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub text: String,
    /// The entry that makes it true; none where nothing was done.
    pub position: Option<u64>,
}

/// What is put behind the id of a request where another body was sent under it.
const OTHER: char = '\'';

/// The id under which a command was sent.
pub fn request_id(name: &str) -> &str {
    name.trim_end_matches(OTHER)
}

/// The name of the command of the other body under the same id.
fn counterpart(name: &str) -> String {
    match name.strip_suffix(OTHER) {
        Some(id) => id.to_string(),
        None => format!("{name}{OTHER}"),
    }
}

/// By the names of commands: their ids, and those with another body.
#[derive(Default)]
pub struct Clients {
    sent: BTreeMap<String, Sent>,
    waiting: Vec<(String, Waiting)>,
    pub told: BTreeMap<String, Told>,
    n_ids: u64,
    /// How often another body under a used id was refused.
    pub n_reused: usize,
    /// How many were too late by their own deadlines.
    pub n_late: usize,
    /// How many were left without a word.
    pub n_unknown: usize,
    /// How many changes of planning data were acknowledged.
    pub n_changes: usize,
}

impl Clients {
    pub fn n_acknowledged(&self) -> usize {
        self.told.values().filter(|told| told.position.is_some()).count()
    }

    pub fn knows(&self, id: &str) -> bool {
        self.sent.contains_key(id)
    }

    /// A new command.
    pub fn send(
        &mut self,
        engine: &Engine,
        random: &mut Random,
        invent: fn(&str, &Engine, &mut Random) -> Sent,
    ) -> String {
        self.n_ids += 1;
        let id = format!("R{}", self.n_ids);
        let sent = invent(&id, engine, random);
        if std::env::var_os("PROMISED_SHOW").is_some() {
            eprintln!("{id} {sent:?}");
        }
        self.sent.insert(id.clone(), sent);
        self.resend(engine, &id);
        format!("send {id}")
    }

    /// One that was sent before, as it was or with another body.
    pub fn send_again(&mut self, engine: &Engine, random: &mut Random) -> String {
        if self.sent.is_empty() {
            return "nothing to send again".to_string();
        }
        let nth = random.below(self.sent.len() as u64) as usize;
        let name = self.sent.keys().nth(nth).unwrap().clone();
        let name = if random.below(3) == 0 { self.with_other_body(&name) } else { name };
        self.resend(engine, &name);
        format!("again {name}")
    }

    /// The name of another command under the same id.
    fn with_other_body(&mut self, name: &str) -> String {
        let other = counterpart(name);
        if !self.knows(&other) {
            let body = commands::other_body(&self.sent[name]);
            self.sent.insert(other.clone(), body);
        }
        other
    }

    fn resend(&mut self, engine: &Engine, name: &str) {
        let id = request_id(name);
        let waiting = match self.sent[name].clone() {
            Sent::Promise(command) => Waiting::Promise(engine.promise(command)),
            Sent::Confirm(number, part) => {
                Waiting::Change(engine.confirm(confirm(id, number, part)))
            }
            Sent::Cancel(number, part) => Waiting::Change(engine.cancel(cancel(id, number, part))),
            Sent::Amend(command) => Waiting::Change(engine.amend(command)),
            Sent::Reopen(number) => {
                let request_id = id.to_string();
                Waiting::Change(engine.reopen(ReopenCommand { request_id, number, deadline: None }))
            }
            Sent::Fulfil(number, part) => {
                let request_id = id.to_string();
                Waiting::Change(engine.fulfil(FulfilCommand {
                    request_id,
                    which: Which::Number(number),
                    quantity: part.map(Quantity::units),
                    shipped_at: None,
                    deadline: None,
                }))
            }
            Sent::Rearrange(command) => Waiting::Rearrange(engine.rearrange(command)),
            Sent::Net(command) => Waiting::Net(engine.change(command)),
            Sent::Many(command) => Waiting::Many(engine.many(command)),
        };
        self.waiting.push((name.to_string(), waiting));
    }

    /// Sends everything again that was done, and for each something else under the same id.
    pub fn resend_all(&mut self, engine: &Engine) {
        let done = self.told.iter().filter(|(_, told)| told.position.is_some());
        let done: Vec<_> = done.map(|(name, _)| name.clone()).collect();
        for name in done {
            self.resend(engine, &name);
            let other = self.with_other_body(&name);
            self.resend(engine, &other);
        }
    }

    /// Takes the answers that are there, and checks them against earlier ones (L4).
    pub fn listen(&mut self, hands: &Hands, log: &mut String) {
        let mut still = Vec::new();
        for (name, mut waiting) in std::mem::take(&mut self.waiting) {
            match waiting.poll() {
                None => still.push((name, waiting)),
                Some(told) => {
                    log.push_str(&format!("  {name}: {}\n", told.text));
                    if std::env::var_os("PROMISED_SHOW").is_some() {
                        eprintln!("  {name}: {}", told.text);
                    }
                    self.check_refusal(&name, &told, hands);
                    self.hear(name, told);
                }
            }
        }
        self.waiting = still;
    }

    /// Whether nobody waits for an answer.
    pub fn are_answered(&self) -> bool {
        self.waiting.is_empty()
    }

    /// A refusal must have a cause that the caller can see: a call is too late only by its own deadline, on a clock
    /// that never jumps.
    fn check_refusal(&mut self, name: &str, told: &Told, hands: &Hands) {
        if told.text != TOO_LATE {
            return;
        }
        let Sent::Promise(command) = &self.sent[name] else {
            panic!("{name} has no deadline, and is too late");
        };
        let deadline = command.deadline.expect("only who has a deadline is too late");
        assert!(deadline < hands.moment(0), "{name} has time until {deadline:?}");
        self.n_late += 1;
    }

    fn hear(&mut self, name: String, told: Told) {
        self.n_unknown += usize::from(told.text == UNKNOWN);
        if told.text == STOPPED || told.text == UNKNOWN {
            return;
        }
        let is_done = |told: &&Told| told.position.is_some();
        if self.told.get(&counterpart(&name)).is_some_and(|other| is_done(&other)) {
            assert_eq!(told.text, REUSED, "L4: {name} has another body than what was done");
        }
        if let Some(first) = self.told.get(&name).filter(is_done) {
            assert_eq!(*first, told, "L4: {name} gets its first answer");
        } else if is_done(&&told) && matches!(self.sent[&name], Sent::Net(_)) {
            self.n_changes += 1;
        }
        self.n_reused += usize::from(told.text == REUSED);
        self.told.insert(name, told);
    }
}

impl Waiting {
    fn poll(&mut self) -> Option<Told> {
        match self {
            Self::Promise(answer) => told(answer, |outcome| {
                let is_done = outcome.reservations.iter().any(Option::is_some);
                (say(&outcome), is_done.then_some(outcome.position))
            }),
            Self::Change(answer) => told(answer, |outcome| {
                let position = outcome.changed.then_some(outcome.position);
                (say_change(Ok(outcome)), position)
            }),
            Self::Many(answer) => told(answer, |outcome| {
                let all = outcome.reservations.iter();
                let all: Vec<_> = all.map(|one| format!("{} {}", one.id(), one.state)).collect();
                (format!("{} at {}", all.join(", "), outcome.position), Some(outcome.position))
            }),
            Self::Rearrange(answer) => told(answer, |at| (format!("at {at}"), Some(at))),
            Self::Net(answer) => told(answer, |outcome| {
                let (changed, at) = (outcome.changed, outcome.position);
                let judged: Vec<_> = changed.judged.iter().map(|one| one.id()).collect();
                let (risky, eased) = (changed.at_risk(), &changed.eased);
                let text = format!("judged {judged:?}, at risk {risky:?}, not {eased:?}, at {at}");
                (text, Some(at))
            }),
        }
    }
}

const STOPPED: &str = "stopped";
const UNKNOWN: &str = "unknown";
const REUSED: &str = "reused";
const TOO_LATE: &str = "too late";

fn told<T>(answer: &mut Answer<T>, say: impl FnOnce(T) -> (String, Option<u64>)) -> Option<Told> {
    let (text, position) = match ready(answer)? {
        Ok(outcome) => say(outcome),
        Err(Error::Stopped) => (STOPPED.to_string(), None),
        Err(Error::OutcomeUnknown) => (UNKNOWN.to_string(), None),
        Err(Error::RequestIdReused { .. }) => (REUSED.to_string(), None),
        Err(Error::DeadlineExceeded) => (TOO_LATE.to_string(), None),
        Err(error) => (say_change(Err(error)), None),
    };
    Some(Told { text, position })
}

pub fn ready<T>(answer: &mut Answer<T>) -> Option<Result<T, Error>> {
    match pin!(answer).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}
