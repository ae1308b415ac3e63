//! AvailabilityService: questions about stock and scheduled supply alone, which promise nothing.

use super::{
    account, decode, edge::memory::hold, encode, fields::FieldReader, guard, list::known, proto,
    quick, scenario, status::Failure, text::Words, thresholds,
};
use crate::{
    engine::Engine,
    ledger::World,
    limits::HORIZON_DAYS_MAX,
    model::Day,
    promising::availability::{AtpQuestion as Place, DayRow, table},
    snapshot::{ClassIx, ItemIx, LocationIx, Snapshot},
};
use proto::availability_service_server::AvailabilityService;
use tonic::{Request, Response, Status};

/// Bytes that a day of a table and its copy in the answer are reckoned to take.
const DAY_BYTES: usize = 160;

/// Days of a table if the request does not say.
const DAYS_DEFAULT: usize = 30;

/// Answers questions about stock, from the current world of an engine.
#[derive(Clone, Debug)]
pub(super) struct Availabilities {
    engine: Engine,
}

impl Availabilities {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }

    /// Answers a small batch that was read from its bytes, with the bytes of the answer behind `before`.
    pub(super) fn quick_plain(
        &self,
        asked: &[quick::QuickAsked<'_>],
        before: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        quick::plain(&self.engine.pin(), asked, before)
    }

    /// Answers a batch of small questions.
    pub(super) async fn quick(
        &self,
        message: proto::QuickCheckRequest,
    ) -> Result<proto::QuickCheckResponse, Failure> {
        let world = scenario::world(&self.engine, &message.scenario_id).await?;
        // A query costs less than a microsecond, a line of a promise far more.
        guard::compute(quick::n_rows(&message) / 100, move || quick::check(&world, message)).await
    }
}

#[tonic::async_trait]
impl AvailabilityService for Availabilities {
    async fn get_availability(
        &self,
        request: Request<proto::GetAvailabilityRequest>,
    ) -> Result<Response<proto::GetAvailabilityResponse>, Status> {
        guard::call("GetAvailability", async {
            let message = request.into_inner();
            tables(&*scenario::world(&self.engine, &message.scenario_id).await?, message)
        })
        .await
    }

    async fn quick_check(
        &self,
        request: Request<proto::QuickCheckRequest>,
    ) -> Result<Response<proto::QuickCheckResponse>, Status> {
        guard::call("QuickCheck", self.quick(request.into_inner())).await
    }

    async fn get_account(
        &self,
        request: Request<proto::GetAccountRequest>,
    ) -> Result<Response<proto::GetAccountResponse>, Status> {
        guard::call("GetAccount", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            let engine = self.engine.clone();
            guard::elsewhere(move || account::events(&engine, &world, &message)).await
        })
        .await
    }

    async fn get_capacity(
        &self,
        request: Request<proto::GetCapacityRequest>,
    ) -> Result<Response<proto::GetCapacityResponse>, Status> {
        guard::call("GetCapacity", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            let engine = self.engine.clone();
            guard::elsewhere(move || account::capacity(&engine, &world, &message)).await
        })
        .await
    }

    type WatchAvailabilityStream = super::MessageStream<proto::AvailabilityCrossed>;

    async fn watch_availability(
        &self,
        request: Request<proto::WatchAvailabilityRequest>,
    ) -> Result<Response<Self::WatchAvailabilityStream>, Status> {
        let told = thresholds::watch(&self.engine, request.into_inner()).await?;
        Ok(Response::new(told))
    }
}

/// What [`proto::GetAvailabilityRequest`] asks for.
struct Asked {
    item: Option<ItemIx>,
    locations: Vec<LocationIx>,
    class: Option<ClassIx>,
    from: Day,
    n_days: usize,
}

fn tables(
    world: &World,
    message: proto::GetAvailabilityRequest,
) -> Result<proto::GetAvailabilityResponse, Failure> {
    let snapshot = &world.snapshot;
    let asked = decode::collect(|reader| asked(reader, &message, snapshot))?;
    let item = asked.item.expect("an item that is missing or unknown is a fault");
    let locations = match asked.locations.is_empty() {
        true => places_of(snapshot, item),
        false => asked.locations,
    };
    hold(locations.len() * asked.n_days * DAY_BYTES)?;
    let words = Words::new(snapshot);
    let of = |location| proto::get_availability_response::Table {
        location: words.location(location).to_string(),
        days: table(world, Place { item, location, class: asked.class }, asked.from, asked.n_days)
            .iter()
            .map(|row| day((words, item), row))
            .collect(),
    };
    Ok(proto::GetAvailabilityResponse {
        item: message.item,
        uom: snapshot.items.uom(item).to_string(),
        tables: locations.into_iter().map(of).collect(),
        version: Some(encode::version(world, world.position)),
    })
}

fn asked(
    reader: &mut FieldReader<'_>,
    message: &proto::GetAvailabilityRequest,
    snapshot: &Snapshot,
) -> Asked {
    if message.item.is_empty() {
        reader.fault("item", "is required");
    }
    let class = known(reader, "demand_class", &snapshot.classes.names, &message.demand_class);
    let from = reader.date_or_none("from", &message.from).map(|date| snapshot.epoch().day(date));
    if from.is_some_and(|day| !snapshot.epoch().contains(day)) {
        let (first, last) =
            (snapshot.epoch().as_of(), snapshot.epoch().date(snapshot.epoch().end().plus(-1)));
        let text = format!("{} is not within the horizon, {first} to {last}", message.from);
        reader.fault("from", text);
    }
    let n_days = match reader.at_most("days", message.days, usize::from(HORIZON_DAYS_MAX)) {
        0 => DAYS_DEFAULT,
        n_days => n_days,
    };
    let mut locations = Vec::new();
    for (position, key) in message.locations.iter().enumerate() {
        let field = format!("locations[{position}]");
        if key.is_empty() {
            reader.fault(&field, "is empty");
        }
        locations.extend(known(reader, &field, &snapshot.locations.names, key));
    }
    let item = known(reader, "item", &snapshot.items.names, &message.item);
    Asked { item, locations, class, from: from.unwrap_or(Day::ZERO), n_days }
}

fn day((words, item): (Words<'_>, ItemIx), row: &DayRow) -> proto::get_availability_response::Day {
    let shown = |kept| encode::quantity(words.quantity(item, kept));
    proto::get_availability_response::Day {
        date: words.date(row.day),
        supply: shown(row.supply),
        demand: shown(row.demand),
        balance: shown(row.balance),
        available: shown(row.available),
    }
}

/// The locations that keep or make an item, by name.
fn places_of(snapshot: &Snapshot, item: ItemIx) -> Vec<LocationIx> {
    let mut places: Vec<_> = snapshot.stocks.keepers(item).collect();
    places.sort_by_key(|&location| snapshot.locations.names.name(location));
    places
}
