//! The caller's principal, carried from the node that he asked to the one that does it.
//!
//! Only the peers' port believes it, and only nodes can reach that. His limits go with him: lines and units held are
//! counted where promises are made.

use crate::rpc::secure::{
    principal::{Bounds, Principal, Quotas},
    roles::Role,
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::{collections::BTreeSet, sync::Arc};

/// The header that has it.
pub(in crate::rpc) const HEADER: HeaderName = HeaderName::from_static("promised-principal");

#[derive(serde::Serialize, serde::Deserialize)]
struct Carried {
    name: String,
    roles: BTreeSet<Role>,
    bounds: Bounds,
    economics: bool,
    #[serde(default)]
    limits: Quotas,
    open: bool,
}

/// As a header.
pub(in crate::rpc) fn header(principal: &Principal) -> HeaderValue {
    let carried = Carried {
        name: principal.name.to_string(),
        roles: Role::ALL.into_iter().filter(|role| principal.roles.has(*role)).collect(),
        bounds: principal.bounds.clone(),
        economics: principal.economics,
        limits: principal.limits,
        open: principal.is_open,
    };
    let text = serde_json::to_vec(&carried).expect("it is plain data");
    HeaderValue::from_str(&BASE64.encode(text)).expect("Base64 is ASCII")
}

/// Of a header, if it has one that can be read.
pub(in crate::rpc) fn read(headers: &HeaderMap) -> Option<Arc<Principal>> {
    let text = BASE64.decode(headers.get(HEADER)?.as_bytes()).ok()?;
    let Carried { name, roles, bounds, economics, limits, open } =
        serde_json::from_slice(&text).ok()?;
    Some(Arc::new(Principal {
        name: name.into(),
        roles: roles.into_iter().collect(),
        bounds,
        economics,
        limits,
        is_open: open,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_comes_as_it_went_and_nothing_else_is_one() {
        let principal = Principal {
            name: "shop".into(),
            roles: [Role::Promise].into_iter().collect(),
            bounds: Bounds { classes: ["web".to_string()].into(), ..Bounds::default() },
            economics: false,
            limits: Quotas { held_quantity: Some(7), ..Quotas::default() },
            is_open: false,
        };
        let mut headers = HeaderMap::new();
        assert_eq!(read(&headers), None);
        headers.insert(HEADER, header(&principal));
        assert_eq!(read(&headers).as_deref(), Some(&principal));
        headers.insert(HEADER, HeaderValue::from_static("e30"));
        assert_eq!(read(&headers), None);
    }
}
