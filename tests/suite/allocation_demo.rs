//! `snapshots/allocation-demo` as its users see it, on the command line and over gRPC: a key account is on
//! time while lower classes are late, why, and what stealing did. Worked by hand in its README.

use crate::{
    cli,
    rpc::{Server, told},
};
use expect_test::expect;
use promised::{engine::Config, ledger::digest, loader, rpc::proto};
use proto::{
    allocation_service_client::AllocationServiceClient, line_result::Status,
    promise_request::Commitment, scenario_service_client::ScenarioServiceClient, share_change,
};
use std::path::{Path, PathBuf};
use tonic::transport::Channel;

const BIKES: &str = "allocation snapshots/allocation-demo BK-M82S-42 --location PLANT";
const ORDERS: &str = "--orders snapshots/allocation-demo/orders.csv";

/// When there is enough of a stock is for other tests; here it is whose share bounds a line.
fn masked(text: &str) -> String {
    let mut parts = text.split(", enough from ").map(String::from);
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| format!(", enough later{}", &part["2014-04-15".len()..]));
    let text: String = [first].into_iter().chain(rest).collect();
    text.replace(", never enough by 2014-05-30", ", enough later")
}

#[track_caller]
fn check(arguments: &str, want: expect_test::Expect) {
    want.assert_eq(&masked(&cli::shown(arguments)));
}

#[test]
fn lines_are_promised_by_their_shares() {
    check(
        "promise snapshots/allocation-demo snapshots/allocation-demo/orders.csv",
        expect![[r#"
            exit 0
            --- stdout
            order         line  status   item        from   quantity  ships       arrives     late  supply   cost, USD  profit, USD
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            GUEST         1     late     BK-M82S-42  PLANT        40  2014-04-15  2014-04-15    14  stock    76,542.18    59,457.42
                   BK-M82S-42 at PLANT: class guest has 5 of its 5 left on 2014-04-14; 18 are kept for key_account, 15 for local_store, 10 for reseller, 4 for club; BK-M82S-42 at PLANT: 35 available on 2014-04-14, enough later; taken by sales order SO68960/1 12 on 2014-04-02, sales order SO68951/1 6 on 2014-04-03
            KEY           1     on_time  BK-M82S-42  PLANT        60  2014-04-01  2014-04-01     0  stock   114,729.26    89,270.14
            LOCAL         1     late     BK-M82S-42  PLANT         5  2014-04-15  2014-04-15    14  stock     9,595.77     7,404.18
                   BK-M82S-42 at PLANT: class local_store has 0 of its 15 left on 2014-04-14; BK-M82S-42 at PLANT: 2 available on 2014-04-14, enough later; taken by promise 60 on 2014-04-01, sales order SO68960/1 12 on 2014-04-02, sales order SO68951/1 6 on 2014-04-03
            FRAME-LOCAL   1     on_time  FR-M94S-42  PLANT        30  2014-04-01  2014-04-01     0  stock    22,416.01    18,518.99
            FRAME-GUEST   1     late     FR-M94S-42  PLANT         9  2014-05-01  2014-05-01    30  stock     6,751.80     5,528.70
                   FR-M94S-42 at PLANT: class guest gets at most 8 from 2014-04-01 on and has 8 of them left, room from 2014-05-01
            FRAME-KEY     1     on_time  FR-M94S-42  PLANT        25  2014-04-01  2014-04-01     0  stock    18,680.01    15,432.50
            HELMET-GUEST  1     late     HL-U509     PLANT        60  2014-04-15  2014-04-15    14  stock       869.18     1,230.22
                   HL-U509 at PLANT: class guest may use 25 percent of the 200 that are left on 2014-04-14; HL-U509 at PLANT: 50 available on 2014-04-14, enough later
            HELMET-KEY    1     on_time  HL-U509     PLANT       200  2014-04-01  2014-04-01     0  stock     2,617.26     4,380.74
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            sum                                                                                             252,201.46   201,222.89
            --- stderr
            a dry run, nothing was promised: 8 lines in 8 orders: 4 on time (50.0 %), 4 late (50.0 %), 0 partial (0.0 %), 0 unavailable (0.0 %), 0 refused (0.0 %)
            loaded in #.# s, promised in #.# s: # lines a second
        "#]],
    );
}

#[test]
fn a_late_line_is_told_whose_share_bounds_it() {
    for (order, want) in [
        (
            "KEY",
            expect![[r#"
                exit 0
                --- stdout
                KEY/1  60 BK-M82S-42 for AW00000001, to ship on 2014-04-01
                on time: BK-M82S-42 from PLANT, ships 2014-04-01, arrives 2014-04-01, on time, cost 114,729.26 USD, profit 89,270.14 USD

                  leg 1: 60 BK-M82S-42 from PLANT: leaves stock 2014-04-01, ships 2014-04-01, arrives 2014-04-01, on time
                  └─ 60 BK-M82S-42 in PLANT on 2014-04-01: 60 from stock; shares: 18 key_account, 10 reseller, 4 club, 15 local_store, 13 export, cost 114,729.26 USD

                  economics  amount, USD
                  ───────────────────────
                  price       203,999.40
                  supply     -114,729.26
                  profit       89,270.14

            "#]],
        ),
        (
            "LOCAL",
            expect![[r#"
                exit 0
                --- stdout
                LOCAL/1  5 BK-M82S-42 for AW00000002, to ship on 2014-04-01
                late: BK-M82S-42 from PLANT, ships 2014-04-15, arrives 2014-04-15, 14 days late, cost 9,595.77 USD, profit 7,404.18 USD

                  leg 1: 5 BK-M82S-42 from PLANT: leaves stock 2014-04-15, ships 2014-04-15, arrives 2014-04-15, 14 days late
                  └─ 5 BK-M82S-42 in PLANT on 2014-04-15: 5 of WO-72501 (due 2014-04-15); shares: 5 local_store, cost 9,560.77 USD

                  what bounds it
                  - BK-M82S-42 at PLANT: class local_store has 0 of its 15 left on 2014-04-14
                  - BK-M82S-42 at PLANT: 2 available on 2014-04-14, enough later; taken by promise 60 on 2014-04-01, sales order SO68960/1 12 on 2014-04-02, sales order SO68951/1 6 on 2014-04-03

                  what would make it on time: any one of
                  - get 3 more BK-M82S-42 to PLANT by 2014-04-01

                  economics  amount, USD
                  ───────────────────────
                  price        16,999.95
                  supply       -9,560.77
                  lateness        -35.00
                  profit        7,404.18

            "#]],
        ),
        (
            "FRAME-LOCAL",
            expect![[r#"
                exit 0
                --- stdout
                FRAME-LOCAL/1  30 FR-M94S-42 for AW00000008, to ship on 2014-04-01
                on time: FR-M94S-42 from PLANT, ships 2014-04-01, arrives 2014-04-01, on time, cost 22,416.01 USD, profit 18,518.99 USD

                  leg 1: 30 FR-M94S-42 from PLANT: leaves stock 2014-04-01, ships 2014-04-01, arrives 2014-04-01, on time
                  └─ 30 FR-M94S-42 in PLANT on 2014-04-01: 30 from stock, cost 22,416.01 USD

                  economics  amount, USD
                  ───────────────────────
                  price        40,935.00
                  supply      -22,416.01
                  profit       18,518.99

            "#]],
        ),
        (
            "FRAME-GUEST",
            expect![[r#"
                exit 0
                --- stdout
                FRAME-GUEST/1  9 FR-M94S-42 for AW00011001, to ship on 2014-04-01
                late: FR-M94S-42 from PLANT, ships 2014-05-01, arrives 2014-05-01, 30 days late, cost 6,751.80 USD, profit 5,528.70 USD

                  leg 1: 9 FR-M94S-42 from PLANT: leaves stock 2014-05-01, ships 2014-05-01, arrives 2014-05-01, 30 days late
                  └─ 9 FR-M94S-42 in PLANT on 2014-05-01: 9 from stock, cost 6,724.80 USD

                  what bounds it
                  - FR-M94S-42 at PLANT: class guest gets at most 8 from 2014-04-01 on and has 8 of them left, room from 2014-05-01

                  economics  amount, USD
                  ───────────────────────
                  price        12,280.50
                  supply       -6,724.80
                  lateness        -27.00
                  profit        5,528.70

            "#]],
        ),
        (
            "HELMET-GUEST",
            expect![[r#"
                exit 0
                --- stdout
                HELMET-GUEST/1  60 HL-U509 for AW00011001, to ship on 2014-04-01
                late: HL-U509 from PLANT, ships 2014-04-15, arrives 2014-04-15, 14 days late, cost 869.18 USD, profit 1,230.22 USD

                  leg 1: 60 HL-U509 from PLANT: leaves stock 2014-04-15, ships 2014-04-15, arrives 2014-04-15, 14 days late
                  └─ 60 HL-U509 in PLANT on 2014-04-15: 60 from stock, cost 785.18 USD

                  what bounds it
                  - HL-U509 at PLANT: class guest may use 25 percent of the 200 that are left on 2014-04-14
                  - HL-U509 at PLANT: 50 available on 2014-04-14, enough later

                  what would make it on time: any one of
                  - expedite PO-4001-1 by 14 days, to 2014-04-01
                  - get 40 more HL-U509 to PLANT by 2014-04-01

                  economics  amount, USD
                  ───────────────────────
                  price         2,099.40
                  supply         -785.18
                  lateness        -84.00
                  profit        1,230.22

            "#]],
        ),
    ] {
        let file = "snapshots/allocation-demo snapshots/allocation-demo/orders.csv";
        check(&format!("explain {file} --order {order}"), want);
    }
}

#[test]
fn shares_before_and_after() {
    check(
        BIKES,
        expect![[r#"
        exit 0
        --- stdout
        BK-M82S-42 at PLANT, rule SCARCE-BIKES

        2014-04-01 to 2014-05-30
        class            rank  rule        allocated  own  left  taken by others  took from others
        ───────────────────────────────────────────────────────────────────────────────────────────
        adventureworks      1  10 percent         20    0    20
          reseller          1  10 percent         20    0    20
            key_account     1  30 percent         60   12    48
            local_store     2  15 percent         30    0    30
          web               2  5 percent          10    0    10
            club            3  10 percent         20    6    14
            guest           4  5 percent          10    0    10
          export            3  15 percent         30    0    30
    "#]],
    );
    check(
        &format!("{BIKES} {ORDERS}"),
        expect![[r#"
        exit 0
        --- stdout
        BK-M82S-42 at PLANT, rule SCARCE-BIKES

        2014-04-01 to 2014-05-30
        class            rank  rule        allocated  own  left  taken by others  took from others
        ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        adventureworks      1  10 percent         20    0     0  20 guest
          reseller          1  10 percent         20    0    10  10 key_account
            key_account     1  30 percent         60   30    30                   10 reseller, 13 export, 15 local_store, 4 club
            local_store     2  15 percent         30    5    10  15 key_account
          web               2  5 percent          10    0     0  10 guest
            club            3  10 percent         20    6    10  4 key_account
            guest           4  5 percent          10   10     0                   20 adventureworks, 10 web
          export            3  15 percent         30    0    17  13 key_account
    "#]],
    );
    check(
        "allocation snapshots/allocation-demo FR-M94S-42 --location PLANT \
         --orders snapshots/allocation-demo/orders.csv",
        expect![[r#"
            exit 0
            --- stdout
            FR-M94S-42 at PLANT, rule FRAMES

            2014-04-01 to 2014-04-30
            class            rank  rule       allocated  own  left  taken by others  took from others
            ──────────────────────────────────────────────────────────────────────────────────────────
                key_account     1  30 kept           30   30     0
                guest           4  at most 8          8    0     8

            2014-05-01 to 2014-05-30
            class            rank  rule        allocated  own  left  taken by others  took from others
            ───────────────────────────────────────────────────────────────────────────────────────────
                key_account     1  10 kept            10    0    10
                guest           4  at most 20         20    9    11
        "#]],
    );
    let helmets = "allocation snapshots/allocation-demo HL-U509 --location PLANT \
                   --orders snapshots/allocation-demo/orders.csv --format csv";
    check(
        helmets,
        expect![[r#"
        exit 0
        --- stdout
        item,location,rule,from,to,demand_class,kind,method,value,brought,allocated,produced,shifted,consumed,taken_by,took_from,left
        HL-U509,PLANT,HELMETS,2014-04-01,2014-05-30,key_account,remaining,percent,100,0,0,0,0,200,,,40
        HL-U509,PLANT,HELMETS,2014-04-01,2014-05-30,local_store,remaining,percent,60,0,0,0,0,0,,,24
        HL-U509,PLANT,HELMETS,2014-04-01,2014-05-30,web,remaining,percent,50,0,0,0,0,0,,,20
        HL-U509,PLANT,HELMETS,2014-04-01,2014-05-30,club,remaining,percent,40,0,0,0,0,0,,,16
        HL-U509,PLANT,HELMETS,2014-04-01,2014-05-30,guest,remaining,percent,25,0,0,0,0,60,,,10
    "#]],
    );
}

#[test]
fn a_class_sees_its_own_share() {
    let atp = "atp snapshots/allocation-demo BK-M82S-42 --location PLANT --days 2";
    check(
        &format!("{atp} --class guest"),
        expect![[r#"
            exit 0
            --- stdout
            BK-M82S-42  Mountain-100 Silver, 42

            PLANT, in EA
            date        supply  demand  balance  available
            ─────────────────────────────────────────────────────────────────────────
            2014-04-01     100       0      100         35  ████████████████████████
            2014-04-02       0      12       88         35  █████████████████████

            not counted: what could be made, bought or moved
        "#]],
    );
    check(
        &format!("{atp} --class key_account"),
        expect![[r#"
            exit 0
            --- stdout
            BK-M82S-42  Mountain-100 Silver, 42

            PLANT, in EA
            date        supply  demand  balance  available
            ─────────────────────────────────────────────────────────────────────────
            2014-04-01     100       0      100         82  ████████████████████████
            2014-04-02       0      12       88         82  █████████████████████

            not counted: what could be made, bought or moved
        "#]],
    );
}

#[test]
fn changes_are_previewed_and_refused() {
    check(
        &format!("{BIKES} {ORDERS} --shift export:local_store:2 --preview"),
        expect![[r#"
        exit 0
        --- stdout
        class       can have from  now  then
        ─────────────────────────────────────
          reseller  2014-04-01       2     0
          reseller  2014-04-15      27    25
          web       2014-04-01       2     0
          web       2014-04-15      17    15
            club    2014-04-01       2     0
            club    2014-04-15      27    25
            guest   2014-04-01       2     0
            guest   2014-04-15      17    15
          export    2014-04-01       2     0
          export    2014-04-15      17    15

        No promise would be hurt.

        BK-M82S-42 at PLANT, rule SCARCE-BIKES

        2014-04-01 to 2014-05-30
        class            rank  rule        allocated  shifted  own  left  taken by others  took from others
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        adventureworks      1  10 percent         20        0    0     0  20 guest
          reseller          1  10 percent         20        0    0    10  10 key_account
            key_account     1  30 percent         60        0   30    30                   10 reseller, 13 export, 15 local_store, 4 club
            local_store     2  15 percent         30        2    5    12  15 key_account
          web               2  5 percent          10        0    0     0  10 guest
            club            3  10 percent         20        0    6    10  4 key_account
            guest           4  5 percent          10        0   10     0                   20 adventureworks, 10 web
          export            3  15 percent         30       -2    0    15  13 key_account
    "#]],
    );
    check(
        &format!("{BIKES} {ORDERS} --shift export:local_store:3"),
        expect![[r#"
            exit 1
            --- stderr
            error: change 1, quantity "3": expected at most 2, which export has left from 2014-04-01 on: 15 given by 2014-04-01, 13 taken
            try: change less, or see with --preview who would be hurt; nothing was changed
        "#]],
    );
    check(
        &format!("{BIKES} {ORDERS} --share key_account:25 --from 2014-04-01 --preview"),
        expect![[r#"
            exit 1
            --- stdout
            refused: change 1, value "25": expected a share by which key_account is given at least the 30 of BK-M82S-42@PLANT that are taken from it by 2014-04-02, not 25
            class            can have from  now  then
            ──────────────────────────────────────────
            adventureworks   2014-04-01       2    12
            adventureworks   2014-04-15      77    77
              reseller       2014-04-01       2    12
              reseller       2014-04-15      27    37
                key_account  2014-04-01       2    12
                key_account  2014-04-15      77    77
                local_store  2014-04-01       2    12
                local_store  2014-04-15      47    57
              web            2014-04-01       2    12
              web            2014-04-15      17    27
                club         2014-04-01       2    12
                club         2014-04-15      27    37
                guest        2014-04-01       2    12
                guest        2014-04-15      17    27
              export         2014-04-01       2    12
              export         2014-04-15      17    27

            promise  order  class        quantity  ships       would be
            ────────────────────────────────────────────────────────────
            P2       KEY/1  key_account        60  2014-04-01  at risk
        "#]],
    );
    check(
        &format!("{BIKES} {ORDERS} --release local_store --from 2014-04-15"),
        expect![[r#"
            exit 0
            --- stdout
            BK-M82S-42 at PLANT, rule SCARCE-BIKES

            2014-04-01 to 2014-05-30
            class            rank  rule        allocated  shifted  own  left  taken by others  took from others
            ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            adventureworks      1  10 percent         20        0    0     0  20 guest
              reseller          1  10 percent         20       10    0    20  10 key_account
                key_account     1  30 percent         60        0   30    30                   10 reseller, 13 export, 15 local_store, 4 club
                local_store     2  15 percent         30      -10    5     0  15 key_account
              web               2  5 percent          10        0    0     0  10 guest
                club            3  10 percent         20        0    6    10  4 key_account
                guest           4  5 percent          10        0   10     0                   20 adventureworks, 10 web
              export            3  15 percent         30        0    0    17  13 key_account
        "#]],
    );
    check(
        &format!("{BIKES} --shift export:nobody:2"),
        expect![[r#"
        exit 1
        --- stderr
        error: INVALID_FIELDS: changes[0].shift.to_class: "nobody" is not known to the snapshot
        try: see `promised allocation --help`
    "#]],
    );
    check(
        &format!("{BIKES} --shift export:2"),
        expect![[r#"
        exit 2
        --- stderr
        error: invalid value 'export:2' for '--shift <FROM:TO:QUANTITY>': FROM:TO:QUANTITY is expected, such as export:web:10

        For more information, try '--help'.
    "#]],
    );
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/allocation-demo")
}

/// The lines of the demo's orders for an item, as messages.
fn lines(item: &str) -> Vec<proto::OrderLine> {
    let orders = loader::orders(&demo().join("orders.csv")).unwrap();
    let of_item = orders.lines.into_iter().filter(|line| line.item == item);
    of_item
        .map(|line| proto::OrderLine {
            order: line.order,
            item: line.item,
            quantity: line.quantity.to_string().parse().unwrap(),
            requested_date: line.requested.to_string(),
            customer: line.customer.unwrap_or_default(),
            demand_class: line.demand_class.unwrap_or_default(),
            ..proto::OrderLine::default()
        })
        .collect()
}

async fn shares(
    client: &mut AllocationServiceClient<Channel>,
    scenario_id: &str,
) -> (String, proto::GetAllocationResponse) {
    let request = proto::GetAllocationRequest {
        item: "BK-M82S-42".into(),
        location: "PLANT".into(),
        scenario_id: scenario_id.into(),
    };
    let answer = client.get_allocation(request).await.unwrap().into_inner();
    let nodes = answer.periods.iter().flat_map(|period| &period.nodes);
    let words = nodes.map(|node| {
        let list = |parts: &[proto::get_allocation_response::ClassQuantity]| -> String {
            parts.iter().map(|part| format!(" {}={}", part.demand_class, part.quantity)).collect()
        };
        format!(
            "{}: allocated {} shifted {} own {} by others{} of others{} left {}\n",
            node.demand_class,
            node.allocated,
            node.shifted,
            node.consumed,
            list(&node.taken_by),
            list(&node.took_from),
            node.left
        )
    });
    (words.collect(), answer)
}

fn shift(from: &str, to: &str, quantity: f64) -> proto::ShareChange {
    let (from_class, to_class) = (from.to_string(), to.to_string());
    let shift = share_change::Shift { from_class, to_class, quantity, date: String::new() };
    proto::ShareChange { change: Some(share_change::Change::Shift(shift)) }
}

fn change(id: &str, changes: Vec<proto::ShareChange>) -> proto::ChangeAllocationRequest {
    proto::ChangeAllocationRequest {
        request_id: id.into(),
        item: "BK-M82S-42".into(),
        location: "PLANT".into(),
        changes,
    }
}

#[tokio::test]
async fn over_grpc_a_key_account_is_on_time_while_others_are_late() {
    let server = Server::start(&demo(), Config::new()).await;
    let mut promises = server.promises();
    let mut client = AllocationServiceClient::new(server.channel());
    let request = proto::PromiseRequest {
        request_id: "bikes".into(),
        lines: lines("BK-M82S-42"),
        commitment: Commitment::Confirm.into(),
        pegging: true,
        ..proto::PromiseRequest::default()
    };
    let promised = promises.promise(request).await.unwrap().into_inner();
    let told: Vec<String> = promised
        .promises
        .iter()
        .map(|line| {
            let result = line.result.as_ref().unwrap();
            let leg = &result.default_option.as_ref().unwrap().legs[0];
            let nodes = leg.pegs.iter().flat_map(|peg| match &peg.source {
                Some(proto::peg::Source::Stock(stock)) => stock.shares.clone(),
                _ => Vec::new(),
            });
            let nodes: Vec<_> =
                nodes.map(|share| format!("{} {}", share.quantity, share.demand_class)).collect();
            let why: Vec<_> = result.reasons.iter().map(|reason| reason.text.as_str()).collect();
            let late = result.status() == Status::Late;
            format!(
                "{} {} {}: {}\n{}",
                result.order,
                if late { "late" } else { "on time" },
                leg.ship_date,
                nodes.join(", "),
                why.iter().map(|text| format!("  {text}\n")).collect::<String>()
            )
        })
        .collect();
    expect![[r#"
        GUEST late 2014-04-15: 10 guest, 10 web, 20 adventureworks
          BK-M82S-42 at PLANT: class guest has 5 of its 5 left on 2014-04-14; 18 are kept for key_account, 15 for local_store, 10 for reseller, 4 for club
          BK-M82S-42 at PLANT: 35 available on 2014-04-14, enough later; taken by sales order SO68960/1 12 on 2014-04-02, sales order SO68951/1 6 on 2014-04-03
        KEY on time 2014-04-01: 18 key_account, 10 reseller, 4 club, 15 local_store, 13 export
        LOCAL late 2014-04-15: 5 local_store
          BK-M82S-42 at PLANT: class local_store has 0 of its 15 left on 2014-04-14
          BK-M82S-42 at PLANT: 2 available on 2014-04-14, enough later; taken by promise 60 on 2014-04-01, sales order SO68960/1 12 on 2014-04-02, sales order SO68951/1 6 on 2014-04-03
    "#]].assert_eq(&masked(&told.concat()));
    expect![[r#"
        adventureworks: allocated 20 shifted 0 own 0 by others guest=20 of others left 0
        reseller: allocated 20 shifted 0 own 0 by others key_account=10 of others left 10
        key_account: allocated 60 shifted 0 own 30 by others of others reseller=10 export=13 local_store=15 club=4 left 30
        local_store: allocated 30 shifted 0 own 5 by others key_account=15 of others left 10
        web: allocated 10 shifted 0 own 0 by others guest=10 of others left 0
        club: allocated 20 shifted 0 own 6 by others key_account=4 of others left 10
        guest: allocated 10 shifted 0 own 10 by others of others adventureworks=20 web=10 left 0
        export: allocated 30 shifted 0 own 0 by others key_account=13 of others left 17
    "#]].assert_eq(&shares(&mut client, "").await.0);
    server.stop().await;
}

#[tokio::test]
async fn over_grpc_shares_are_previewed_and_changed_once() {
    let server = Server::start(&demo(), Config::new()).await;
    let mut promises = server.promises();
    let mut client = AllocationServiceClient::new(server.channel());
    let request = proto::PromiseRequest {
        request_id: "bikes".into(),
        lines: lines("BK-M82S-42"),
        commitment: Commitment::Confirm.into(),
        ..proto::PromiseRequest::default()
    };
    promises.promise(request).await.unwrap();
    let live = digest::of(&server.engine().pin());
    let asked = proto::PreviewAllocationRequest {
        item: "BK-M82S-42".into(),
        location: "PLANT".into(),
        changes: vec![shift("export", "web", 2.0)],
        ..Default::default()
    };
    let preview = client.preview(asked.clone()).await.unwrap().into_inner();
    assert!(preview.refused.is_empty());
    let rows: Vec<_> = preview
        .available
        .iter()
        .map(|row| format!("{} {} {} -> {}", row.demand_class, row.from, row.before, row.after))
        .collect();
    expect![[r#"
        export 2014-04-01 2 -> 0
        export 2014-04-15 17 -> 15"#]]
    .assert_eq(&rows.join("\n"));
    assert_eq!(digest::of(&server.engine().pin()), live, "a preview changes nothing");

    let done = client.change(change("one", asked.changes.clone())).await.unwrap().into_inner();
    assert!(done.changed, "{done:?}");
    let again = client.change(change("one", asked.changes.clone())).await.unwrap().into_inner();
    assert_eq!((again.changed, again.sequence), (true, done.sequence), "done once");
    let (words, _) = shares(&mut client, "").await;
    assert!(words.contains("export: allocated 30 shifted -2"), "{words}");
    assert!(words.contains("web: allocated 10 shifted 2"), "{words}");
    let other = client.change(change("one", vec![shift("export", "web", 1.0)])).await.unwrap_err();
    assert_eq!(told(&other), "AlreadyExists REQUEST_ID_REUSED");

    let refused = client.change(change("two", vec![shift("export", "web", 1.0)])).await;
    let refused = refused.unwrap().into_inner();
    assert!(!refused.changed);
    expect![[r#"change 1, quantity "1": expected at most 0, which export has left from 2014-04-01 on: 13 given by 2014-04-01, 13 taken"#]].assert_eq(&refused.refused.join("\n"));
    let faulty = vec![shift("export", "nobody", 1.0), proto::ShareChange { change: None }];
    let faulty = client.change(change("three", faulty)).await.unwrap_err();
    expect![[r#"
        InvalidArgument INVALID_FIELDS
        changes[0].shift.to_class: "nobody" is not known to the snapshot
        changes[1].change: is required: shift, set_share or release"#]]
    .assert_eq(&told(&faulty));
    server.stop().await;
}

#[tokio::test]
async fn over_grpc_shares_of_a_scenario_are_asked_and_previewed_apart_from_live() {
    let server = Server::start(&demo(), Config::new()).await;
    let mut client = AllocationServiceClient::new(server.channel());
    let mut scenarios = ScenarioServiceClient::new(server.channel());
    let create = proto::CreateScenarioRequest::default();
    let scenario_id = scenarios.create(create).await.unwrap().into_inner().scenario_id;
    let cells = [
        ("item", "BK-M82S-42"),
        ("location", "PLANT"),
        ("demand_class", "export"),
        ("to_class", "web"),
        ("quantity", "10"),
    ];
    let cells = cells.map(|(column, text)| (column.to_string(), text.to_string())).into();
    let changes = vec![proto::Change { change: "share_shifted".into(), cells }];
    let change = proto::ChangeScenarioRequest {
        scenario_id: scenario_id.clone(),
        changes,
        ..Default::default()
    };
    scenarios.change(change).await.unwrap();
    let (there, _) = shares(&mut client, &scenario_id).await;
    assert!(there.contains("export: allocated 30 shifted -10"), "{there}");
    let (live, _) = shares(&mut client, "").await;
    assert!(live.contains("export: allocated 30 shifted 0"), "{live}");

    // Of the 15 that export has on the first day 10 are gone already in the scenario, none on live.
    let asked = |scenario_id: &str| proto::PreviewAllocationRequest {
        item: "BK-M82S-42".into(),
        location: "PLANT".into(),
        changes: vec![shift("export", "club", 10.0)],
        scenario_id: scenario_id.into(),
    };
    let refused = client.preview(asked(&scenario_id)).await.unwrap().into_inner().refused;
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(client.preview(asked("")).await.unwrap().into_inner().refused, [""; 0]);
    let nobody = client.preview(asked("S99")).await.unwrap_err();
    assert_eq!(told(&nobody).lines().next(), Some("NotFound SCENARIO_UNKNOWN"));
    server.stop().await;
}
