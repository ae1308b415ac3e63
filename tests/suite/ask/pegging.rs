//! Issue 21, items 1 and 2: what a live promise is made of, who counts on what, and that it adds up (invariant P5).

use super::{super::rpc::told, change, promised};
use promised::rpc::proto;
use proto::{
    dependant::By,
    get_pegging_request::{Account, Of},
    peg::Source,
};

async fn pegging(server: &super::Server, of: Of) -> proto::GetPeggingResponse {
    let request = proto::GetPeggingRequest { of: Some(of), ..Default::default() };
    server.promises().get_pegging(request).await.unwrap().into_inner()
}

fn used_by(found: &proto::GetPeggingResponse) -> Vec<String> {
    let one = |one: &proto::Dependant| {
        let who = match one.by.as_ref().unwrap() {
            By::PromiseId(id) | By::Demand(id) => id.as_str(),
        };
        format!("{who} {} {} on {}", one.quantity, one.item, one.date)
    };
    found.used_by.iter().map(one).collect()
}

/// The tree of a peg in one line.
fn tree(peg: &proto::Peg) -> String {
    let how = match peg.source.as_ref().unwrap() {
        Source::Stock(stock) => {
            let one = |supply: &proto::peg::stock::Supply| {
                let of =
                    if supply.planned_by.is_empty() { &supply.supply } else { &supply.planned_by };
                format!("{} of {of}", supply.quantity)
            };
            let supplies: Vec<_> = stock.supplies.iter().map(one).collect();
            format!("stock({})", supplies.join(", "))
        }
        Source::Make(make) => {
            let hours: Vec<_> =
                make.hours.iter().map(|one| format!("{} {}", one.date, one.hours)).collect();
            format!("{}({})", make.work_definition, hours.join(", "))
        }
        Source::Buy(buy) => format!("{}({})", buy.supplier, buy.bought),
        Source::Transfer(transfer) => format!("from {}", transfer.from),
        Source::Infinite(_) | Source::LeadTime(_) => "unchecked".to_string(),
    };
    let below: Vec<_> = peg.pegs.iter().map(tree).collect();
    let below = if below.is_empty() { String::new() } else { format!(" <- {}", below.join("; ")) };
    format!("{} {} {how}{below}", peg.quantity, peg.item)
}

#[tokio::test]
async fn a_live_promise_is_told_with_what_it_is_made_of() {
    let server = promised().await;
    let trees = async |id: &str| {
        let found = pegging(&server, Of::PromiseId(id.to_string())).await;
        found.legs.iter().flat_map(|leg| &leg.pegs).map(tree).collect::<Vec<_>>()
    };
    assert_eq!(trees("P1").await, ["2 PUMP stock()"]);
    assert_eq!(trees("P2").await, ["4 VALVE stock(4 of PO-1)"]);
    assert_eq!(trees("P3").await, ["2 VALVE stock()", "4 VALVE stock(4 of PO-1)"]);
    assert_eq!(trees("P4").await, ["50 SEAL ACME(100)"]);
    assert_eq!(
        trees("P5").await,
        ["6 PUMP ASSEMBLE(2026-12-03 2, 2026-12-04 4) <- 6 BODY stock(); 12 SEAL stock(12 of P4)"]
    );
    let found = pegging(&server, Of::PromiseId("P4".to_string())).await;
    assert_eq!(used_by(&found), ["P5 12 SEAL on 2026-12-03"], "P5 counts on what P4 buys");
    server.stop().await;
}

#[tokio::test]
async fn what_counts_on_a_document_is_the_same_matching_read_the_other_way() {
    let server = promised().await;
    let po = pegging(&server, Of::Supply("PO-1".to_string())).await;
    assert_eq!(used_by(&po), ["P2 4 VALVE on 2026-12-01", "P3 4 VALVE on 2026-12-01"]);
    assert_eq!(po.unpegged, 12.0);
    let place = |item: &str, location: &str| {
        Of::OnHand(Account { item: item.to_string(), location: location.to_string() })
    };
    let on_hand = pegging(&server, place("VALVE", "HAM")).await;
    assert_eq!(used_by(&on_hand), ["P3 2 VALVE on 2026-11-26", "SO-1/1 3 VALVE on 2026-11-27"]);
    assert_eq!(on_hand.unpegged, 0.0);
    let demand = pegging(&server, Of::Demand("SO-1/1".to_string())).await;
    assert_eq!(tree(&demand.legs[0].pegs[0]), "3 VALVE stock()");
    let bench = pegging(&server, Of::Resource("BENCH".to_string())).await;
    assert_eq!(used_by(&bench), ["P5 2  on 2026-12-03", "P5 4  on 2026-12-04"]);
    server.stop().await;
}

#[tokio::test]
async fn pegs_follow_what_changes() {
    let server = promised().await;
    change(&server, "supply_moved", &[("supply", "PO-1"), ("days", "14")]).await;
    let found = pegging(&server, Of::PromiseId("P2".to_string())).await;
    assert_eq!(tree(&found.legs[0].pegs[0]), "4 VALVE stock(4 of PO-1)", "it still waits for it");
    let cancel = proto::CancelRequest { promise_id: "P3".to_string(), ..Default::default() };
    server.promises().cancel(cancel).await.unwrap();
    let found = pegging(&server, Of::PromiseId("P2".to_string())).await;
    // SO-1/1 needs it first; then there are two left of what is on hand.
    assert_eq!(tree(&found.legs[0].pegs[0]), "4 VALVE stock(2 of PO-1)");
    let gone = proto::GetPeggingRequest {
        of: Some(Of::PromiseId("P3".to_string())),
        ..Default::default()
    };
    let gone = server.promises().get_pegging(gone).await.unwrap_err();
    assert!(told(&gone).starts_with("FailedPrecondition NOT_LIVE"));
    let none = proto::GetPeggingRequest {
        of: Some(Of::PromiseId("P99".to_string())),
        ..Default::default()
    };
    let none = server.promises().get_pegging(none).await.unwrap_err();
    assert!(told(&none).starts_with("NotFound PROMISE_NOT_FOUND"));
    let none =
        server.promises().get_pegging(proto::GetPeggingRequest::default()).await.unwrap_err();
    assert!(told(&none).contains("promise_id: is required"));
    server.stop().await;
}

#[tokio::test]
async fn explain_says_how_a_promise_would_fare_now_and_what_would_change_it() {
    let server = promised().await;
    let explain = async |id: &str| {
        let request = proto::ExplainRequest { promise_id: id.to_string(), ..Default::default() };
        server.promises().explain(request).await.unwrap().into_inner()
    };
    let late = explain("P2").await;
    let now = late.now.unwrap();
    assert_eq!(now.status(), proto::line_result::Status::Late);
    assert!(now.reasons.iter().any(|one| one.text.contains("VALVE at HAM")), "{:?}", now.reasons);
    assert_eq!(now.remedies[0].supply, "PO-1");
    assert_eq!(tree(&late.legs[0].pegs[0]), "4 VALVE stock(4 of PO-1)");
    assert_eq!(late.promise.unwrap().promise_id, "P2");
    // Somebody gives back two of what is on hand: now 4 could go at once.
    let cancel = proto::CancelRequest { promise_id: "P3".to_string(), ..Default::default() };
    server.promises().cancel(cancel).await.unwrap();
    change(
        &server,
        "on_hand_adjusted",
        &[("item", "VALVE"), ("location", "HAM"), ("quantity", "2")],
    )
    .await;
    let now = explain("P2").await.now.unwrap();
    assert_eq!(now.status(), proto::line_result::Status::OnTime, "it could be sooner");
    server.stop().await;
}
