//! CatalogService: what there is, and which rule holds where and why.

use super::{
    decode, encode,
    fields::FieldReader,
    guard,
    list::known,
    paging, proto, scenario,
    status::{Failure, shown},
    text::Words,
};
use crate::{
    engine::Engine,
    insight::{
        chosen::{self, Chosen, RuleQuestion},
        find::{self, KeyKind},
    },
    ledger::World,
    model::{Index, Quantity},
    snapshot::{CalendarIx, Names, kinds::LOCATION_KINDS},
};
use proto::{catalog_service_server::CatalogService, hit::Kind as Wire};
use std::collections::BTreeSet;
use tonic::{Request, Response, Status};

/// Hits on a page if the request does not say.
const HITS_DEFAULT: usize = 20;

/// The most hits on a page.
const HITS_MAX: usize = 1_000;

/// Hits of all pages of one text.
const HITS_IN_ALL: usize = 10_000;

/// Reads planning data, from the current world of an engine.
#[derive(Clone, Debug)]
pub(super) struct Catalog {
    engine: Engine,
}

impl Catalog {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }
}

#[tonic::async_trait]
impl CatalogService for Catalog {
    async fn find(
        &self,
        request: Request<proto::FindRequest>,
    ) -> Result<Response<proto::FindResponse>, Status> {
        guard::call("Find", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            let engine = self.engine.clone();
            guard::elsewhere(move || found(&engine, &world, message)).await
        })
        .await
    }

    async fn get_item(
        &self,
        request: Request<proto::GetItemRequest>,
    ) -> Result<Response<proto::GetItemResponse>, Status> {
        guard::call("GetItem", async {
            let message = request.into_inner();
            item(&*scenario::world(&self.engine, &message.scenario_id).await?, &message)
        })
        .await
    }

    async fn get_location(
        &self,
        request: Request<proto::GetLocationRequest>,
    ) -> Result<Response<proto::GetLocationResponse>, Status> {
        guard::call("GetLocation", async {
            let message = request.into_inner();
            location(&*scenario::world(&self.engine, &message.scenario_id).await?, &message)
        })
        .await
    }

    async fn get_customer(
        &self,
        request: Request<proto::GetCustomerRequest>,
    ) -> Result<Response<proto::GetCustomerResponse>, Status> {
        guard::call("GetCustomer", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            guard::elsewhere(move || customer(&world, &message)).await
        })
        .await
    }

    async fn get_rules(
        &self,
        request: Request<proto::GetRulesRequest>,
    ) -> Result<Response<proto::GetRulesResponse>, Status> {
        guard::call("GetRules", async {
            let message = request.into_inner();
            rules(&*scenario::world(&self.engine, &message.scenario_id).await?, &message)
        })
        .await
    }
}

/// The index of a key that must be there.
pub(super) fn required<I: Index>(
    reader: &mut FieldReader<'_>,
    field: &str,
    names: &Names<I>,
    key: &str,
) -> Option<I> {
    if key.is_empty() {
        reader.fault(field, "is required");
    }
    known(reader, field, names, key)
}

fn found(
    engine: &Engine,
    world: &World,
    message: proto::FindRequest,
) -> Result<proto::FindResponse, Failure> {
    let of = asked_for(&message);
    let (kinds, limit, from) = decode::collect(|reader| {
        if message.text.trim().is_empty() {
            reader.fault("text", "is required: a part of a key or a name");
        }
        let mut kinds = Vec::new();
        for (at, number) in message.kinds.iter().enumerate() {
            kinds.extend(reader.choice(&format!("kinds[{at}]"), *number).and_then(kind_of));
        }
        let limit = match reader.at_most("limit", message.limit, HITS_MAX) {
            0 => HITS_DEFAULT,
            limit => limit,
        };
        let from: Option<usize> = paging::read(reader, (&message.page_token, &of));
        (kinds, limit, from.unwrap_or(0))
    })?;
    let most = from.saturating_add(limit + 1).min(HITS_IN_ALL);
    let book = engine.book(world);
    let hits = find::find(&book, world, message.text.trim(), (&kinds, most));
    let is_more = from + limit < hits.len();
    let next = is_more.then(|| paging::token(of, from + limit));
    let hit = |hit: find::Hit| proto::Hit {
        kind: wire(hit.kind).into(),
        key: hit.key,
        name: hit.name,
        hint: hit.hint,
    };
    Ok(proto::FindResponse {
        hits: hits.into_iter().skip(from).take(limit).map(hit).collect(),
        next_page_token: next.unwrap_or_default(),
        version: Some(encode::version(world, world.position)),
    })
}

/// What a page token is of: the same text, and the same kinds in any order.
fn asked_for(message: &proto::FindRequest) -> String {
    let kinds: BTreeSet<i32> = message.kinds.iter().copied().collect();
    let of = proto::FindRequest {
        text: message.text.trim().to_string(),
        kinds: kinds.into_iter().collect(),
        scenario_id: message.scenario_id.clone(),
        ..proto::FindRequest::default()
    };
    paging::digest(&of)
}

fn kind_of(kind: Wire) -> Option<KeyKind> {
    match kind {
        Wire::Unspecified => None,
        Wire::Item => Some(KeyKind::Item),
        Wire::Location => Some(KeyKind::Location),
        Wire::Customer => Some(KeyKind::Customer),
        Wire::Supplier => Some(KeyKind::Supplier),
        Wire::Resource => Some(KeyKind::Resource),
        Wire::Order => Some(KeyKind::Order),
        Wire::Supply => Some(KeyKind::Supply),
    }
}

fn wire(kind: KeyKind) -> Wire {
    match kind {
        KeyKind::Item => Wire::Item,
        KeyKind::Location => Wire::Location,
        KeyKind::Customer => Wire::Customer,
        KeyKind::Supplier => Wire::Supplier,
        KeyKind::Resource => Wire::Resource,
        KeyKind::Order => Wire::Order,
        KeyKind::Supply => Wire::Supply,
    }
}

fn item(world: &World, message: &proto::GetItemRequest) -> Result<proto::GetItemResponse, Failure> {
    use proto::get_item_response::{Offer, Substitute, Work};
    let snapshot = &*world.snapshot;
    let words = Words::new(snapshot);
    let items = &snapshot.items;
    let item = decode::collect(|reader| required(reader, "item", &items.names, &message.item))?;
    let item = item.expect("one that is missing or unknown is a fault");
    let mut locations: Vec<String> =
        snapshot.stocks.keepers(item).map(|at| words.location(at).to_string()).collect();
    locations.sort_unstable();
    let work = |work: &crate::snapshot::WorkIx| {
        let row = &snapshot.works.rows[*work];
        let operations = snapshot.works.operations.of(*work).iter();
        let hours = operations.flat_map(|operation| &operation.ways).flat_map(|way| &way.hours);
        let resources: BTreeSet<&str> = hours.map(|one| words.resource(one.resource)).collect();
        let components = snapshot.works.components.of(*work).iter();
        let components: BTreeSet<&str> = components.map(|one| words.item(one.item)).collect();
        Work {
            work_definition: words.work(*work).to_string(),
            location: words.location(row.location).to_string(),
            priority: row.priority,
            components: components.into_iter().map(ToString::to_string).collect(),
            resources: resources.into_iter().map(ToString::to_string).collect(),
        }
    };
    let offer = |offer: &crate::snapshot::OfferIx| {
        let row = snapshot.suppliers.offers.get(*offer);
        Offer {
            supplier: words.supplier(row.supplier).to_string(),
            location: row.location.map_or("", |at| words.location(at)).to_string(),
            lead_time_days: row.lead_time_days.into(),
            priority: row.priority,
        }
    };
    let substitute = |other: &crate::snapshot::item::Substitute| Substitute {
        item: words.item(other.item).to_string(),
        rank: other.rank,
        ratio: encode::quantity(other.ratio.apply(Quantity::ONE)),
        customer: other.customer.map_or("", |of| snapshot.customers.names.name(of)).to_string(),
    };
    let category = items.category(item).map_or("", |category| items.categories.name(category));
    Ok(proto::GetItemResponse {
        item: message.item.clone(),
        description: items.description(item).to_string(),
        category: category.to_string(),
        brand: items.brand(item).to_string(),
        uom: items.uom(item).to_string(),
        lot_multiple: encode::quantity(items.lot_multiple(item).unwrap_or_default()),
        list_price: encode::money(items.list_price(item)),
        unit_cost: items.given_unit_cost(item).map(encode::money),
        locations,
        works: snapshot.works.by_item.of(item).iter().map(work).collect(),
        offers: snapshot.suppliers.by_item.of(item).iter().map(offer).collect(),
        substitutes: items.substitutes.of(item).iter().map(substitute).collect(),
        version: Some(encode::version(world, world.position)),
    })
}

fn location(
    world: &World,
    message: &proto::GetLocationRequest,
) -> Result<proto::GetLocationResponse, Failure> {
    let snapshot = &*world.snapshot;
    let words = Words::new(snapshot);
    let names = &snapshot.locations.names;
    let found = decode::collect(|reader| required(reader, "location", names, &message.location))?;
    let location = found.expect("one that is missing or unknown is a fault");
    let row = snapshot.locations.rows.get(location);
    let row = row.ok_or_else(|| gone("location", &message.location))?;
    let calendar = |calendar: Option<CalendarIx>| {
        calendar.map_or("", |calendar| snapshot.calendars.names.name(calendar)).to_string()
    };
    let kind = LOCATION_KINDS.iter().find(|(_, kind)| *kind == row.kind);
    let cutoff = row.cutoffs.of(None, jiff::civil::Weekday::Monday);
    let plain = cutoff.filter(|cutoff| cutoff.weekday.is_none() && cutoff.days_before == 0);
    let house = snapshot.capacities.house(location);
    let resources = snapshot.resources.names.indices().filter(|resource| {
        snapshot.resources.rows.get(*resource).is_some_and(|row| row.location == location)
    });
    Ok(proto::GetLocationResponse {
        location: message.location.clone(),
        name: row.name.to_string(),
        kind: kind.map_or("", |(word, _)| word).to_string(),
        zone: row.zone.map_or("", |zone| snapshot.zones.names.name(zone)).to_string(),
        shipping_calendar: calendar(row.shipping),
        receiving_calendar: calendar(row.receiving),
        manufacturing_calendar: calendar(row.manufacturing),
        cutoff_time: plain
            .map(|cutoff| cutoff.time.strftime("%H:%M").to_string())
            .unwrap_or_default(),
        time_zone: row.time_zone.iana_name().unwrap_or_default().to_string(),
        pick_pack_days: row.pick_pack_days.into(),
        order_lines_per_day: house
            .map(|house| encode::quantity(snapshot.capacities[house].standard)),
        handling_cost: encode::money(row.handling_cost),
        resources: resources.map(|resource| words.resource(resource).to_string()).collect(),
        version: Some(encode::version(world, world.position)),
    })
}

fn customer(
    world: &World,
    message: &proto::GetCustomerRequest,
) -> Result<proto::GetCustomerResponse, Failure> {
    let snapshot = &*world.snapshot;
    let names = &snapshot.customers.names;
    let found = decode::collect(|reader| required(reader, "customer", names, &message.customer))?;
    let customer = found.expect("one that is missing or unknown is a fault");
    let row = snapshot.customers.rows.get(customer);
    let row = row.ok_or_else(|| gone("customer", &message.customer))?;
    let is_his = |found: &&std::sync::Arc<crate::ledger::Reservation>| {
        found.facts.customer == Some(customer) && found.is_live()
    };
    Ok(proto::GetCustomerResponse {
        customer: message.customer.clone(),
        name: row.name.to_string(),
        zone: row.zone.map_or("", |zone| snapshot.zones.names.name(zone)).to_string(),
        demand_class: row.class.map_or("", |class| snapshot.classes.names.name(class)).to_string(),
        priority: row.priority,
        receiving_calendar: row
            .receiving
            .map_or("", |calendar| snapshot.calendars.names.name(calendar))
            .to_string(),
        country: row.country.to_string(),
        region: row.region.to_string(),
        promises_live: world.reservations_from(0).filter(is_his).count() as u64,
        version: Some(encode::version(world, world.position)),
    })
}

fn gone(what: &str, key: &str) -> Failure {
    let text = format!(
        "{what} {} is known by its promises alone: the snapshot has no row of it",
        shown(key)
    );
    Failure::new(tonic::Code::NotFound, "NOT_IN_SNAPSHOT", text)
}

fn rules(
    world: &World,
    message: &proto::GetRulesRequest,
) -> Result<proto::GetRulesResponse, Failure> {
    let snapshot = &*world.snapshot;
    let asked = decode::collect(|reader| {
        let item = required(reader, "item", &snapshot.items.names, &message.item);
        let location = required(reader, "location", &snapshot.locations.names, &message.location);
        let customer = known(reader, "customer", &snapshot.customers.names, &message.customer);
        let class = known(reader, "demand_class", &snapshot.classes.names, &message.demand_class);
        Some(RuleQuestion { item: item?, location: location?, customer, class })
    })?;
    let found = chosen::rules(snapshot, asked.expect("what is missing or unknown is a fault"));
    let one = |chosen: Chosen| {
        let matched = chosen.matched.into_iter().map(ToString::to_string).collect();
        Some(proto::Chosen { rule: chosen.rule, why: chosen.why, matched })
    };
    Ok(proto::GetRulesResponse {
        atp: one(found.atp),
        sourcing_local: one(found.sourcing_local),
        sourcing_global: one(found.sourcing_global),
        allocation: one(found.allocation),
        version: Some(encode::version(world, world.position)),
    })
}
