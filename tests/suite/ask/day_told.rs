//! What the program says after the planner's day, as the page of [`super::day`] holds it.

use super::day::Day;
use crate::http::client::Client;
use promised::rpc::proto;
use proto::{
    analytics_service_client::AnalyticsServiceClient,
    availability_service_client::AvailabilityServiceClient,
    event_service_client::EventServiceClient, exception::Kind,
    exception_service_client::ExceptionServiceClient, query_request,
};
use std::fmt::Write as _;

/// Every measure that the contract names, and ours.
const MEASURES: [&str; 20] = [
    "lines",
    "quantity",
    "value",
    "cost",
    "profit",
    "on_time_lines",
    "on_time_quantity",
    "on_time_value",
    "late_lines",
    "days_late_mean",
    "at_risk_lines",
    "at_risk_value",
    "backlog_lines",
    "backlog_value",
    "held_lines",
    "date_changes",
    "days_moved",
    "unmoved_lines",
    "limited_value",
    "fill",
];

/// Every column.
const COLUMNS: [&str; 16] = [
    "item",
    "category",
    "brand",
    "customer",
    "country",
    "region",
    "zone",
    "channel",
    "seller",
    "demand_class",
    "location",
    "ship_method",
    "supply",
    "state",
    "limiting",
    "moved_by",
];

impl Day {
    pub async fn exceptions(&self) -> String {
        let mut client = ExceptionServiceClient::new(self.server.channel());
        let request = proto::ListExceptionsRequest {
            order_by: "exception_id".to_string(),
            ..Default::default()
        };
        let found = client.list(request).await.unwrap().into_inner();
        let mut text = String::new();
        for one in &found.exceptions {
            let limits = one.limiting.clone().unwrap_or_default();
            let parts = [
                limits.supply,
                limits.item,
                limits.location,
                limits.resource,
                limits.supplier,
                limits.demand_class,
            ];
            let limits: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let seen = one
                .acknowledged
                .as_ref()
                .map(|seen| format!(", seen by {}", seen.by))
                .unwrap_or_default();
            let remedy =
                one.remedies.first().map(|remedy| format!(", {}", remedy.text)).unwrap_or_default();
            writeln!(
                text,
                "{} {}: days {}, quantity {}, value {}, limits [{}], since {}, {}{remedy}{seen}",
                one.exception_id,
                one.level().as_str_name().to_lowercase(),
                one.days,
                one.quantity,
                one.value,
                limits.join(" "),
                one.sequence,
                one.cause,
            )
            .unwrap();
        }
        text
    }

    pub async fn groups(&self) -> String {
        let mut client = ExceptionServiceClient::new(self.server.channel());
        let mut text = String::new();
        for by in [
            "kind",
            "level",
            "item",
            "location",
            "supply",
            "resource",
            "supplier",
            "customer",
            "demand_class",
        ] {
            let request = proto::ListExceptionsRequest {
                kinds: vec![Kind::Late.into(), Kind::AtRisk.into()],
                group_by: by.to_string(),
                ..Default::default()
            };
            let found = client.list(request).await.unwrap().into_inner();
            let one = |group: &proto::list_exceptions_response::Group| {
                let key = if group.key.is_empty() { "-" } else { &group.key };
                format!("{key} {} {}", group.count, group.value)
            };
            let groups: Vec<_> = found.groups.iter().map(one).collect();
            writeln!(text, "{by}: {}", groups.join("; ")).unwrap();
        }
        text
    }

    pub async fn events(&self) -> String {
        let last = self.server.engine().pin().position;
        let request = proto::WatchEventsRequest {
            from_sequence: Some(0),
            until_sequence: Some(last),
            ..Default::default()
        };
        let mut client = EventServiceClient::new(self.server.channel());
        let mut stream = client.watch(request).await.unwrap().into_inner();
        let mut text = String::new();
        while let Some(event) = stream.message().await.unwrap() {
            let jeopardy = event.jeopardy.map(|found| {
                format!(
                    " ({} -> {}, {} days, {})",
                    found.promised, found.now, found.days, found.value
                )
            });
            let time = promised_instant(event.time.as_ref());
            writeln!(
                text,
                "{}.{} {time} {} {}: {}{}",
                event.position,
                event.number,
                event.r#type,
                event.subject,
                event.cause,
                jeopardy.unwrap_or_default()
            )
            .unwrap();
        }
        text
    }

    async fn query(&self, request: proto::QueryRequest) -> proto::QueryResponse {
        AnalyticsServiceClient::new(self.server.channel())
            .query(request)
            .await
            .unwrap()
            .into_inner()
    }

    pub async fn figures(&self) -> String {
        let measures: Vec<String> = MEASURES.iter().map(ToString::to_string).collect();
        let request = proto::QueryRequest { measures: measures.clone(), ..Default::default() };
        let total = self.query(request).await.total.unwrap();
        let one = |(name, value): (&String, &f64)| format!("{name} {value}\n");
        measures.iter().zip(&total.values).map(one).collect()
    }

    pub async fn bases(&self) -> String {
        use query_request::Basis;
        let mut text = String::new();
        for basis in [Basis::Request, Basis::FirstPromise, Basis::LastPromise] {
            let request = proto::QueryRequest {
                measures: vec!["on_time_lines".to_string(), "days_late_mean".to_string()],
                basis: basis.into(),
                ..Default::default()
            };
            let total = self.query(request).await.total.unwrap().values;
            writeln!(text, "{}: {} {}", basis.as_str_name().to_lowercase(), total[0], total[1])
                .unwrap();
        }
        text
    }

    pub async fn columns(&self) -> String {
        let mut text = String::new();
        for column in COLUMNS {
            let request = proto::QueryRequest {
                measures: vec!["lines".to_string(), "value".to_string()],
                group_by: vec![column.to_string()],
                ..Default::default()
            };
            let one = |row: &proto::query_response::Row| {
                let key = if row.keys[0].is_empty() { "-" } else { &row.keys[0] };
                format!("{key} {} {}", row.values[0], row.values[1])
            };
            let rows: Vec<_> = self.query(request).await.rows.iter().map(one).collect();
            writeln!(text, "{column}: {}", rows.join("; ")).unwrap();
        }
        text
    }

    pub async fn periods(&self) -> String {
        let request = proto::QueryRequest {
            measures: vec!["lines".to_string()],
            bucket: query_request::Bucket::Week.into(),
            ..Default::default()
        };
        let rows = self.query(request).await.rows;
        rows.iter().map(|row| format!("{}: {}\n", row.keys[0], row.values[0])).collect()
    }

    pub async fn accounts(&self) -> String {
        let mut text = String::new();
        for (item, location) in [("LAMP", "MAIN"), ("BULB", "MAIN"), ("DESK", "WORKS")] {
            writeln!(text, "{item} at {location}").unwrap();
            text.push_str(&self.account(item, location).await);
        }
        text
    }

    async fn account(&self, item: &str, location: &str) -> String {
        let request = proto::GetAccountRequest {
            item: item.to_string(),
            location: location.to_string(),
            ..Default::default()
        };
        let mut client = AvailabilityServiceClient::new(self.server.channel());
        let found = client.get_account(request).await.unwrap().into_inner();
        let one = |event: &proto::AccountEvent| {
            use proto::account_event::Document;
            let document = match &event.document {
                Some(Document::Supply(of) | Document::Demand(of) | Document::PromiseId(of)) => {
                    of.as_str()
                }
                None => "-",
            };
            let proto::AccountEvent { date, kind, quantity, balance, demand_class, .. } = event;
            format!("{date} {kind} {document} {quantity} {balance} {demand_class}")
                .trim_end()
                .to_string()
                + "\n"
        };
        found.events.iter().map(one).collect()
    }

    pub async fn export(&self) -> String {
        let format = proto::export_request::Format::Csv.into();
        let request = proto::ExportRequest { format, ..Default::default() };
        let mut client = AnalyticsServiceClient::new(self.server.channel());
        let mut parts = client.export(request).await.unwrap().into_inner();
        let mut file = Vec::new();
        while let Some(part) = parts.message().await.unwrap() {
            file.extend(part.data);
        }
        String::from_utf8(file).unwrap()
    }

    /// The heads of the sheets, and one row of each.
    pub async fn sheets(&self) -> String {
        let mut client = Client::connect(&self.server.url).await;
        let figures = format!(
            "/v1/figures.csv?measures={}&group_by=item,customer&bucket=week&top=1",
            MEASURES.join(",")
        );
        let mut text = String::new();
        for path in ["/v1/exceptions.csv?kind=at_risk", "/v1/exceptions.csv?kind=late", &figures] {
            let answer = client.ask("GET", path, &[], &[]).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            text.push_str(answer.text());
        }
        text
    }
}

fn promised_instant(at: Option<&prost_types::Timestamp>) -> String {
    promised::rpc::text::instant(at)[11..16].to_string()
}
