//! PromiseService.GetPegging and Explain: what a live promise is made of, who counts on what, and how a promise would
//! fare now.

use super::{
    catalog::required,
    decode,
    edge::memory::hold,
    encode::{self, AnswerEncoder, Pegging},
    proto, reservation,
    status::{Failure, shown},
    text::Words,
};
use crate::{
    engine::{Engine, planning},
    insight::{
        matching::{Match, SupplyDocument, Who},
        pegging::{self, PegNode, PegOrigin, Pegged},
        takes::Takes,
    },
    ledger::{self, Reservation, World},
    model::{AccountIx, Quantity},
    promising::{
        patience::{GivenUp, Patience},
        request::{OrderLine, Remedies, Repeat, Request},
        terms,
    },
    snapshot::{Account, SupplyIx},
};
use proto::{dependant, get_pegging_request::Of, peg};
use std::sync::Arc;
use tonic::Code;

/// Bytes that a taker and its copy in the answer are reckoned to take.
const DEPENDANT_BYTES: usize = 384;

/// What a live promise, a demand or a document is made of or counted on by.
pub(super) fn pegging(
    engine: &Engine,
    world: &World,
    message: &proto::GetPeggingRequest,
) -> Result<proto::GetPeggingResponse, Failure> {
    let asked = asked(world, message)?;
    let found = engine.ask_takes(world, |takes| look(takes, &asked));
    hold(found.used_by.len() * DEPENDANT_BYTES)?;
    let words = Words::new(&world.snapshot);
    let legs = found.legs.iter().map(|(leg, pegs)| pegged(words, leg, pegs)).collect();
    let used_by = found.used_by.iter().map(|one| dependant(world, one)).collect();
    Ok(proto::GetPeggingResponse {
        legs,
        used_by,
        version: Some(encode::version(world, world.position)),
        unpegged: encode::quantity(found.unpegged),
    })
}

/// What is asked for, with its indices.
enum Asked {
    Promise(Arc<Reservation>),
    Demand(crate::snapshot::DemandIx),
    Document(AccountIx, SupplyDocument),
    Resource(AccountIx),
}

/// What was found.
#[derive(Default)]
struct Found {
    legs: Vec<(proto::Leg, Vec<PegNode>)>,
    used_by: Vec<(AccountIx, Match)>,
    unpegged: Quantity,
}

fn asked(world: &World, message: &proto::GetPeggingRequest) -> Result<Asked, Failure> {
    let snapshot = &*world.snapshot;
    match &message.of {
        None => Err(Failure::invalid_field(
            "promise_id",
            "is required, or a demand, a supply, on_hand or a resource",
        )),
        Some(Of::PromiseId(id)) => Ok(Asked::Promise(live(world, id)?)),
        Some(Of::Demand(key)) => {
            let unknown = || {
                Failure::invalid_field(
                    "demand",
                    format!("{} is not known to the snapshot", shown(key)),
                )
            };
            Ok(Asked::Demand(snapshot.demands.names.get(key).ok_or_else(unknown)?))
        }
        Some(Of::Supply(key)) => {
            let found: Option<SupplyIx> = snapshot.supplies.names.get(key);
            let placed =
                found.and_then(|supply| Some((supply, snapshot.supplies.account(supply)?)));
            let unknown = || {
                Failure::invalid_field(
                    "supply",
                    format!("{} is not known to the snapshot", shown(key)),
                )
            };
            let (supply, account) = placed.ok_or_else(unknown)?;
            Ok(Asked::Document(account.ix(), SupplyDocument::Supply(supply)))
        }
        Some(Of::OnHand(place)) => {
            let found = decode::collect(|reader| {
                let reader = &mut reader.within("on_hand");
                let item = required(reader, "item", &snapshot.items.names, &place.item);
                let location =
                    required(reader, "location", &snapshot.locations.names, &place.location);
                Some((item?, location?))
            })?;
            let (item, location) = found.expect("what is missing or unknown is a fault");
            Ok(Asked::Document(snapshot.stock(item, location).ix(), SupplyDocument::OnHand))
        }
        Some(Of::Resource(key)) => {
            let found = decode::collect(|reader| {
                required(reader, "resource", &snapshot.resources.names, key)
            })?;
            let resource = found.expect("one that is missing or unknown is a fault");
            let capacity = snapshot.resources.rows[resource].capacity;
            Ok(Asked::Resource(snapshot.capacity(capacity).ix()))
        }
    }
}

/// A promise that is held or confirmed.
fn live(world: &World, id: &str) -> Result<Arc<Reservation>, Failure> {
    if id.is_empty() {
        return Err(Failure::invalid_field("promise_id", "is required"));
    }
    let number = ledger::reservation::number(id).ok_or_else(|| {
        Failure::invalid_field(
            "promise_id",
            format!("{} is not the id of a promise, such as P17", shown(id)),
        )
    })?;
    let none =
        || Failure::new(Code::NotFound, "PROMISE_NOT_FOUND", format!("there is no promise {id}"));
    let found = world.reservation(number).ok_or_else(none)?;
    if found.is_live() {
        return Ok(Arc::clone(found));
    }
    let text = format!(
        "{id} is {}: only a promise that is held or confirmed is made of anything",
        found.state
    );
    Err(Failure::new(Code::FailedPrecondition, "NOT_LIVE", text))
}

fn look(takes: &mut Takes, asked: &Asked) -> Found {
    match asked {
        Asked::Promise(promise) => {
            let legs = pegging::of_promise(takes, promise);
            let words = Words::new(&takes.world().snapshot);
            let leg =
                |(leg, pegs): Pegged| (reservation::leg(words, promise.facts.item, &leg), pegs);
            let legs = legs.into_iter().map(leg).collect();
            Found { legs, used_by: pegging::used_of(takes, promise), ..Found::default() }
        }
        Asked::Demand(demand) => {
            let peg = pegging::of_demand(takes, *demand);
            let words = Words::new(&takes.world().snapshot);
            let leg = |peg: PegNode| {
                let leg = proto::Leg {
                    item: words.item(peg.item).to_string(),
                    location: words.location(peg.location).to_string(),
                    quantity: encode::quantity(words.quantity(peg.item, peg.quantity)),
                    covers: encode::quantity(words.quantity(peg.item, peg.quantity)),
                    need_date: words.date(peg.day),
                    ship_date: words.date(peg.day),
                    supply: "stock".to_string(),
                    ..proto::Leg::default()
                };
                (leg, vec![peg])
            };
            Found { legs: peg.into_iter().map(leg).collect(), ..Found::default() }
        }
        Asked::Document(account, document) => {
            let found = pegging::used_by(takes, *account, *document);
            let used: Quantity = found.iter().map(|one| one.quantity).sum();
            let unpegged = takes.matching(*account).has(*document) - used;
            let unpegged = takes.world().snapshot.shown_of(*account, unpegged);
            let used_by = found.into_iter().map(|one| (*account, one)).collect();
            Found { legs: Vec::new(), used_by, unpegged }
        }
        Asked::Resource(account) => Found {
            used_by: crate::insight::pegging::hours_of(takes, *account),
            ..Found::default()
        },
    }
}

fn pegged(words: Words<'_>, leg: &proto::Leg, pegs: &[PegNode]) -> proto::Leg {
    proto::Leg { pegs: pegs.iter().map(|peg| told(words, peg)).collect(), ..leg.clone() }
}

fn told(words: Words<'_>, peg: &PegNode) -> proto::Peg {
    proto::Peg {
        item: words.item(peg.item).to_string(),
        location: words.location(peg.location).to_string(),
        quantity: encode::quantity(words.quantity(peg.item, peg.quantity)),
        date: words.date(peg.day),
        source: Some(source(words, peg)),
        cost: None,
        pegs: peg.below.iter().map(|below| told(words, below)).collect(),
    }
}

fn source(words: Words<'_>, peg: &PegNode) -> peg::Source {
    let shown = |kept: Quantity| encode::quantity(words.quantity(peg.item, kept));
    match &peg.source {
        PegOrigin::Stock { documents, shares } => {
            let supply = |(document, part): &(SupplyDocument, Quantity)| {
                let (supply, planned_by) = match document {
                    SupplyDocument::OnHand => return None,
                    SupplyDocument::Supply(supply) => (words.supply(*supply), String::new()),
                    SupplyDocument::Lot { number, .. } => {
                        (String::new(), ledger::reservation::id(*number))
                    }
                };
                let date = match document {
                    SupplyDocument::Supply(supply) => words.due((peg.item, peg.location), *supply),
                    SupplyDocument::OnHand | SupplyDocument::Lot { .. } => String::new(),
                };
                let quantity = shown(*part);
                Some(peg::stock::Supply { supply, quantity, planned_by, date })
            };
            let share = |(class, part): &(_, Quantity)| peg::stock::Share {
                demand_class: words.class(*class).to_string(),
                quantity: shown(*part),
            };
            let supplies = documents.iter().filter_map(supply).collect();
            let shares = shares.iter().map(share).collect();
            peg::Source::Stock(peg::Stock { supplies, borrowed: 0.0, shares })
        }
        PegOrigin::Make { work, start, started, hours } => {
            let hours = hours.iter().map(|(resource, day, hours)| peg::make::Hours {
                resource: words.resource(*resource).to_string(),
                date: words.date(*day),
                hours: encode::quantity(*hours),
                ..peg::make::Hours::default()
            });
            peg::Source::Make(peg::Make {
                work_definition: work.map_or("", |work| words.work(work)).to_string(),
                start_date: words.date(*start),
                started: shown(*started),
                hours: hours.collect(),
            })
        }
        PegOrigin::Transfer { from, ship } => peg::Source::Transfer(peg::Transfer {
            from: words.location(*from).to_string(),
            ship_method: String::new(),
            ship_date: words.date(*ship),
        }),
        PegOrigin::Buy { supplier, bought, order_by } => peg::Source::Buy(peg::Buy {
            supplier: supplier.map_or("", |supplier| words.supplier(supplier)).to_string(),
            bought: shown(*bought),
            order_by: words.date(*order_by),
        }),
        PegOrigin::Infinite => peg::Source::Infinite(peg::Infinite {}),
        PegOrigin::LeadTime => peg::Source::LeadTime(peg::LeadTime {}),
    }
}

fn dependant(world: &World, (account, found): &(AccountIx, Match)) -> proto::Dependant {
    let words = Words::new(&world.snapshot);
    let taken = found.taken;
    let item = match world.snapshot.account(*account) {
        Account::Stock(item, _) => words.item(item).to_string(),
        Account::Part(whole, _) => world.snapshot.account_name(whole),
        Account::Capacity(_) => String::new(),
    };
    let mut told = proto::Dependant {
        item,
        quantity: encode::quantity(world.snapshot.shown_of(*account, found.quantity)),
        date: words.date(taken.day),
        ..proto::Dependant::default()
    };
    let customers = &world.snapshot.customers.names;
    match taken.who {
        Who::Demand(demand) => {
            let key = words.demand(demand);
            if let Some((order, line)) = key.rsplit_once('/') {
                (told.order, told.line) = (order.to_string(), line.to_string());
            }
            let mut rows = world.snapshot.demands.of(*account).iter();
            let customer = rows.find(|row| row.demand == demand).and_then(|row| row.customer);
            told.customer = customer.map_or("", |customer| customers.name(customer)).to_string();
            told.by = Some(dependant::By::Demand(key));
        }
        Who::Promise { number, .. } => {
            told.by = Some(dependant::By::PromiseId(ledger::reservation::id(number)));
            if let Some(promise) = world.reservation(number) {
                let facts = &promise.facts;
                (told.order, told.line) = (facts.order.to_string(), facts.line.to_string());
                told.customer = facts.customer.map_or("", |of| customers.name(of)).to_string();
                told.days_late = facts.legs.iter().map(|leg| leg.days_late).max().unwrap_or(0);
            }
        }
    }
    told
}

/// The line of a promise as it would be asked for again: what is promised of it already does not count.
fn asked_again(world: &World, promise: &Reservation) -> OrderLine {
    let line = terms::order_line(&world.snapshot, promise);
    OrderLine { repeat: Some(Repeat::Add), ..line }
}

/// How a promise's own terms would fare in a world without what it takes.
pub(super) fn now(
    world: &World,
    promise: &Reservation,
    patience: &Patience,
) -> Result<Result<proto::LineResult, Failure>, GivenUp> {
    let without = world.without(promise.number);
    let lines = vec![asked_again(world, promise)];
    let request =
        Request { lines, objective: None, alternatives: 0, remedies: Remedies::Sought, now: None };
    let query = match request.resolve(&without.snapshot) {
        Ok(query) => query,
        Err(faults) => return Ok(Err(super::status::Faults::of_line(&faults).into())),
    };
    let answer = planning::ask_within(&without, (&request, &query), patience)?;
    let words = Words::new(&world.snapshot);
    let encoder = AnswerEncoder { words, lines: &request.lines, pegging: Pegging::Shown };
    let now = encoder.results(&answer).pop();
    Ok(Ok(now.expect("a line was asked for")))
}

/// How a live promise would fare now.
pub(super) fn explain(
    engine: &Engine,
    world: &World,
    message: &proto::ExplainRequest,
    patience: &Patience,
) -> Result<Result<proto::ExplainResponse, Failure>, GivenUp> {
    let promise = match live(world, &message.promise_id) {
        Ok(promise) => promise,
        Err(failure) => return Ok(Err(failure)),
    };
    let now = match now(world, &promise, patience)? {
        Ok(now) => now,
        Err(failure) => return Ok(Err(failure)),
    };
    let words = Words::new(&world.snapshot);
    let legs = engine.ask_takes(world, |takes| pegging::of_promise(takes, &promise));
    let leg = |(leg, pegs): &Pegged| {
        pegged(words, &reservation::leg(words, promise.facts.item, leg), pegs)
    };
    Ok(Ok(proto::ExplainResponse {
        promise: Some(super::upkeep::with_history(words, world, &promise)),
        now: Some(now),
        legs: legs.iter().map(leg).collect(),
        version: Some(encode::version(world, world.position)),
    }))
}
