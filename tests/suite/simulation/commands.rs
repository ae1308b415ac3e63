//! What the callers of a simulation ask for: promises and what becomes of them, changes of planning data.

use super::{
    clients::Random,
    drawn::{CLASSES, ITEMS, whose},
};
use crate::engine_support::{amend, command};
use promised::{
    change::Change,
    engine::{
        AmendCommand, Commitment, Completeness, Engine, ManyCommand, ManyStep, NetCommand,
        PromiseCommand, RearrangeCommand, Selection, command::PlannedOn,
    },
    ledger::{Exchange, Reservation},
    model::Quantity,
    promising::request::OrderLine,
};
use std::sync::Arc;

/// A command as it was sent, to be sent again.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a few of them live at a time")]
pub enum Sent {
    Promise(PromiseCommand),
    Confirm(u64, Option<i64>),
    Cancel(u64, Option<i64>),
    Amend(AmendCommand),
    Fulfil(u64, Option<i64>),
    Reopen(u64),
    Many(ManyCommand),
    Rearrange(RearrangeCommand),
    Net(NetCommand),
}

/// A command of another body under the same id.
pub fn other_body(sent: &Sent) -> Sent {
    let more = |part: Option<i64>| Some(part.unwrap_or(0) + 1);
    match sent.clone() {
        Sent::Promise(mut command) => {
            command.request.lines[0].quantity += Quantity::units(1);
            Sent::Promise(command)
        }
        Sent::Confirm(number, part) => Sent::Confirm(number, more(part)),
        Sent::Cancel(number, part) => Sent::Cancel(number, more(part)),
        Sent::Amend(mut command) => {
            command.line.quantity += Quantity::units(1);
            Sent::Amend(command)
        }
        Sent::Fulfil(number, part) => Sent::Fulfil(number, more(part)),
        Sent::Reopen(number) => Sent::Reopen(number + 1),
        Sent::Many(mut command) => {
            command.selection = Selection::Numbers(vec![1, 2, 3, 4]);
            Sent::Many(command)
        }
        Sent::Rearrange(mut command) => {
            command.changes.push([on_hand("1".to_string())].into());
            Sent::Rearrange(command)
        }
        Sent::Net(mut command) => {
            command.source = command.source.is_none().then(|| "erp".into());
            Sent::Net(command)
        }
    }
}

/// Something to do with promises.
pub fn invent(id: &str, engine: &Engine, random: &mut Random) -> Sent {
    let highest = engine.pin().next_number();
    let number = 1 + random.below(highest.max(1));
    let part = (random.below(2) == 0).then(|| 1 + random.below(2) as i64);
    match random.below(12) {
        0 => Sent::Cancel(number, part),
        1 | 2 => Sent::Confirm(number, part),
        3 => Sent::Fulfil(number, part),
        5 if random.below(2) == 0 => Sent::Reopen(number),
        5 => Sent::Many(many(id, number, random)),
        4 => Sent::Amend(amendment(id, number, random)),
        _ => Sent::Promise(promise(id, engine, random)),
    }
}

/// Another item, quantity, day or owner for a promise.
pub fn amendment(id: &str, number: u64, random: &mut Random) -> AmendCommand {
    let quantity = 1 + random.below(6) as i64;
    let mut command = amend(number, random.pick(&ITEMS), quantity);
    command.request_id = id.to_string();
    for_somebody(&mut command.line, random);
    command
}

/// Some promises in a row, or all of an order.
fn many(id: &str, number: u64, random: &mut Random) -> ManyCommand {
    let selection = match random.below(2) {
        0 => Selection::Numbers((number..number + 1 + random.below(3)).collect()),
        _ => Selection::Order { order: random.order(), line: None },
    };
    let step = match random.below(4) {
        0 => ManyStep::Cancel,
        1 => ManyStep::Fulfil,
        2 => ManyStep::Extend { for_seconds: 1 + random.below(60) as i64 },
        _ => ManyStep::Confirm,
    };
    ManyCommand { request_id: id.to_string(), selection, step, deadline: None }
}

pub fn promise(id: &str, engine: &Engine, random: &mut Random) -> PromiseCommand {
    let lines: Vec<_> = (0..1 + random.below(2))
        .map(|_| (random.pick(&ITEMS), 1 + random.below(3) as i64))
        .collect();
    let mut command = command(id, &lines);
    // A few orders, so that amendments of another one are refused now and then.
    let order = random.order();
    for line in &mut command.request.lines {
        line.order.clone_from(&order);
        for_somebody(line, random);
    }
    if random.below(2) == 0 {
        command.commitment = Commitment::Hold { for_seconds: 1 + random.below(60) as i64 };
    }
    if random.below(3) == 0 {
        command.completeness = Completeness::AllOrNothing;
    }
    if random.below(6) == 0 {
        let left = std::time::Duration::from_secs(random.below(9));
        command.deadline = Some(engine.moment().after(left));
    }
    command
}

/// Whose a line is, and when it is wanted.
fn for_somebody(line: &mut OrderLine, random: &mut Random) {
    let (customer, class) = whose(random);
    line.customer = (!customer.is_empty()).then(|| customer.to_string());
    line.demand_class = (!class.is_empty()).then(|| class.to_string());
    if random.below(3) == 0 {
        line.requested = random.date().parse().expect("a date");
    }
}

/// Planning data change, and promises change hands, in one step.
pub fn rearrangement(id: &str, engine: &Engine, random: &mut Random) -> Sent {
    let world = engine.pin();
    let quantity = (random.below(9) as i64 - 3).to_string();
    let changes = match random.below(3) {
        0 => vec![],
        _ => vec![[on_hand(quantity)].into()],
    };
    let live = world.reservations_from(1 + random.below(world.next_number()));
    let live = live.filter(|one| one.is_live()).take(random.below(3) as usize);
    let exchange = |before: &Arc<Reservation>| {
        let mut without = (*world).clone();
        without.give_back(before);
        let after = Arc::clone(without.reservation(before.number).unwrap());
        Exchange { before: Some(Arc::clone(before)), after }
    };
    let exchanges = live.map(exchange).collect();
    let planned_on = Some(PlannedOn::of(&world));
    let request_id = id.to_string();
    let (asked, told, undoes, deadline) = (None, None, None, None);
    Sent::Rearrange(RearrangeCommand {
        request_id,
        changes,
        exchanges,
        planned_on,
        asked,
        told,
        undoes,
        deadline,
    })
}

fn on_hand(quantity: String) -> Change {
    let place = [("item", "PUMP".to_string()), ("location", "BER".to_string())];
    one("on_hand_adjusted", &[&place[..], &[("quantity", quantity)]].concat())
}

fn one(kind: &str, cells: &[(&str, String)]) -> Change {
    let cell = |name: &str| cells.iter().find(|(other, _)| *other == name).map(|(_, text)| &**text);
    Change::read(0, kind, cell).unwrap_or_else(|faults| panic!("{kind}: {faults:?}"))
}

/// A source says that planning data has changed: in a few ways at once, some of which cannot be.
pub fn net(id: &str, engine: &Engine, random: &mut Random) -> Sent {
    let changes = (0..1 + random.below(3)).map(|nth| change(&format!("{id}-{nth}"), random));
    let changes = changes.collect();
    let source = (random.below(2) == 0).then(|| "erp".into());
    // A source may have known of it for a while: then a later snapshot has it.
    let seconds = -(random.below(400) as i64);
    let known_at = engine.now().checked_add(jiff::SignedDuration::from_secs(seconds)).ok();
    let known_at = known_at.filter(|_| random.below(2) == 0);
    let request_id = id.to_string();
    Sent::Net(NetCommand {
        request_id,
        changes,
        source,
        known_at,
        position: None,
        after: None,
        deadline: None,
    })
}

type Cells = Vec<(&'static str, String)>;

fn cells(given: &[(&'static str, &str)]) -> Cells {
    given.iter().map(|(name, text)| (*name, text.to_string())).collect()
}

/// One change; `name` is that of a supply that it may add.
pub fn change(name: &str, random: &mut Random) -> Change {
    let place = cells(&[("item", random.pick(&ITEMS)), ("location", "BER")]);
    let supply = cells(&[("supply", random.pick(&["S1", "S2", "S3", "N1-0", "N2-0", "N3-1"]))]);
    let line = format!("{}/{}", random.order(), 1 + random.below(2));
    let demand = cells(&[("demand", &line)]);
    let date = cells(&[("date", &random.date())]);
    let few = cells(&[("quantity", &random.below(6).to_string())]);
    let revision = cells(&[("revision", &random.below(3).to_string())]);
    match random.below(19) {
        15 | 16 => share_change(random),
        17 => {
            let (kind, id) = (cells(&[("type", "forecast")]), cells(&[("demand", name)]));
            one("demand_created", &[id, kind, place, date, few, owner(random)].concat())
        }
        0 => one("on_hand_set", &[place, few].concat()),
        1 | 2 => one("on_hand_adjusted", &[place, few].concat()),
        3 | 4 => {
            let new = cells(&[("supply", name), ("type", "purchase_order")]);
            let for_whom = if random.below(2) == 0 { demand } else { Cells::new() };
            one("supply_added", &[new, place, date, few, for_whom].concat())
        }
        5 => one("supply_moved", &[supply, date].concat()),
        6 => one("supply_cut", &[supply, few].concat()),
        7 => one("supply_cancelled", &supply),
        8 => one("supply_received", &supply),
        9 => {
            let kind = cells(&[("type", "sales_order")]);
            one(
                "demand_created",
                &[demand, kind, place, date, few, revision, owner(random)].concat(),
            )
        }
        10 => one("demand_changed", &[demand, few, revision].concat()),
        11 => one("demand_shipped", &[demand, few].concat()),
        12 => one("demand_cancelled", &demand),
        13 => one("capacity_set", &[cells(&[("location", "BER")]), date, few].concat()),
        _ => {
            let word = random.pick(&["both", "backward", "none"]);
            let rule = [("rule", "back"), ("setting", "consumption"), ("value", word)];
            one("atp_rule_set", &cells(&rule))
        }
    }
}

/// Whose a demand is.
fn owner(random: &mut Random) -> Cells {
    let (customer, class) = whose(random);
    let all = cells(&[("customer", customer), ("demand_class", class)]);
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// A share is another one, or goes from hand to hand; where nothing is divided, or there is less, it is refused.
fn share_change(random: &mut Random) -> Change {
    let item = random.pick(&ITEMS);
    let place = cells(&[("item", item), ("location", "BER")]);
    let class = cells(&[("demand_class", random.pick(&CLASSES))]);
    let to = cells(&[("to_class", random.pick(&CLASSES))]);
    let when = match random.below(2) {
        0 => Cells::new(),
        _ => cells(&[("date", &random.date())]),
    };
    let rule = cells(&[("rule", &format!("R{item}"))]);
    let from =
        cells(&[("effective_from", random.pick(&["2026-11-01", "2026-11-25", "2026-11-27"]))]);
    let few = random.below(6).to_string();
    match random.below(7) {
        0 | 1 => {
            let few = cells(&[("quantity", &few)]);
            one("share_shifted", &[place, class, to, few, when].concat())
        }
        2 => one("share_released", &[place, class, to, when].concat()),
        3 => one("share_removed", &[rule, class, from].concat()),
        4 => one("share_set", &[rule, class, from, cells(&[("value", &few)])].concat()),
        5 => one("share_changed", &[rule, class, from, cells(&[("value", &few)])].concat()),
        _ => {
            let rule = if random.below(3) == 0 { Cells::new() } else { rule };
            one("allocation_assigned", &[rule, cells(&[("item", item)])].concat())
        }
    }
}
