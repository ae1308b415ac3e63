//! The profiles of the parts of one stock account, packed (semantics 7).
//!
//! What they are, the layer [`crate::allocation`] works out. A rule of twenty nodes makes twenty profiles of every
//! account, and most are alike: supplies come to all nodes on the same days, and where nothing is taken what is there
//! stays there. So equal runs of days are kept once, and what can be taken is the balance itself where that never falls.

use super::Part;
use crate::{
    limits::HORIZON_DAYS_MAX,
    model::{Consumption, Index, Stock, StockRef, stock_ref::Plain},
};

/// No part is ever borrowed from, so its commitments are not counted.
static NO_COMMITMENTS: [i64; HORIZON_DAYS_MAX as usize] = [0; HORIZON_DAYS_MAX as usize];

/// The profiles of the parts of one account: of each form that its rule has, one a class.
#[derive(Debug, Default)]
pub struct Block {
    nodes: Option<Form>,
    caps: Option<Form>,
    protected: Option<Form>,
    spans: Box<[Span]>,
    days: Box<[u16]>,
    amounts: Box<[i64]>,
}

/// Where the profiles of one form begin among all.
#[derive(Clone, Copy, Debug)]
struct Form(usize);

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
    /// The profiles of parts of each form: one a class, or no one where the rule has no such form.
    pub(crate) fn new(nodes: &[Stock], caps: &[Stock], protected: &[Stock]) -> Self {
        let mut making = Making::default();
        let mut push = |profiles: &[Stock]| {
            let form = (!profiles.is_empty()).then_some(Form(making.spans.len()));
            profiles.iter().for_each(|profile| making.push(profile.as_ref()));
            form
        };
        let (nodes, caps, protected) = (push(nodes), push(caps), push(protected));
        let Making { spans, days, amounts } = making;
        Self {
            nodes,
            caps,
            protected,
            spans: spans.into(),
            days: days.into(),
            amounts: amounts.into(),
        }
    }

    /// The profile of a part, as the snapshot has it.
    pub(crate) fn profile(&self, part: Part, consumption: Consumption) -> StockRef<'_> {
        let (form, class) = match part {
            Part::Node(class) => (self.nodes, class),
            Part::Cap(class) => (self.caps, class),
            Part::Protected(class) => (self.protected, class),
            Part::Seen(_) => return StockRef::empty(consumption),
        };
        let Some(Form(first)) = form else {
            return StockRef::empty(consumption);
        };
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
}
