//! Which role each method needs: one table for gRPC and HTTP alike. A test holds it against reflection.

use super::roles::Role;
use crate::rpc::web::parameters::pairs;

/// What a caller needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeededRole {
    /// Nothing, not even to say who he is: pages that ask for a token, and what does not exist.
    Nothing,
    /// Credentials that hold.
    Somebody,
    /// A role.
    Role(Role),
    /// One role on live, and that of planning in a scenario.
    Live(Role),
}

use NeededRole::{Live, Somebody};

const READ: NeededRole = NeededRole::Role(Role::Read);
const PROMISE: NeededRole = Live(Role::Promise);
const PLAN: NeededRole = NeededRole::Role(Role::Plan);
const APPLY: NeededRole = NeededRole::Role(Role::PlanApply);
const LOAD: NeededRole = NeededRole::Role(Role::Load);
const ADMIN: NeededRole = NeededRole::Role(Role::Admin);

/// Every method of ours, by service.
const TABLE: &[(&str, &[(&str, NeededRole)])] = &[
    (
        "PromiseService",
        &[
            ("CheckAvailability", READ),
            ("Promise", PROMISE),
            ("PromiseStream", PROMISE),
            ("Confirm", PROMISE),
            ("Cancel", PROMISE),
            ("Amend", PROMISE),
            ("Fulfil", PROMISE),
            ("Reopen", PROMISE),
            ("ExtendHold", PROMISE),
            ("Get", READ),
            ("List", READ),
            ("GetPegging", READ),
            ("Explain", READ),
            ("SelfCheck", ADMIN),
        ],
    ),
    (
        "AvailabilityService",
        &[
            ("GetAvailability", READ),
            ("QuickCheck", READ),
            ("GetAccount", READ),
            ("GetCapacity", READ),
            ("WatchAvailability", READ),
        ],
    ),
    ("AllocationService", &[("GetAllocation", READ), ("Preview", PLAN), ("Change", APPLY)]),
    (
        "ScenarioService",
        &[
            ("Create", PLAN),
            ("Change", PLAN),
            ("Compare", PLAN),
            ("CompareStream", PLAN),
            ("Apply", APPLY),
            ("Revert", APPLY),
            ("Discard", PLAN),
            ("List", PLAN),
            ("Get", PLAN),
            ("Vary", PLAN),
        ],
    ),
    (
        "BacklogService",
        &[
            ("Run", PLAN),
            ("RunStream", PLAN),
            ("GetRun", PLAN),
            ("ListRuns", PLAN),
            ("CancelRun", PLAN),
            ("Apply", APPLY),
        ],
    ),
    (
        "SnapshotService",
        &[
            ("Push", LOAD),
            ("GetUpload", LOAD),
            ("GetStatus", READ),
            ("List", READ),
            ("Activate", LOAD),
            ("ApplyChanges", LOAD),
            ("GetReconciliation", READ),
        ],
    ),
    (
        "CatalogService",
        &[
            ("Find", READ),
            ("GetItem", READ),
            ("GetLocation", READ),
            ("GetCustomer", READ),
            ("GetRules", READ),
        ],
    ),
    (
        "ExceptionService",
        &[("List", READ), ("Watch", READ), ("Acknowledge", APPLY), ("Snooze", APPLY)],
    ),
    ("EventService", &[("Watch", READ)]),
    ("AnalyticsService", &[("Query", READ), ("Export", READ)]),
    (
        "AdminService",
        &[
            ("WhoAmI", Somebody),
            ("ClusterStatus", READ),
            ("GetConfig", ADMIN),
            ("ListTokens", ADMIN),
            ("CreateToken", ADMIN),
            ("RevokeToken", ADMIN),
            ("ListAudit", ADMIN),
            ("Backup", ADMIN),
        ],
    ),
];

/// What nodes of a cluster ask of their leader; only the port of nodes has it.
pub(in crate::rpc) const OF_NODES: &str = "/promised.node.";

/// Paths for people and spreadsheets, by their first word.
const PAGES: [(&str, NeededRole); 8] = [
    ("availability", READ),
    ("quick-check", READ),
    ("promises", READ),
    ("exceptions", READ),
    ("allocation", READ),
    ("figures", READ),
    // What an order file is to do stands in its query: `of_page`.
    ("orders", READ),
    ("snapshots", LOAD),
];

/// What a method of ours needs; none where there is no such method.
pub fn of_method(service: &str, method: &str) -> Option<NeededRole> {
    let service = service.strip_prefix("promised.v1.")?;
    let (_, methods) = TABLE.iter().find(|(name, _)| *name == service)?;
    methods.iter().find(|(name, _)| *name == method).map(|(_, need)| *need)
}

/// What a path needs, with its query.
pub fn of(path: &str, query: &str) -> NeededRole {
    let mut parts = path.trim_start_matches('/').splitn(2, '/');
    let (service, method) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if service == "v1" {
        return of_page(method.split('.').next().unwrap_or_default(), query);
    }
    let is_common =
        ["grpc.health.v1.", "grpc.reflection."].iter().any(|it| service.starts_with(it));
    if is_common {
        return Somebody;
    }
    if path.starts_with(OF_NODES) {
        return APPLY;
    }
    of_method(service, method).unwrap_or(NeededRole::Nothing)
}

fn of_page(name: &str, query: &str) -> NeededRole {
    // Read as those read it who act by it.
    let parameters = pairs(query);
    let said = |key: &str, value: &str| {
        parameters.iter().any(|(known, word)| known == key && word == value)
    };
    let is_in_scenario = parameters
        .iter()
        .any(|(key, id)| matches!(&**key, "scenario" | "scenario_id") && !id.is_empty());
    match name {
        "orders" if said("commit", "hold") || said("commit", "confirm") => {
            if is_in_scenario {
                PLAN
            } else {
                NeededRole::Role(Role::Promise)
            }
        }
        "snapshots" if said("aim", "force") => ADMIN,
        _ => PAGES
            .iter()
            .find(|(page, _)| *page == name)
            .map_or(NeededRole::Nothing, |(_, need)| *need),
    }
}

impl NeededRole {
    /// The words of the roles any one of which suffices; in a scenario those of planning do too.
    pub fn roles(self) -> Vec<&'static str> {
        match self {
            Self::Nothing | Self::Somebody => Vec::new(),
            Self::Role(role) | Self::Live(role) => role.sufficient().collect(),
        }
    }
}

/// All methods of ours, as paths of gRPC.
pub fn all() -> impl Iterator<Item = (String, NeededRole)> {
    TABLE.iter().flat_map(|(service, methods)| {
        methods
            .iter()
            .map(move |(method, need)| (format!("/promised.v1.{service}/{method}"), *need))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_what_it_needs() {
        #[track_caller]
        fn check(path: &str, query: &str, want: NeededRole) {
            assert_eq!(of(path, query), want, "{path}?{query}");
        }
        check("/promised.v1.PromiseService/Promise", "", NeededRole::Live(Role::Promise));
        check("/promised.v1.PromiseService/Nothing", "", NeededRole::Nothing);
        check("/grpc.health.v1.Health/Check", "", NeededRole::Somebody);
        check("/v1/availability.csv", "item=A", READ);
        check("/v1/orders", "commit=no", READ);
        check("/v1/orders", "a=b&commit=hold", NeededRole::Role(Role::Promise));
        check("/v1/orders", "commit=confirm&scenario=S1-1", PLAN);
        check("/v1/snapshots", "aim=validate", LOAD);
        check("/v1/snapshots", "aim=force", ADMIN);
        check("/v1/orders", "commit=%63onfirm", NeededRole::Role(Role::Promise));
        check("/v1/orders", "%63ommit=hold", NeededRole::Role(Role::Promise));
        check("/v1/orders", "commit=confirm&%73cenario=S1-1", PLAN);
        check("/v1/snapshots", "aim=%66orce", ADMIN);
        check("/console/index.html", "", NeededRole::Nothing);
        assert_eq!(PROMISE.roles(), ["promise", "admin"]);
        assert!(Somebody.roles().is_empty());
    }
}
