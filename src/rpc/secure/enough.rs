//! Whether somebody has the role that a call needs.

use super::{methods::NeededRole, principal::Principal, roles::Role};
use crate::rpc::status::Failure;
use tonic::Code;

/// Whether a principal has a role that may suffice.
pub(super) fn suffices(
    need: NeededRole,
    principal: &Principal,
    method: &str,
) -> Result<(), Failure> {
    let enough = match need {
        NeededRole::Nothing | NeededRole::Somebody => true,
        NeededRole::Role(role) => principal.roles.has(role),
        NeededRole::Live(role) => principal.roles.has(role) || principal.roles.has(Role::Plan),
    };
    if enough { Ok(()) } else { Err(missing(method, &need.roles())) }
}

/// The failure of a call for which a role is missing.
pub(super) fn missing(method: &str, roles: &[&str]) -> Failure {
    let text = format!("{method} needs one of the roles {}", roles.join(", "));
    Failure::new(Code::PermissionDenied, "ROLE_MISSING", text)
        .with("method", method)
        .with("roles", roles.join(","))
}
