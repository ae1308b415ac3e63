//! What tables, catalog, accounts, capacity and pegging say of the planner's day, as the page of [`super::day`] holds it.

use super::day::Day;
use crate::http::client::Client;
use promised::rpc::proto;
use proto::{
    availability_service_client::AvailabilityServiceClient,
    catalog_service_client::CatalogServiceClient, hit::Kind,
};
use std::fmt::Write as _;

/// One of each kind of thing that can be found.
const FOUND: [(Kind, &str); 7] = [
    (Kind::Item, "desk"),
    (Kind::Location, "work"),
    (Kind::Customer, "anna"),
    (Kind::Supplier, "lux"),
    (Kind::Resource, "saw"),
    (Kind::Order, "e1"),
    (Kind::Supply, "old"),
];

/// Lines of a spreadsheet: on time, late, and one of an item that nobody knows.
const LINES: &str = "order,line,item,quantity,requested_date,customer\n\
                     F1,1,LAMP,1,2026-11-26,ANNA\nF2,1,DESK,8,2026-11-24,BEN\nF3,1,FLAG,1,2026-11-26,BEN\n";

impl Day {
    /// Every table of `/v1` that shows what can be had, as far as the page has room.
    pub async fn resources(&self) -> String {
        let mut client = Client::connect(&self.server.url).await;
        let mut text = String::new();
        for path in [
            "/v1/availability.csv?item=LAMP&location=MAIN&days=5",
            "/v1/quick-check.csv?item=LAMP&location=MAIN&quantity=40&date=2026-11-26",
            "/v1/allocation.csv?item=MUG&location=MAIN",
            "/v1/promises.csv?state=HELD",
            "/v1/figures.csv?measures=held_lines,backlog_lines,backlog_value&group_by=state",
        ] {
            let answer = client.ask("GET", path, &[], &[]).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            write!(text, "GET {path}\n{}", answer.text()).unwrap();
        }
        let path = "/v1/orders?best_effort=true";
        let csv = [("content-type", "text/csv")];
        let answer = client.ask("POST", path, &csv, LINES.as_bytes()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        write!(text, "POST {path}\n{}", answer.text()).unwrap();
        text
    }

    /// Exceptions that somebody has seen or put off.
    pub async fn seen(&self) -> String {
        let mut client = Client::connect(&self.server.url).await;
        let path = "/v1/exceptions.csv?kind=could_be_sooner&kind=late&snoozed=true";
        let answer = client.ask("GET", path, &[], &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text().to_string()
    }

    /// One of each kind of thing that can be found.
    pub async fn found(&self) -> String {
        let mut client = CatalogServiceClient::new(self.server.channel());
        let mut text = String::new();
        for (kind, part) in FOUND {
            let kinds = vec![kind.into()];
            let asked = proto::FindRequest { text: part.to_string(), kinds, ..Default::default() };
            for hit in client.find(asked).await.unwrap().into_inner().hits {
                let proto::Hit { key, name, hint, .. } = &hit;
                let kind = hit.kind().as_str_name().to_lowercase();
                writeln!(text, "{part}: {kind} {key}, {name}, {hint}").unwrap();
            }
        }
        text
    }

    /// Which rules hold for lamps, and why.
    pub async fn rules(&self) -> String {
        let asked = proto::GetRulesRequest {
            item: "LAMP".to_string(),
            location: "MAIN".to_string(),
            customer: "ANNA".to_string(),
            ..Default::default()
        };
        let mut client = CatalogServiceClient::new(self.server.channel());
        let found = client.get_rules(asked).await.unwrap().into_inner();
        let all = [
            ("atp", found.atp),
            ("sourcing_local", found.sourcing_local),
            ("sourcing_global", found.sourcing_global),
            ("allocation", found.allocation),
        ];
        let one = |(name, chosen): (&str, Option<proto::Chosen>)| {
            let proto::Chosen { rule, why, matched } = chosen.unwrap();
            let rule = if rule.is_empty() { "-" } else { &rule };
            format!("{name}: {rule} [{}] {why}\n", matched.join(" "))
        };
        all.into_iter().map(one).collect()
    }

    /// The days of the saw, and who saws.
    pub async fn capacity(&self) -> String {
        let owner = proto::get_capacity_request::Owner::Resource("SAW".to_string());
        let asked =
            proto::GetCapacityRequest { owner: Some(owner), days: 10, ..Default::default() };
        let mut client = AvailabilityServiceClient::new(self.server.channel());
        let found = client.get_capacity(asked).await.unwrap().into_inner();
        let mut text = String::new();
        for day in &found.days {
            use proto::get_capacity_response::taker::By;
            let taker = |taker: &proto::get_capacity_response::Taker| {
                let by = match &taker.by {
                    Some(By::PromiseId(by) | By::WorkOrder(by)) => by.as_str(),
                    None => "-",
                };
                format!(" {by} {}", taker.hours)
            };
            let takers: String = day.takers.iter().map(taker).collect();
            let proto::get_capacity_response::Day { date, capacity, load, free, .. } = day;
            writeln!(text, "{date} {capacity} {load} {free}{takers}").unwrap();
        }
        text
    }

    /// Who counts on the late purchase of bulbs.
    pub async fn pegging(&self) -> String {
        let of = Some(proto::get_pegging_request::Of::Supply("PO-OLD".to_string()));
        let asked = proto::GetPeggingRequest { of, ..Default::default() };
        let found = self.server.promises().get_pegging(asked).await.unwrap().into_inner();
        let mut text = String::new();
        for one in &found.used_by {
            use proto::dependant::By;
            let by = match &one.by {
                Some(By::PromiseId(by)) => format!("promise_id {by}"),
                Some(By::Demand(by)) => format!("demand {by}"),
                None => "-".to_string(),
            };
            let proto::Dependant { order, line, customer, item, quantity, date, .. } = one;
            let days = one.days_late;
            writeln!(text, "{by}: {order}/{line} {customer} {quantity} {item} {date} {days}")
                .unwrap();
        }
        writeln!(text, "unpegged {}", found.unpegged).unwrap();
        text
    }
}
