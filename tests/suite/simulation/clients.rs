//! The callers of a simulation: what they sent, and what they were told.

use crate::engine_support::{amend, cancel, command, confirm, say, say_change};
use promised::engine::{
    Answer, ChangeOutcome, Commitment, Completeness, Engine, Error, FulfilCommand, PromiseCommand,
    PromiseOutcome, RearrangeCommand, command::PlannedOn,
};
use promised::{
    change::Change,
    ledger::{Exchange, Reservation},
};
use std::{
    collections::BTreeMap,
    future::Future,
    pin::pin,
    sync::Arc,
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
}

/// A command as it was sent, to be sent again.
#[derive(Clone)]
enum Sent {
    Promise(PromiseCommand),
    Confirm(u64, Option<i64>),
    Cancel(u64, Option<i64>),
    Amend(u64, &'static str, i64),
    Fulfil(u64),
    Rearrange(RearrangeCommand),
}

enum Waiting {
    Promise(Answer<PromiseOutcome>),
    Change(Answer<ChangeOutcome>),
    Rearrange(Answer<u64>),
}

/// What a caller was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub text: String,
    /// The entry that makes it true; none where nothing was done.
    pub position: Option<u64>,
}

#[derive(Default)]
pub struct Clients {
    sent: BTreeMap<String, Sent>,
    waiting: Vec<(String, Waiting)>,
    pub told: BTreeMap<String, Told>,
    n_ids: u64,
}

const ITEMS: [&str; 4] = ["PUMP", "MOTOR", "BACK", "ALONE"];

impl Clients {
    pub fn n_acknowledged(&self) -> usize {
        self.told.values().filter(|told| told.position.is_some()).count()
    }

    pub fn knows(&self, id: &str) -> bool {
        self.sent.contains_key(id)
    }

    /// A new command, or one that was sent before.
    pub fn send(&mut self, engine: &Engine, random: &mut Random, highest: u64) -> String {
        if random.below(5) == 0 && !self.sent.is_empty() {
            let nth = random.below(self.sent.len() as u64) as usize;
            let id = self.sent.keys().nth(nth).unwrap().clone();
            self.resend(engine, &id);
            return format!("again {id}");
        }
        self.n_ids += 1;
        let id = format!("R{}", self.n_ids);
        let sent = invent(&id, engine, random, highest);
        self.sent.insert(id.clone(), sent);
        self.resend(engine, &id);
        format!("send {id}")
    }

    /// Planning data change, and promises change hands, in one step.
    pub fn rearrange(&mut self, engine: &Engine, random: &mut Random) -> String {
        self.n_ids += 1;
        let id = format!("X{}", self.n_ids);
        let world = engine.pin();
        let quantity = (random.below(9) as i64 - 3).to_string();
        let cells = [("item", "PUMP"), ("location", "BER"), ("quantity", &*quantity)];
        let cell =
            |name: &str| cells.iter().find(|(other, _)| *other == name).map(|(_, text)| *text);
        let changes = match random.below(3) {
            0 => vec![],
            _ => vec![[Change::read(0, "on_hand_adjusted", cell).unwrap()].into()],
        };
        let live = world.reservations_from(1 + random.below(world.next_number()));
        let live = live.filter(|one| one.is_live()).take(random.below(3) as usize);
        let exchange = |before: &Arc<Reservation>| Exchange {
            before: Some(Arc::clone(before)),
            after: Arc::new(world.given_back(before)),
        };
        let exchanges = live.map(exchange).collect();
        let planned_on = Some(PlannedOn::of(&world));
        let request_id = id.clone();
        let command =
            RearrangeCommand { request_id, changes, exchanges, planned_on, deadline: None };
        self.sent.insert(id.clone(), Sent::Rearrange(command));
        self.resend(engine, &id);
        format!("rearrange {id}")
    }

    pub fn resend(&mut self, engine: &Engine, id: &str) {
        let waiting = match self.sent[id].clone() {
            Sent::Promise(command) => Waiting::Promise(engine.promise(command)),
            Sent::Confirm(number, part) => {
                Waiting::Change(engine.confirm(confirm(id, number, part)))
            }
            Sent::Cancel(number, part) => Waiting::Change(engine.cancel(cancel(id, number, part))),
            Sent::Amend(number, item, quantity) => {
                let mut command = amend(number, item, quantity);
                command.request_id = id.to_string();
                Waiting::Change(engine.amend(command))
            }
            Sent::Fulfil(number) => {
                let request_id = id.to_string();
                Waiting::Change(engine.fulfil(FulfilCommand { request_id, number, deadline: None }))
            }
            Sent::Rearrange(command) => Waiting::Rearrange(engine.rearrange(command)),
        };
        self.waiting.push((id.to_string(), waiting));
    }

    /// Every id that was answered with something that was done.
    pub fn acknowledged(&self) -> Vec<String> {
        let done = self.told.iter().filter(|(_, told)| told.position.is_some());
        done.map(|(id, _)| id.clone()).collect()
    }

    /// Takes the answers that are there, and checks them against earlier ones (L4).
    pub fn listen(&mut self, log: &mut String) {
        let mut still = Vec::new();
        for (id, mut waiting) in std::mem::take(&mut self.waiting) {
            match waiting.poll() {
                None => still.push((id, waiting)),
                Some(told) => {
                    log.push_str(&format!("  {id}: {}\n", told.text));
                    let first = self.told.get(&id).filter(|first| first.position.is_some());
                    if let Some(first) = first
                        && told.text != "stopped"
                    {
                        assert_eq!(*first, told, "L4: {id} gets its first answer");
                    }
                    if told.text != "stopped" {
                        self.told.entry(id).and_modify(|old| *old = told.clone()).or_insert(told);
                    }
                }
            }
        }
        self.waiting = still;
    }
}

fn invent(id: &str, engine: &Engine, random: &mut Random, highest: u64) -> Sent {
    let number = 1 + random.below(highest.max(1));
    let part = (random.below(2) == 0).then(|| 1 + random.below(2) as i64);
    match random.below(12) {
        0 => Sent::Cancel(number, part),
        1 | 2 => Sent::Confirm(number, part),
        3 => Sent::Fulfil(number),
        4 => Sent::Amend(number, ITEMS[random.below(4) as usize], 1 + random.below(6) as i64),
        _ => {
            let lines: Vec<_> = (0..1 + random.below(2))
                .map(|_| (ITEMS[random.below(4) as usize], 1 + random.below(3) as i64))
                .collect();
            let mut command = command(id, &lines);
            // A few orders, so that amendments of another one are refused now and then.
            let order = format!("O{}", 1 + random.below(3));
            command.request.lines.iter_mut().for_each(|line| line.order.clone_from(&order));
            if random.below(2) == 0 {
                command.commitment = Commitment::Hold { for_seconds: 1 + random.below(60) as i64 };
            }
            if random.below(3) == 0 {
                command.completeness = Completeness::AllOrNothing;
            }
            if random.below(6) == 0 {
                let seconds = random.below(9) as i64;
                command.deadline =
                    engine.now().checked_add(jiff::SignedDuration::from_secs(seconds)).ok();
            }
            Sent::Promise(command)
        }
    }
}

impl Waiting {
    fn poll(&mut self) -> Option<Told> {
        match self {
            Self::Promise(answer) => ready(answer).map(|result| match result {
                Ok(outcome) => {
                    let is_done = outcome.reservations.iter().any(Option::is_some);
                    Told { text: say(&outcome), position: is_done.then_some(outcome.position) }
                }
                Err(error) => refused(error),
            }),
            Self::Change(answer) => ready(answer).map(|result| match result {
                Ok(outcome) => {
                    let position = outcome.changed.then_some(outcome.position);
                    Told { text: say_change(Ok(outcome)), position }
                }
                Err(error) => refused(error),
            }),
            Self::Rearrange(answer) => ready(answer).map(|result| match result {
                Ok(position) => Told { text: position.to_string(), position: Some(position) },
                Err(error) => refused(error),
            }),
        }
    }
}

fn refused(error: Error) -> Told {
    let text = match error {
        Error::Stopped => "stopped".to_string(),
        error => say_change(Err(error)),
    };
    Told { text, position: None }
}

pub fn ready<T>(answer: &mut Answer<T>) -> Option<Result<T, Error>> {
    match pin!(answer).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}
