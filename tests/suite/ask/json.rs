//! Issue 21 as JSON over HTTP, as curl asks it, and as CSV for spreadsheets.

use super::{super::http::Client, promised};

#[tokio::test]
async fn every_answer_is_json_too() {
    let server = promised().await;
    let mut client = Client::connect(&server.url).await;
    let mut ask = async |path: &str, body: &str| {
        let answer = client.post(&format!("/promised.v1.{path}"), body).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    };
    let found = ask("CatalogService/Find", r#"{"text":"pump"}"#).await;
    assert_eq!(found["hits"][0]["kind"], "ITEM");
    let item = ask("CatalogService/GetItem", r#"{"item":"PUMP"}"#).await;
    assert_eq!(item["works"][0]["workDefinition"], "ASSEMBLE");
    assert_eq!(ask("CatalogService/GetLocation", r#"{"location":"BER"}"#).await["kind"], "plant");
    assert_eq!(
        ask("CatalogService/GetCustomer", r#"{"customer":"NORDWIND"}"#).await["zone"],
        "NORTH"
    );
    let rules = ask("CatalogService/GetRules", r#"{"item":"PUMP","location":"BER"}"#).await;
    assert!(rules["atp"]["why"].as_str().unwrap().contains("default"));
    let account =
        ask("AvailabilityService/GetAccount", r#"{"item":"VALVE","location":"HAM"}"#).await;
    assert_eq!(account["events"][1]["promiseId"], "P3");
    let capacity = ask(
        "AvailabilityService/GetCapacity",
        r#"{"resource":"BENCH","from":"2026-12-03","days":1}"#,
    )
    .await;
    assert_eq!(capacity["days"][0]["takers"][0]["promiseId"], "P5");
    let pegging = ask("PromiseService/GetPegging", r#"{"supply":"PO-1"}"#).await;
    assert_eq!(pegging["usedBy"][0]["promiseId"], "P2");
    let explain = ask("PromiseService/Explain", r#"{"promise_id":"P2"}"#).await;
    assert_eq!(explain["now"]["status"], "LATE");
    let exceptions = ask("ExceptionService/List", "{}").await;
    assert_eq!(
        (&exceptions["exceptions"][0]["kind"], &exceptions["total"]),
        (&"LATE".into(), &"2".into())
    );
    let seen =
        ask("ExceptionService/Acknowledge", r#"{"exceptionId":"late/P2","by":"anna"}"#).await;
    assert_eq!(seen["exception"]["acknowledged"]["by"], "anna");
    let figures =
        ask("AnalyticsService/Query", r#"{"measures":["lines"],"groupBy":["item"],"top":1}"#).await;
    assert_eq!(figures["rows"][0]["keys"][0], "PUMP");
    let most = r#"{"most":true,"lines":[{"order":"M","item":"VALVE","quantity":5,"requestedDate":"2026-12-01"}]}"#;
    let most = ask("PromiseService/CheckAvailability", most).await;
    assert_eq!(most["results"][0]["mostByRequestedDate"].as_f64(), Some(12.0));
    let events = client
        .ask(
            "POST",
            "/promised.v1.EventService/Watch",
            &[("content-type", "application/json"), ("accept", "application/x-ndjson")],
            br#"{"fromSequence":0,"untilSequence":2}"#,
        )
        .await;
    let lines: Vec<serde_json::Value> =
        events.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{}", events.text());
    assert_eq!(
        (&lines[0]["type"], &lines[1]["promise"]["promiseId"]),
        (&"promise.made".into(), &"P2".into())
    );
    server.stop().await;
}

#[tokio::test]
async fn exceptions_and_figures_are_sheets() {
    let server = promised().await;
    let mut client = Client::connect(&server.url).await;
    let sheet = client.get("/v1/exceptions.csv?kind=late").await;
    let lines: Vec<_> = sheet.text().lines().collect();
    assert!(
        lines[0].starts_with("exception_id,kind,level,subject,since,cause,order,line,promise_id")
    );
    assert!(lines[1].starts_with("late/P2,late,") && lines.len() == 3, "{}", sheet.text());
    let figures = client.get("/v1/figures.csv?measures=value,lines&group_by=item&top=2").await;
    assert_eq!(figures.text(), "item,value,lines\nPUMP,800,2\nVALVE,300,2\n");
    let figures =
        client.get("/v1/figures.json?measures=lines&group_by=customer&bucket=month").await;
    assert_eq!(figures.json()[0]["period"], "2026-11-01");
    server.stop().await;
}
