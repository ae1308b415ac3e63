//! Issue 20, item 1: `POST /v1/orders`, CSV in and CSV out, JSON alike.

use super::{Answer, Client};
use crate::rpc::Server;

const FILE: &str = "order,item,quantity,requested_date,customer\nA1,VALVE,4,2026-11-25,NORDWIND\nA2,VALVE,1,2026-12-02,NORDWIND\n";

async fn client() -> (Server, Client) {
    let server = Server::tiny().await;
    let client = Client::connect(&server.url).await;
    (server, client)
}

async fn send(client: &mut Client, query: &str, more: &[(&str, &str)], body: &str) -> Answer {
    let mut headers = more.to_vec();
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        headers.push(("content-type", "text/csv"));
    }
    client.ask("POST", &format!("/v1/orders{query}"), &headers, body.as_bytes()).await
}

#[tokio::test]
async fn a_file_is_asked_for_and_nothing_is_kept() {
    let (server, mut client) = client().await;
    let answer = send(&mut client, "", &[], FILE).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/csv; charset=utf-8"),
        "{}",
        answer.text()
    );
    let rows: Vec<_> = answer.text().lines().collect();
    assert!(rows[0].starts_with("order,line,status,option,leg,item,"), "{}", rows[0]);
    assert!(rows[0].ends_with(",reason,promise_id,state,held_until"), "{}", rows[0]);
    assert!(
        rows[1].starts_with(
            "A1,1,late,0,1,VALVE,HAM,standard,4,2026-12-01,2026-12-02,6,stock,1,80,40,"
        ),
        "{}",
        rows[1]
    );
    assert!(rows[2].starts_with("A2,1,on_time,"), "{}", rows[2]);
    assert_eq!(server.engine().pin().n_reservations(), 0);
    server.stop().await;
}

#[tokio::test]
async fn what_is_held_or_confirmed_has_its_id_and_a_repeated_key_its_bytes() {
    let (server, mut client) = client().await;
    let key = [("idempotency-key", "k1")];
    let first = send(&mut client, "?commit=hold&hold_for=15m", &key, FILE).await;
    assert_eq!(first.status, 200, "{}", first.text());
    assert!(first.text().lines().nth(1).unwrap().contains(",P1,held,20"), "{}", first.text());
    let again = send(&mut client, "?commit=hold&hold_for=15m", &key, FILE).await;
    assert_eq!(again.text(), first.text());
    assert_eq!(server.engine().pin().n_reservations(), 2);
    let other =
        send(&mut client, "?commit=hold&hold_for=15m", &key, &FILE.replace(",4,", ",3,")).await;
    assert_eq!(
        (other.status, other.json()["code"].as_str()),
        (409, Some("already_exists")),
        "{}",
        other.text()
    );
    let confirmed = send(&mut client, "?commit=confirm", &[], &FILE.replace("\nA", "\nB")).await;
    assert!(
        confirmed.text().lines().nth(1).unwrap().contains(",P3,confirmed,"),
        "{}",
        confirmed.text()
    );
    server.stop().await;
}

#[tokio::test]
async fn json_in_json_out_and_either_by_accept() {
    let (server, mut client) = client().await;
    let rows =
        r#"[{"order": "A1", "item": "VALVE", "quantity": 4, "requested_date": "2026-11-25"}]"#;
    let answer = send(&mut client, "", &[("content-type", "application/json")], rows).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/json"),
        "{}",
        answer.text()
    );
    let json = answer.json();
    assert_eq!(
        (&json[0]["order"], &json[0]["quantity"], &json[0]["leg"]),
        (&"A1".into(), &4.into(), &1.into())
    );
    let accept = [("content-type", "application/json"), ("accept", "text/csv")];
    let answer = send(&mut client, "", &accept, rows).await;
    assert!(answer.text().starts_with("order,line,status"), "{}", answer.text());
    server.stop().await;
}

#[tokio::test]
async fn every_faulty_cell_is_told_with_its_line_and_column() {
    let (server, mut client) = client().await;
    let file = "order,item,quantity,requested_date\nA1,VALVE,many,2026-11-25\nA2,VALVE,1,soon\nA3,VALVE,1,2026-12-02\n";
    let answer = send(&mut client, "?commit=confirm", &[], file).await;
    assert_eq!(answer.status, 400);
    let json = answer.json();
    let details = json["details"].as_array().unwrap();
    let bad = details.iter().find(|one| one["type"] == "google.rpc.BadRequest").unwrap();
    let fields: Vec<_> = bad["debug"]["fieldViolations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["line 2, column quantity", "line 3, column requested_date"]);
    // What only the snapshot knows is told alike.
    let file =
        "order,item,quantity,requested_date\nA1,VALVE,1,2026-12-02\nA2,NOTHING,1,2026-12-02\n";
    let answer = send(&mut client, "?commit=confirm", &[], file).await;
    assert!(
        answer.error().starts_with("400 invalid_argument: line 3, column item:"),
        "{}",
        answer.text()
    );
    assert_eq!(server.engine().pin().n_reservations(), 0, "nothing is done");
    server.stop().await;
}

#[tokio::test]
async fn faults_of_form_and_unknown_names_are_told_together() {
    let (server, mut client) = client().await;
    let file = "order,item,quantity,requested_date\nA1,VALVE,many,2026-11-25\nA2,NOTHING,1,2026-12-02\nA3,VALVE,1,2026-12-02\n";
    for commit in ["no", "hold", "confirm"] {
        let answer = send(&mut client, &format!("?commit={commit}"), &[], file).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
        let text = answer.text();
        assert!(
            text.contains("line 2, column quantity") && text.contains("line 3, column item"),
            "{text}"
        );
    }
    assert_eq!(server.engine().pin().n_reservations(), 0, "nothing is done");
    server.stop().await;
}

#[tokio::test]
async fn a_column_that_there_is_not_is_named_and_nothing_is_done() {
    let (server, mut client) = client().await;
    let file = FILE.replace("customer", "custmer");
    for query in ["", "?commit=confirm", "?commit=confirm&best_effort=true"] {
        let answer = send(&mut client, query, &[], &file).await;
        let error = answer.error();
        assert!(
            error.starts_with("400 invalid_argument: column custmer: is no column of order lines; there are order, item,"),
            "{query}: {error}"
        );
    }
    let json = r#"[{"order": "A1", "item": "VALVE", "quantity": 4, "requested_date": "2026-11-25", "latest_dat": "2026-11-26"}]"#;
    let answer = send(&mut client, "", &[("content-type", "application/json")], json).await;
    assert!(answer.error().contains("column latest_dat"), "{}", answer.text());
    // All that is wrong with the heading is told at once.
    let answer = send(&mut client, "", &[], "order,itm,quantity\nA1,VALVE,4\n").await;
    let text = answer.text();
    for column in ["column itm", "column item", "column requested_date"] {
        assert!(text.contains(column), "{column}: {text}");
    }
    assert_eq!(server.engine().pin().n_reservations(), 0);
    server.stop().await;
}

#[tokio::test]
async fn best_effort_promises_the_others() {
    let (server, mut client) = client().await;
    let file = "order,line,item,quantity,requested_date\nA1,1,VALVE,many,2026-11-25\nA2,1,NOTHING,1,2026-12-02\nA3,7,VALVE,1,2026-12-02\n";
    for commit in ["no", "confirm"] {
        let answer =
            send(&mut client, &format!("?commit={commit}&best_effort=true"), &[], file).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let rows: Vec<_> = answer.text().lines().collect();
        assert!(
            rows[1].starts_with("A1,1,refused,0,,,") && rows[1].contains("quantity"),
            "{}",
            rows[1]
        );
        assert!(
            rows[2].starts_with("A2,1,refused,0,,,") && rows[2].contains("item"),
            "{}",
            rows[2]
        );
        assert!(rows[3].starts_with("A3,7,on_time,0,1,VALVE"), "{}", rows[3]);
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_table_or_too_long_is_refused() {
    let (server, mut client) = client().await;
    let answer = send(&mut client, "", &[("content-type", "application/pdf")], "x").await;
    assert_eq!(answer.status, 415);
    let answer = send(&mut client, "?commit=perhaps", &[], FILE).await;
    assert!(
        answer.error().starts_with("400 invalid_argument: commit: \"perhaps\" is not one of"),
        "{}",
        answer.text()
    );
    let answer = send(&mut client, "?comit=no", &[], FILE).await;
    assert!(
        answer.error().starts_with("400 invalid_argument: comit: is no parameter here"),
        "{}",
        answer.text()
    );
    let answer = send(&mut client, "", &[], "order,quantity\nA,1\n").await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    let rows: String = (0..10_001).map(|n| format!("A{n},VALVE,1,2026-12-02\n")).collect();
    let answer =
        send(&mut client, "", &[], &format!("order,item,quantity,requested_date\n{rows}")).await;
    assert!(answer.error().contains("10001 lines are more than 10000"), "{}", answer.error());
    server.stop().await;
}
