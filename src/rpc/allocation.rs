//! AllocationService: what became of the shares of demand classes, and changes of them.

pub use super::allocated::answer;

use super::{
    decode, guard,
    list::known,
    proto, scenario, share_change,
    status::{Failure, Faults},
};
use crate::{
    change::Change,
    engine::{self, Engine, RearrangeCommand, SteadyTime},
    ledger::{Entry, Told, Unfit, World, digest::Digest},
    promising::patience::{GivenUp, Patience, heard_out},
    snapshot::{ItemIx, LocationIx},
};
use prost::Message;
use proto::allocation_service_server::AllocationService;
use tonic::{Request, Response, Status};

/// Answers questions about shares, live or in a scenario, and has those of live changed.
#[derive(Clone, Debug)]
pub(super) struct AllocationCalls {
    engine: Engine,
}

impl AllocationCalls {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }

    async fn change_one(
        &self,
        message: proto::ChangeAllocationRequest,
        deadline: Option<SteadyTime>,
    ) -> Result<proto::ChangeAllocationResponse, Failure> {
        let digest = asked_for(&message);
        let request_id =
            decode::collect(|reader| reader.key("request_id", message.request_id.clone()))?;
        let found = self.engine.find(&request_id, digest).await;
        if let Some(entry) =
            found.map_err(|error| Failure::of_engine(error, &self.engine.pin().snapshot))?
        {
            let (live, again) = (self.engine.pin(), said_again(&entry));
            let now = place(&live, &message.item, &message.location).ok();
            let now = now.map(|(item, location)| answer(&live, item, location));
            return Ok(proto::ChangeAllocationResponse {
                allocation: again.allocation.or(now),
                ..again
            });
        }
        let world = self.engine.pin();
        let keys = (message.item.as_str(), message.location.as_str());
        let (place, changes) = asked(&world, keys, &message.changes)?;
        let command = RearrangeCommand {
            request_id: request_id.clone(),
            changes: vec![changes.into()],
            exchanges: Vec::new(),
            planned_on: None,
            asked: Some(digest),
            told: None,
            undoes: None,
            deadline,
        };
        let (sequence, refused) = match self.engine.rearrange(command).await {
            Ok(sequence) => (sequence, Vec::new()),
            Err(engine::Error::Unfit(Unfit::Changes(faults))) => {
                (world.position, share_change::refused(&faults))
            }
            Err(error) => return Err(Failure::of_engine(error, &self.engine.pin().snapshot)),
        };
        let changed = refused.is_empty();
        let allocation = Some(answer(&self.engine.pin(), place.0, place.1));
        let answer = proto::ChangeAllocationResponse { changed, sequence, refused, allocation };
        if changed {
            return Ok(answer);
        }
        let told = answer.encode_to_vec().into();
        let kept = self.engine.remember(&request_id, digest, told).await;
        let kept = kept.map_err(|error| Failure::of_engine(error, &self.engine.pin().snapshot))?;
        Ok(kept.map_or(answer, |entry| said_again(&entry)))
    }
}

/// The digest of what a change of shares asks for.
fn asked_for(message: &proto::ChangeAllocationRequest) -> u128 {
    let mut digest = Digest::default();
    digest.text("change shares");
    let plain = proto::ChangeAllocationRequest { request_id: String::new(), ..message.clone() };
    digest.bytes(&plain.encode_to_vec());
    digest.value()
}

/// The first answer to a change of shares; how they stand is for the caller to add.
fn said_again(entry: &Entry) -> proto::ChangeAllocationResponse {
    match entry.told.as_deref() {
        Some(Told::Message(told)) => {
            proto::ChangeAllocationResponse::decode(&**told).unwrap_or_default()
        }
        Some(Told::Lines { .. }) | None => proto::ChangeAllocationResponse {
            changed: true,
            sequence: entry.position,
            ..proto::ChangeAllocationResponse::default()
        },
    }
}

/// What changes of shares would do.
///
/// # Errors
/// A key is unknown, or a change is none.
pub fn preview(
    world: &World,
    message: &proto::PreviewAllocationRequest,
) -> Result<proto::PreviewAllocationResponse, Failure> {
    let previewed = preview_within(world, message, &Patience::endless());
    previewed.expect("endless patience gives nothing up")
}

/// The same, as long as somebody waits for it.
fn preview_within(
    world: &World,
    message: &proto::PreviewAllocationRequest,
    patience: &Patience,
) -> Result<Result<proto::PreviewAllocationResponse, Failure>, GivenUp> {
    let keys = (message.item.as_str(), message.location.as_str());
    match asked(world, keys, &message.changes) {
        Err(failure) => Ok(Err(failure)),
        Ok((place, changes)) => {
            heard_out(|| share_change::previewed(world, place, &changes, patience)).map(Ok)
        }
    }
}

/// The item, the location and the changes that a request names.
fn asked(
    world: &World,
    (item, location): (&str, &str),
    changes: &[proto::ShareChange],
) -> Result<((ItemIx, LocationIx), Vec<Change>), Failure> {
    let place = place(world, item, location)?;
    if changes.is_empty() {
        return Err(Failure::invalid_field("changes", "is required"));
    }
    let mut faults = Faults::default();
    let changes = share_change::read(world, place, changes, &mut faults);
    if faults.is_empty() { Ok((place, changes)) } else { Err(Failure::invalid(faults)) }
}

/// The item and the location that a request names.
fn place(world: &World, item: &str, location: &str) -> Result<(ItemIx, LocationIx), Failure> {
    let snapshot = &world.snapshot;
    let (item, location) = decode::collect(|reader| {
        for (field, key) in [("item", item), ("location", location)] {
            if key.is_empty() {
                reader.fault(field, "is required");
            }
        }
        let item = known(reader, "item", &snapshot.items.names, item);
        (item, known(reader, "location", &snapshot.locations.names, location))
    })?;
    let known = "a key that is missing or unknown is a fault";
    Ok((item.expect(known), location.expect(known)))
}

#[tonic::async_trait]
impl AllocationService for AllocationCalls {
    async fn get_allocation(
        &self,
        request: Request<proto::GetAllocationRequest>,
    ) -> Result<Response<proto::GetAllocationResponse>, Status> {
        guard::call("GetAllocation", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            // All live promises are looked through.
            guard::elsewhere(move || get(&world, &message)).await
        })
        .await
    }

    async fn preview(
        &self,
        request: Request<proto::PreviewAllocationRequest>,
    ) -> Result<Response<proto::PreviewAllocationResponse>, Status> {
        guard::call("PreviewAllocation", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            // Promises on the item are planned again, twice.
            guard::patiently(move |patience| preview_within(&world, &message, patience)).await?
        })
        .await
    }

    async fn change(
        &self,
        request: Request<proto::ChangeAllocationRequest>,
    ) -> Result<Response<proto::ChangeAllocationResponse>, Status> {
        guard::call("ChangeAllocation", async {
            let deadline = guard::deadline(request.metadata(), self.engine.moment());
            self.change_one(request.into_inner(), deadline).await
        })
        .await
    }
}

fn get(
    world: &World,
    message: &proto::GetAllocationRequest,
) -> Result<proto::GetAllocationResponse, Failure> {
    let (item, location) = place(world, &message.item, &message.location)?;
    Ok(answer(world, item, location))
}
