//! ScenarioService: its methods, as they are called.

use super::{LIST, ScenarioCalls, applied, reverted, told};
use crate::rpc::{
    MessageStream, cluster::is_of_node, compared, guard, proto, status::Failure, vary,
};
use tonic::{Request, Response, Status};

#[tonic::async_trait]
impl proto::scenario_service_server::ScenarioService for ScenarioCalls {
    async fn create(
        &self,
        request: Request<proto::CreateScenarioRequest>,
    ) -> Result<Response<proto::Scenario>, Status> {
        guard::call("Create", self.create_one(request.into_inner())).await
    }

    async fn change(
        &self,
        request: Request<proto::ChangeScenarioRequest>,
    ) -> Result<Response<proto::Scenario>, Status> {
        guard::call("Change", self.change_one(request.into_inner())).await
    }

    async fn get(
        &self,
        request: Request<proto::GetScenarioRequest>,
    ) -> Result<Response<proto::Scenario>, Status> {
        guard::call("Get", self.get_one(&request.get_ref().scenario_id)).await
    }

    type CompareStreamStream = MessageStream<proto::CompareProgress>;

    async fn compare_stream(
        &self,
        request: Request<proto::CompareRequest>,
    ) -> Result<Response<Self::CompareStreamStream>, Status> {
        let worlds = async { self.compared(request.get_ref()).await };
        let (before, after, limits) = guard::caught("CompareStream", worlds).await?;
        Ok(Response::new(compared::told_on_the_way(before, after, limits)))
    }

    type VaryStream = MessageStream<proto::VaryResponse>;

    async fn vary(
        &self,
        request: Request<proto::VaryRequest>,
    ) -> Result<Response<Self::VaryStream>, Status> {
        let told = vary::told(&self.engine, request.into_inner());
        Ok(Response::new(guard::caught("Vary", told).await?))
    }

    async fn compare(
        &self,
        request: Request<proto::CompareRequest>,
    ) -> Result<Response<proto::CompareResponse>, Status> {
        guard::call("Compare", self.compare_one(request.into_inner())).await
    }

    async fn apply(
        &self,
        request: Request<proto::ApplyScenarioRequest>,
    ) -> Result<Response<proto::ApplyScenarioResponse>, Status> {
        guard::call("Apply", applied(&self.desk, request.into_inner())).await
    }

    async fn revert(
        &self,
        request: Request<proto::RevertRequest>,
    ) -> Result<Response<proto::ApplyScenarioResponse>, Status> {
        guard::call("Revert", reverted(&self.desk, request.into_inner())).await
    }

    async fn discard(
        &self,
        request: Request<proto::DiscardScenarioRequest>,
    ) -> Result<Response<proto::DiscardScenarioResponse>, Status> {
        guard::call("Discard", async {
            let id = &request.get_ref().scenario_id;
            let gone = self.engine.scenarios().discard(id, self.engine.now());
            gone.map_err(|missing| Failure::of_scenario(id, &missing))?;
            Ok(proto::DiscardScenarioResponse {})
        })
        .await
    }

    async fn list(
        &self,
        request: Request<proto::ListScenariosRequest>,
    ) -> Result<Response<proto::ListScenariosResponse>, Status> {
        let is_of_node = is_of_node(&request);
        guard::call("List", async {
            let engine = self.engine.clone();
            guard::elsewhere(move || engine.wake_all()).await;
            let all = self.engine.scenarios().list(self.engine.now());
            let mut scenarios: Vec<_> = all.iter().map(|scenario| told(scenario)).collect();
            let memory = self.engine.scenarios().memory();
            let (mut bytes, mut bytes_at_most) = (memory.bytes, memory.at_most);
            if !is_of_node {
                let others = self.desk.ask_others(LIST, request.into_inner()).await;
                let others: Vec<proto::ListScenariosResponse> = others;
                for other in others {
                    bytes += other.bytes;
                    bytes_at_most += other.bytes_at_most;
                    scenarios.extend(other.scenarios);
                }
                scenarios.sort_by(|one, other| one.created.cmp(&other.created));
            }
            Ok(proto::ListScenariosResponse { scenarios, bytes, bytes_at_most })
        })
        .await
    }
}
