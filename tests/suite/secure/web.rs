//! Item 2 over HTTP: the same roles by the same table, 401 and 403, links with a token, pages that ask nobody.

use super::place::{Place, Server};
use promised::rpc::secure::{methods, roles::Role};
use std::{
    io::{Read, Write},
    net::TcpStream,
};

/// Status and body of a request.
fn ask(
    server: &Server,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: &str,
) -> (u16, String) {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let bearer =
        token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{bearer}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer.split_once("\r\n\r\n").unwrap().1.to_string())
}

#[test]
fn http_asks_who_calls_as_grpc_does() {
    let place = Place::new();
    let reader = place.token("reader", &["--role", "read"]);
    let shop = place.token("shop", &["--role", "promise"]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let promise = "/promised.v1.PromiseService/Promise";
    let (status, body) = ask(&server, "POST", promise, None, "{}");
    assert_eq!(status, 401, "{body}");
    assert!(body.contains("\"unauthenticated\"") && body.contains("CREDENTIALS_MISSING"), "{body}");
    assert_eq!(ask(&server, "POST", promise, Some("pmt_no"), "{}").0, 401);
    // Before a word is read: what is no request at all is refused for the role.
    let (status, body) = ask(&server, "POST", promise, Some(&reader), "no json");
    assert_eq!(status, 403, "{body}");
    assert!(body.contains("\"permission_denied\"") && body.contains("ROLE_MISSING"), "{body}");
    assert_eq!(ask(&server, "POST", promise, Some(&shop), "no json").0, 400);
    let quick = "/v1/availability.csv?item=HL-U509&location=PLANT&days=2";
    assert_eq!(ask(&server, "GET", quick, None, "").0, 401);
    assert_eq!(ask(&server, "GET", quick, Some(&reader), "").0, 200);
    // A link is for looking.
    assert_eq!(ask(&server, "GET", &format!("{quick}&token={reader}"), None, "").0, 200);
    assert_eq!(ask(&server, "POST", &format!("{promise}?token={shop}"), None, "{}").0, 403);
    assert_eq!(ask(&server, "POST", "/v1/orders?commit=confirm", Some(&reader), "[]").0, 403);
    // However the address is written, it is the role of what is done that counts.
    let orders = "order,line,item,quantity,requested_date\nA,1,HL-U509,1,2014-04-10\n";
    for query in [
        "commit=%63onfirm",
        "%63ommit=confirm",
        "commit=h%6fld",
        "commit=no&commit=%63onfirm",
        "commit=%63onfirm&scenario=%20",
    ] {
        let (status, body) =
            ask(&server, "POST", &format!("/v1/orders?{query}"), Some(&reader), orders);
        assert_eq!(status, 403, "{query}: {body}");
    }
    let loader = place.token("loader", &["--role", "load"]);
    server.signal(rustix::process::Signal::HUP);
    while ask(&server, "GET", quick, Some(&loader), "").0 == 401 {}
    assert_eq!(ask(&server, "POST", "/v1/snapshots?aim=%66orce", Some(&loader), "").0, 403);
    // Pages that ask for a token ask for none themselves.
    assert_eq!(ask(&server, "GET", "/console/", None, "").0, 200);
    assert_eq!(ask(&server, "GET", "/openapi.json", None, "").0, 200);
}

#[test]
fn every_method_by_every_role_over_http_is_as_openapi_says() {
    let place = Place::new();
    let tokens: Vec<_> = Role::ALL
        .map(|role| (role, place.token(role.word(), &["--role", role.word()])))
        .into_iter()
        .collect();
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let document: serde_json::Value =
        serde_json::from_str(&ask(&server, "GET", "/openapi.json", None, "").1).unwrap();
    let mut n_methods = 0;
    for (path, need) in methods::all() {
        let operation = &document["paths"][&path]["post"];
        if operation.is_null() || path.contains("Watch") {
            continue;
        }
        n_methods += 1;
        let roles: Vec<&str> = operation["x-roles"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
            .collect();
        assert_eq!(roles, need.roles(), "{path}");
        assert_eq!(operation["security"][0], serde_json::json!({ "bearer": [] }), "{path}");
        for (role, token) in &tokens {
            let may = roles.is_empty() || roles.contains(&role.word());
            let (status, body) = ask(&server, "POST", &path, Some(token), "{}");
            assert_eq!(status == 403, !may, "{path} by {role}: {status} {body}");
        }
    }
    assert!(30 < n_methods, "{n_methods}");
    // Every way that an operation names is described, and every operation names some; a link does for looking only.
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(
        (&schemes["bearer"]["type"], &schemes["bearer"]["scheme"]),
        (&"http".into(), &"bearer".into())
    );
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (verb, operation) in operations.as_object().unwrap() {
            let ways = operation["security"].as_array().unwrap_or_else(|| panic!("{path}"));
            let names: Vec<_> =
                ways.iter().flat_map(|way| way.as_object().unwrap().keys()).collect();
            assert!(
                names.iter().all(|name| schemes[name.as_str()].is_object()),
                "{path}: {names:?}"
            );
            assert_eq!(names.iter().any(|name| *name == "link"), verb == "get", "{path}");
        }
    }
}
