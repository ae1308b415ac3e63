//! Issue 20, item 4: List newest first where asked, with a total, a query, and tokens that belong to their list.

use crate::rpc::{Server, told};
use promised::rpc::proto::{self, ListPromisesRequest, reservation::State};
use tonic::Code;

/// Ten promises of VALVE, of orders O-0 to O-9, in another order of quantity.
async fn server() -> Server {
    let much = |_: String| "item,location,quantity\nVALVE,HAM,100000\n".to_string();
    let tables = crate::push::copy("tiny-much", &[("on_hand.csv", &much)]);
    let server = Server::start(tables.path(), promised::engine::Config::new()).await;
    let lines = (0..10).map(|n| proto::OrderLine {
        order: format!("O-{n}"),
        item: "VALVE".to_string(),
        quantity: f64::from(1 + n * 7 % 10),
        requested_date: "2026-12-02".to_string(),
        customer: if n % 2 == 0 { "NORDWIND".to_string() } else { String::new() },
        ..Default::default()
    });
    let request = proto::PromiseRequest { lines: lines.collect(), ..Default::default() };
    server.promises().promise(request).await.unwrap();
    server
}

async fn orders(server: &Server, mut request: ListPromisesRequest) -> (String, u64) {
    let mut found = Vec::new();
    loop {
        let page = server.promises().list(request.clone()).await.unwrap().into_inner();
        found
            .extend(page.promises.iter().map(|one| one.order.trim_start_matches("O-").to_string()));
        if page.next_page_token.is_empty() {
            return (found.join(" "), page.total);
        }
        request.page_token = page.next_page_token;
    }
}

fn sorted(order_by: &str, query: &str, page_size: u32) -> ListPromisesRequest {
    let (order_by, query) = (order_by.to_string(), query.to_string());
    ListPromisesRequest { order_by, query, page_size, ..Default::default() }
}

#[tokio::test]
async fn promises_come_in_the_order_asked_for_whatever_the_page() {
    let server = server().await;
    // Quantities of 0 to 9: 1 8 5 2 9 6 3 10 7 4.
    for page_size in [1, 3, 100] {
        for (order_by, want) in [
            ("", "0 1 2 3 4 5 6 7 8 9"),
            ("-promise_id", "9 8 7 6 5 4 3 2 1 0"),
            ("quantity", "0 3 6 9 2 5 8 1 4 7"),
            ("-quantity", "7 4 1 8 5 2 9 6 3 0"),
            ("customer,-quantity", "7 1 5 9 3 4 8 2 6 0"),
            ("-created_at,-order", "9 8 7 6 5 4 3 2 1 0"),
        ] {
            let (found, total) = orders(&server, sorted(order_by, "", page_size)).await;
            assert_eq!((found.as_str(), total), (want, 10), "{order_by} {page_size}");
        }
    }
    let (found, total) =
        orders(&server, sorted("-quantity", "customer=NORDWIND quantity>=5", 2)).await;
    assert_eq!((found.as_str(), total), ("4 8 2", 3));
    server.stop().await;
}

#[tokio::test]
async fn a_token_goes_on_with_its_own_list_only() {
    let server = server().await;
    let page = server.promises().list(sorted("-quantity", "", 3)).await.unwrap().into_inner();
    assert!(page.next_page_token.parse::<u64>().is_err(), "opaque");
    let with = |request: ListPromisesRequest| ListPromisesRequest {
        page_token: page.next_page_token.clone(),
        ..request
    };
    for other in [
        sorted("quantity", "", 3),
        sorted("-quantity", "quantity>1", 3),
        ListPromisesRequest { states: vec![State::Held.into()], ..sorted("-quantity", "", 3) },
        ListPromisesRequest { item: "VALVE".into(), ..sorted("-quantity", "", 3) },
    ] {
        let refused = server.promises().list(with(other)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(
            refused.message(),
            "page_token: is of a list with another filter, query or order"
        );
    }
    // How much is told at once is no other list. What is promised meanwhile moves nothing.
    let line = proto::OrderLine {
        order: "O-10".into(),
        item: "VALVE".into(),
        quantity: 100.0,
        requested_date: "2026-12-02".into(),
        ..Default::default()
    };
    let more = proto::PromiseRequest { lines: vec![line], ..Default::default() };
    server.promises().promise(more).await.unwrap();
    let rest =
        server.promises().list(with(sorted("-quantity", "", 100))).await.unwrap().into_inner();
    let rest: Vec<_> = rest.promises.iter().map(|one| one.order.as_str()).collect();
    assert_eq!(rest, ["O-8", "O-5", "O-2", "O-9", "O-6", "O-3", "O-0"]);
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_field_and_no_condition_is_named() {
    let server = server().await;
    let refused = server.promises().list(sorted("-size", "", 3)).await.unwrap_err();
    assert!(
        told(&refused).contains("order_by: \"size\" is not one of promise_id, state"),
        "{refused}"
    );
    let refused = server.promises().list(sorted("", "colour=red", 3)).await.unwrap_err();
    assert!(told(&refused).contains("query: \"colour\""), "{refused}");
    server.stop().await;
}
