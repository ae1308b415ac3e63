//! Issue 21, item 6: figures of one instant, by what lines have in common; and all promises as a file.

use super::{super::rpc::told, promised};
use promised::rpc::proto;
use proto::{
    analytics_service_client::AnalyticsServiceClient,
    query_request::{Basis, Bucket},
};

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_string()).collect()
}

async fn query(server: &super::Server, request: proto::QueryRequest) -> proto::QueryResponse {
    let mut client = AnalyticsServiceClient::new(server.channel());
    client.query(request).await.unwrap().into_inner()
}

fn rows(answer: &proto::QueryResponse) -> Vec<String> {
    let one = |row: &proto::query_response::Row| {
        let values: Vec<_> = row.values.iter().map(f64::to_string).collect();
        format!("{}: {}", row.keys.join(" "), values.join(" "))
    };
    answer.rows.iter().map(one).collect()
}

#[tokio::test]
async fn lines_quantity_and_value_by_item_the_largest_first() {
    let server = promised().await;
    let request = proto::QueryRequest {
        measures: strings(&["value", "lines", "quantity", "on_time_lines", "late_lines"]),
        group_by: strings(&["item"]),
        ..Default::default()
    };
    let answer = query(&server, request.clone()).await;
    assert_eq!(
        answer.columns,
        ["item", "value", "lines", "quantity", "on_time_lines", "late_lines"]
    );
    assert_eq!(rows(&answer), ["PUMP: 800 2 8 2 0", "VALVE: 300 2 10 0 2", "SEAL: 100 1 50 1 0"]);
    assert_eq!(answer.total.clone().unwrap().values, [1200.0, 5.0, 68.0, 3.0, 2.0]);
    let top = proto::QueryRequest { top: 1, ..request.clone() };
    assert_eq!(rows(&query(&server, top).await), ["PUMP: 800 2 8 2 0"]);
    let some = proto::QueryRequest { filter: "item=VALVE|SEAL quantity>=5".to_string(), ..request };
    assert_eq!(rows(&query(&server, some).await), ["VALVE: 180 1 6 0 1", "SEAL: 100 1 50 1 0"]);
    server.stop().await;
}

#[tokio::test]
async fn up_to_three_dimensions_and_a_period() {
    let server = promised().await;
    let request = proto::QueryRequest {
        measures: strings(&["lines"]),
        group_by: strings(&["customer", "supply", "location"]),
        bucket: Bucket::Month.into(),
        ..Default::default()
    };
    let answer = query(&server, request).await;
    assert_eq!(answer.columns, ["customer", "supply", "location", "period", "lines"]);
    assert_eq!(
        rows(&answer),
        [
            "NORDWIND stock HAM 2026-11-01: 3",
            "SUEDBAU buy BER 2026-12-01: 1",
            "SUEDBAU make BER 2026-12-01: 1",
        ]
    );
    let limiting = proto::QueryRequest {
        measures: strings(&["limited_value"]),
        group_by: strings(&["limiting"]),
        ..Default::default()
    };
    assert_eq!(rows(&query(&server, limiting).await), ["supply PO-1: 300", ": 0"]);
    server.stop().await;
}

#[tokio::test]
async fn on_time_is_judged_by_the_request_the_first_and_the_last_promise() {
    let server = promised().await;
    // The customer of LATE asks for it later: what was promised first does not change by that.
    let get = proto::GetPromiseRequest { promise_id: "P2".to_string(), ..Default::default() };
    let terms = server.promises().get(get).await.unwrap().into_inner().promises[0].terms.clone();
    let line = proto::OrderLine { requested_date: "2026-12-08".to_string(), ..terms.unwrap() };
    let amend = proto::AmendRequest {
        promise_id: "P2".to_string(),
        line: Some(line),
        ..Default::default()
    };
    assert!(server.promises().amend(amend).await.unwrap().into_inner().changed);
    let on_time = async |basis: Basis| {
        let request = proto::QueryRequest {
            measures: strings(&["on_time_lines", "date_changes", "days_moved", "unmoved_lines"]),
            filter: "order=LATE".to_string(),
            basis: basis.into(),
            ..Default::default()
        };
        query(&server, request).await.total.unwrap().values
    };
    assert_eq!(on_time(Basis::Request).await, [1.0, 1.0, 7.0, 0.0]);
    assert_eq!(on_time(Basis::FirstPromise).await[0], 0.0, "it was promised for 12-01 first");
    assert_eq!(on_time(Basis::LastPromise).await[0], 1.0);
    server.stop().await;
}

#[tokio::test]
async fn how_stable_dates_are_and_what_moved_them() {
    use proto::{
        backlog_service_client::BacklogServiceClient,
        scenario_service_client::ScenarioServiceClient,
    };
    let server = promised().await;
    let moved = async || {
        let request = proto::QueryRequest {
            measures: strings(&["lines", "date_changes", "days_moved", "unmoved_lines"]),
            group_by: strings(&["moved_by"]),
            ..Default::default()
        };
        rows(&query(&server, request).await)
    };
    let movers = async |id: &str| -> Vec<String> {
        let (promise_id, history) = (id.to_string(), true);
        let get = proto::GetPromiseRequest { promise_id, history, ..Default::default() };
        let found = server.promises().get(get).await.unwrap().into_inner().promises.remove(0);
        found.history.into_iter().map(|step| step.mover).collect()
    };
    assert_eq!(moved().await, [": 5 0 0 5"]);
    // A customer asks for seals a week later; PO-1 comes three days later, and what waits for it is promised again.
    let get = proto::GetPromiseRequest { promise_id: "P4".to_string(), ..Default::default() };
    let terms = server.promises().get(get).await.unwrap().into_inner().promises[0].terms.clone();
    let line = proto::OrderLine { requested_date: "2026-12-09".to_string(), ..terms.unwrap() };
    let (promise_id, line) = ("P4".to_string(), Some(line));
    let amend = proto::AmendRequest { promise_id, line, ..Default::default() };
    assert!(server.promises().amend(amend).await.unwrap().into_inner().changed);
    let mut scenarios = ScenarioServiceClient::new(server.channel());
    let create = proto::CreateScenarioRequest { name: "slip".to_string(), ..Default::default() };
    let scenario_id = scenarios.create(create).await.unwrap().into_inner().scenario_id;
    let cells = [("supply", "PO-1"), ("days", "3")];
    let cells = cells.map(|(name, value)| (name.to_string(), value.to_string())).into();
    let changes = vec![proto::Change { change: "supply_moved".to_string(), cells }];
    let change = proto::ChangeScenarioRequest {
        scenario_id: scenario_id.clone(),
        changes,
        ..Default::default()
    };
    scenarios.change(change).await.unwrap();
    let run = proto::RunBacklogRequest {
        request_id: "run".to_string(),
        scenario_id,
        filter: "item=VALVE".to_string(),
        apply: true,
        ..Default::default()
    };
    let mut backlogs = BacklogServiceClient::new(server.channel());
    let applied = backlogs.run(run).await.unwrap().into_inner().applied.unwrap();
    assert!(applied.applied, "{}", applied.why);
    assert_eq!(moved().await, [": 2 0 0 2", "change: 2 2 6 0", "customer: 1 1 7 0"]);
    assert_eq!(movers("P3").await, ["", "change"]);
    assert_eq!(movers("P4").await, ["", ""]);
    let (request_id, position) = ("back".to_string(), applied.sequence);
    let revert = proto::RevertRequest { request_id, position };
    scenarios.revert(revert).await.unwrap();
    assert_eq!(moved().await, [": 2 0 0 2", "taken_back: 2 4 12 0", "customer: 1 1 7 0"]);
    assert_eq!(movers("P2").await, ["", "change", "taken_back"]);
    server.stop().await;
}

#[tokio::test]
async fn what_is_asked_wrongly_is_named() {
    let server = promised().await;
    let mut client = AnalyticsServiceClient::new(server.channel());
    let request = proto::QueryRequest {
        measures: strings(&["lines", "beauty"]),
        group_by: strings(&["item", "zone", "state", "brand"]),
        filter: "colour=red".to_string(),
        ..Default::default()
    };
    let refused = told(&client.query(request).await.unwrap_err());
    assert!(refused.contains("measures[1]: \"beauty\" is not one of lines, quantity"), "{refused}");
    assert!(refused.contains("group_by: 4 are more than 3"), "{refused}");
    assert!(refused.contains("filter: \"colour\""), "{refused}");
    server.stop().await;
}

async fn export(server: &super::Server, format: proto::export_request::Format) -> Vec<u8> {
    let mut client = AnalyticsServiceClient::new(server.channel());
    let request = proto::ExportRequest { format: format.into(), ..Default::default() };
    let mut parts = client.export(request).await.unwrap().into_inner();
    let mut file = Vec::new();
    while let Some(part) = parts.message().await.unwrap() {
        file.extend(part.data);
    }
    file
}

#[tokio::test]
async fn all_promises_are_a_file_a_row_a_leg() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let server = promised().await;
    let csv = export(&server, proto::export_request::Format::Csv).await;
    let text = String::from_utf8(csv).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[0].starts_with("order,line,status,option,leg,item,location,ship_method,quantity,")
    );
    assert!(lines[0].ends_with("unit_price,held_until,at_risk,created_at"));
    assert_eq!(lines.len(), 1 + 6, "five promises, one of them in two legs");
    assert!(
        lines[3]
            .starts_with("SPLIT,1,late,0,1,VALVE,HAM,standard,2,2026-11-26,2026-11-27,0,stock,"),
        "{}",
        lines[3]
    );
    let parquet = export(&server, proto::export_request::Format::Parquet).await;
    let reader = SerializedFileReader::new(bytes::Bytes::from(parquet)).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 6);
    server.stop().await;
}
