//! What an allocation rule makes of one stock account: the profiles of its parts (semantics 7).
//!
//! Under a share rule every class node has a profile of its own: its part of every supply, less what
//! the snapshot's demands take of it (`history.rs`). Caps and protected quantities are accounts too, one
//! day a period. A block is worked out once, when it is first asked for, from the snapshot alone.

use super::{
    ClassIx, Snapshot,
    allocation::{AllocationRule, Known, Limit},
    history::{divide, promised},
};
use crate::{
    limits::HORIZON_DAYS_MAX,
    model::{Consumption, Index, Quantity, Stock, StockRef, profile::Change, stock_ref::Plain},
};

/// A part of a stock account that an allocation rule gives an account of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The share of a class node: what is there and not yet taken.
    Node(ClassIx),
    /// What a class may get in a period at most, and has not yet been promised: one day a period.
    Cap(ClassIx),
    /// What a class has been promised in a period, less what is kept for it: one day a period.
    Kept(ClassIx),
    /// What a class, or a line without class, has taken where a rule bounds what it sees of the whole.
    Seen(Option<ClassIx>),
}

/// No part is ever borrowed from, so its commitments are not counted.
static NO_COMMITMENTS: [i64; HORIZON_DAYS_MAX as usize] = [0; HORIZON_DAYS_MAX as usize];

/// The profiles of the parts of one account: of the forms that its rule has, nodes, then caps, then what is
/// kept, those of one form by class.
///
/// A rule of twenty nodes makes twenty profiles of every account, and most are alike: supplies come to
/// all nodes on the same days, and where nothing is taken what is there stays there. So equal runs of
/// days are kept once, and what can be taken is the balance itself where that never falls.
#[derive(Debug, Default)]
pub struct Block {
    forms: Forms,
    spans: Box<[Span]>,
    days: Box<[u16]>,
    amounts: Box<[i64]>,
}

/// Which forms of parts a rule has.
#[derive(Clone, Copy, Debug, Default)]
struct Forms {
    nodes: bool,
    caps: bool,
    kept: bool,
}

/// Where the profile of a part stands: so many days, balances and what can be taken.
#[derive(Clone, Copy, Debug)]
struct Span {
    days: u32,
    cum: u32,
    low: u32,
    len: u16,
}

/// A block on the way.
#[derive(Debug, Default)]
struct Making {
    spans: Vec<Span>,
    days: Vec<u16>,
    amounts: Vec<i64>,
}

/// Spans among whose days equal ones are looked for.
const SPANS_COMPARED: usize = 8;

impl Making {
    fn push(&mut self, profile: StockRef<'_>) {
        let n_days = profile.days().len();
        let len = u16::try_from(n_days).expect("at most one entry a day");
        let place = |len: usize| u32::try_from(len).expect("a block is small");
        let is_same =
            |span: &&Span| self.days[span.days as usize..][..span.len.into()] == *profile.days();
        let same = self.spans.iter().rev().take(SPANS_COMPARED).find(is_same);
        let days = same.map_or(place(self.days.len()), |span| span.days);
        if same.is_none() {
            self.days.extend_from_slice(profile.days());
        }
        let cum = place(self.amounts.len());
        self.amounts.extend((0..n_days).map(|at| profile.cum(at)));
        let mut low = cum;
        if (0..n_days).any(|at| profile.low(at) != profile.cum(at)) {
            low = place(self.amounts.len());
            self.amounts.extend((0..n_days).map(|at| profile.low(at)));
        }
        self.spans.push(Span { days, cum, low, len });
    }
}

impl Block {
    /// The profile of a part, as the snapshot has it.
    pub(super) fn profile(
        &self,
        part: Part,
        (n_classes, consumption): (usize, Consumption),
    ) -> StockRef<'_> {
        let Forms { nodes, caps, kept } = self.forms;
        let first = |before: &[bool]| n_classes * before.iter().filter(|form| **form).count();
        let (class, is_there, first, consumption) = match part {
            Part::Node(class) => (class, nodes, 0, consumption),
            Part::Cap(class) => (class, caps, first(&[nodes]), Consumption::None),
            Part::Kept(class) => (class, kept, first(&[nodes, caps]), Consumption::None),
            Part::Seen(_) => return StockRef::empty(Consumption::None),
        };
        if !is_there {
            return StockRef::empty(consumption);
        }
        let Span { days, cum, low, len } = self.spans[first + class.to_usize()];
        let len = usize::from(len);
        let plain = Plain {
            days: &self.days[days as usize..][..len],
            cum: &self.amounts[cum as usize..][..len],
            low: &self.amounts[low as usize..][..len],
            committed: &NO_COMMITMENTS[..len],
        };
        StockRef::plain(plain, consumption)
    }

    /// What a rule makes of an account.
    pub(super) fn new(snapshot: &Snapshot, rule: &AllocationRule, known: Known) -> Self {
        let account = match known {
            Known::Account(account) => Some(account),
            Known::Nothing => None,
        };
        let forms = Forms {
            nodes: rule.divides() && account.is_some(),
            caps: !rule.caps.is_empty(),
            kept: !rule.protects.is_empty(),
        };
        let mut making = Making::default();
        if let Some(account) = account.filter(|_| forms.nodes) {
            let nodes = divide(snapshot, rule, account).1;
            nodes.iter().for_each(|node| making.push(node.as_ref()));
        }
        let mut counters = |limits: &[Limit], net: fn(Quantity, Quantity) -> Quantity| {
            for class in snapshot.classes.rows.indices().filter(|_| !limits.is_empty()) {
                let of_class = limits.iter().filter(|limit| limit.class == class);
                let change = of_class.filter_map(|limit| {
                    let day = limit.day().filter(|&day| day < snapshot.epoch().end())?;
                    let promised = account.map(|account| promised(snapshot, account, limit));
                    let net = net(limit.value, promised.unwrap_or_default());
                    Some(Change { day, net, committed: Quantity::ZERO })
                });
                making.push(Stock::new(Consumption::None, change).as_ref());
            }
        };
        counters(&rule.caps, |value, promised| value - promised);
        counters(&rule.protects, |value, promised| promised - value);
        let Making { spans, days, amounts } = making;
        Self { forms, spans: spans.into(), days: days.into(), amounts: amounts.into() }
    }
}
