//! What a node asks of another one on behalf of its caller.

use super::{Cluster, There, carried};
use crate::rpc::{
    REQUEST_BYTES_MAX,
    secure::{caller, principal::Principal},
    status::Failure,
};
use http::uri::PathAndQuery;
use std::{sync::Arc, time::Duration};
use tonic::{Request, Status, client::Grpc, metadata::MetadataMap};
use tonic_prost::ProstCodec;

/// A node that is asked for what it has besides is waited for so long.
const BESIDES_WITHIN: Duration = Duration::from_secs(2);

/// The principal of the call on which this works.
pub(super) fn principal() -> Arc<Principal> {
    let by = caller::current().map(|caller| Arc::clone(&caller.principal));
    by.unwrap_or_else(|| Arc::new(Principal::open(None)))
}

impl Cluster {
    /// Asks a node; where it breaks off it may have been done.
    pub(super) async fn ask<Q, A>(
        &self,
        there: &There,
        path: &'static str,
        question: Q,
    ) -> Result<A, Failure>
    where
        Q: prost::Message + 'static,
        A: prost::Message + Default + 'static,
    {
        let mut grpc =
            Grpc::new(self.channel(there).await?).max_decoding_message_size(REQUEST_BYTES_MAX);
        let broken = |why: &str| {
            let member = &there.member;
            tracing::debug!(why, node = member.node, "what was asked of another node broke off");
            self.forget_channel(member);
            Failure::outcome_unknown()
        };
        grpc.ready().await.map_err(|error| broken(&error.to_string()))?;
        let mut request = Request::new(question);
        let mut headers = http::HeaderMap::new();
        headers.insert(carried::HEADER, carried::header(&principal()));
        *request.metadata_mut() = MetadataMap::from_headers(headers);
        let codec = ProstCodec::<Q, A>::default();
        let asked = grpc.unary(request, PathAndQuery::from_static(path), codec);
        let answered = tokio::select! {
            biased;
            answered = asked => answered,
            () = self.no_more(there) => Err(Status::unknown("another node leads")),
        };
        match answered {
            Ok(answer) => Ok(answer.into_inner()),
            // Such as come from the connection and not from the node.
            Err(status) if status.code() == tonic::Code::Unknown => Err(broken(status.message())),
            Err(status) => Err(Failure::of_node(status)),
        }
    }

    /// What the other nodes answer, as far as they do.
    pub(super) async fn ask_others<Q, A>(
        self: &Arc<Self>,
        path: &'static str,
        question: Q,
    ) -> Vec<A>
    where
        Q: prost::Message + Clone + 'static,
        A: prost::Message + Default + 'static,
    {
        let known = self.running().map(|(_, status)| status.known()).unwrap_or_default();
        let members = known.members.into_iter().flat_map(|members| members.nodes);
        let mut asked = tokio::task::JoinSet::new();
        for member in members.filter(|member| member.node != self.me) {
            let (this, question) = (Arc::clone(self), question.clone());
            asked.spawn(caller::carried(async move {
                let there = There { member, leads: None };
                let asked = this.ask(&there, path, question);
                let answered = tokio::time::timeout(BESIDES_WITHIN, asked).await;
                answered.ok().and_then(Result::ok)
            }));
        }
        asked.join_all().await.into_iter().flatten().collect()
    }
}
