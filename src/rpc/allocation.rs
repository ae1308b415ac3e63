//! AllocationService: what became of the shares of demand classes.

use super::{decode, encode, guard, list::known, proto, status::Failure, text::Words};
use crate::{
    engine::Engine,
    ledger::World,
    model::Quantity,
    promising::allocation::{self, Form, NodeRow},
    snapshot::{ClassIx, ItemIx, LocationIx, allocation::Method},
};
use proto::{
    allocation_service_server::AllocationService,
    get_allocation_response::{ClassQuantity, Node, Period, node},
};
use tonic::{Request, Response, Status};

/// Answers questions about shares, from the current world of an engine.
#[derive(Clone, Debug)]
pub(super) struct Allocations {
    engine: Engine,
}

impl Allocations {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }
}

#[tonic::async_trait]
impl AllocationService for Allocations {
    async fn get_allocation(
        &self,
        request: Request<proto::GetAllocationRequest>,
    ) -> Result<Response<proto::GetAllocationResponse>, Status> {
        guard::call("GetAllocation", async {
            let world = self.engine.pin();
            let message = request.into_inner();
            // All live promises are looked through.
            let n_lines = world.n_reservations() / 100;
            guard::compute(n_lines, move || get(&world, &message)).await
        })
        .await
    }
}

fn get(
    world: &World,
    message: &proto::GetAllocationRequest,
) -> Result<proto::GetAllocationResponse, Failure> {
    let snapshot = &world.snapshot;
    let (item, location) = decode::collect(|reader| {
        reader.no_scenario(&message.scenario_id);
        for (field, key) in [("item", &message.item), ("location", &message.location)] {
            if key.is_empty() {
                reader.fault(field, "is required");
            }
        }
        let item = known(reader, "item", &snapshot.items.names, &message.item);
        (item, known(reader, "location", &snapshot.locations.names, &message.location))
    })?;
    let known = "a key that is missing or unknown is a fault";
    Ok(answer(world, item.expect(known), location.expect(known)))
}

/// What became of the shares of an item at a location; without a rule there are no periods.
pub fn answer(world: &World, item: ItemIx, location: LocationIx) -> proto::GetAllocationResponse {
    let snapshot = &world.snapshot;
    let words = Words::new(snapshot);
    let table = allocation::table(world, item, location);
    let rule = table.as_ref().map(|table| snapshot.allocation.names.name(table.rule));
    let period = |period: &allocation::Period| Period {
        from: words.date(period.from),
        to: words.date(period.until.plus(-1)),
        nodes: period.rows.iter().map(|row| node(words, row)).collect(),
    };
    proto::GetAllocationResponse {
        item: words.item(item).to_string(),
        location: words.location(location).to_string(),
        uom: snapshot.items.rows[item].uom.to_string(),
        rule: rule.unwrap_or_default().to_string(),
        periods: table.iter().flat_map(|table| &table.periods).map(period).collect(),
        version: Some(encode::version(world, world.position)),
    }
}

fn node(words: Words<'_>, row: &NodeRow) -> Node {
    let class = &words.snapshot().classes.rows[row.class];
    let method = row.share.map(|(method, _)| match method {
        Method::Percent => node::Method::Percent,
        Method::Ratio => node::Method::Ratio,
        Method::Quantity => node::Method::Quantity,
    });
    let kind = match row.form {
        Form::Share => node::Kind::Share,
        Form::Remaining => node::Kind::Remaining,
        Form::Protect => node::Kind::Protect,
        Form::Cap => node::Kind::Cap,
    };
    let of = |class: Option<ClassIx>, quantity: Quantity| ClassQuantity {
        demand_class: class.map_or("", |class| words.class(class)).to_string(),
        quantity: encode::quantity(quantity),
    };
    Node {
        demand_class: words.class(row.class).to_string(),
        parent: class.parent.map_or("", |parent| words.class(parent)).to_string(),
        rank: class.rank,
        kind: kind.into(),
        method: method.unwrap_or_default().into(),
        value: row.share.map_or(0.0, |(_, value)| encode::quantity(value)),
        brought: encode::quantity(row.brought),
        allocated: encode::quantity(row.allocated),
        produced: encode::quantity(row.produced),
        shifted: encode::quantity(row.shifted),
        consumed: encode::quantity(row.consumed),
        taken_by: row.taken_by.iter().map(|&(class, part)| of(class, part)).collect(),
        took_from: row.took_from.iter().map(|&(class, part)| of(Some(class), part)).collect(),
        left: encode::quantity(row.left),
    }
}
