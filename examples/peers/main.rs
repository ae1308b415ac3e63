//! Helps `benches/peers/run.sh`: the data and the questions for the peers, and our answers to them.
//!
//! - `prepare SNAPSHOT DIR N`: writes `entries.tsv` (item, location, day, micros: what happens on every
//!   stock account), `redis.resp` (the same as commands for `redis-cli --pipe`, one packed value an
//!   account) and `questions.csv` (N lines of account, item, location, quantity, day)
//! - `check SERVER QUESTIONS`, `promise SERVER QUESTIONS`: our answers, a line each

use jiff::civil::Date;
use promised::{
    loader,
    model::{AccountIx, Quantity},
    rpc::proto::{
        OrderLine, PromiseRequest, Query, QuickCheckRequest,
        availability_service_client::AvailabilityServiceClient, order_line::DateType,
        promise_service_client::PromiseServiceClient,
    },
    snapshot::Snapshot,
};
use std::{
    error::Error,
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

type Failure = Box<dyn Error>;

const USAGE: &str =
    "usage: peers prepare SNAPSHOT DIR N | check SERVER QUESTIONS | promise SERVER QUESTIONS";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["prepare", snapshot, directory, n] => prepare(snapshot, Path::new(directory), n.parse()?),
        ["check", server, file] => check(server, read(file)?).await,
        ["promise", server, file] => promise(server, read(file)?).await,
        _ => Err(USAGE.into()),
    }
}

fn open(path: &str) -> Result<Snapshot, Failure> {
    let loaded = loader::open(Path::new(path), &loader::Silent)?;
    loaded.snapshot.ok_or_else(|| format!("{path} has errors: promised validate {path}").into())
}

/// Net changes of an account: day and millionths.
fn changes(snapshot: &Snapshot, account: AccountIx) -> Vec<(i32, i64)> {
    let profile = snapshot.stocks.profile(account);
    let profile = profile.expect("an account of a table");
    profile.changes().map(|change| (change.day.0, change.net.raw())).collect()
}

fn prepare(snapshot: &str, directory: &Path, n: u64) -> Result<(), Failure> {
    let snapshot = open(snapshot)?;
    let file = |name: &str| -> Result<BufWriter<File>, Failure> {
        Ok(BufWriter::with_capacity(1 << 20, File::create(directory.join(name))?))
    };
    entries(&snapshot, file("entries.tsv")?)?;
    redis(&snapshot, file("redis.resp")?)?;
    questions(&snapshot, n, file("questions.csv")?)
}

fn entries(snapshot: &Snapshot, mut out: BufWriter<File>) -> Result<(), Failure> {
    for (account, row) in snapshot.stocks.iter() {
        let item = snapshot.items.names.name(row.item);
        let location = snapshot.locations.names.name(row.location);
        for (day, net) in changes(snapshot, account.ix()) {
            writeln!(out, "{item}\t{location}\t{day}\t{net}")?;
        }
    }
    Ok(out.flush()?)
}

/// Keys are account numbers of twelve digits, as redis-benchmark draws them; a value is day, net, day,
/// net, .. in MessagePack, the quickest that a script can read.
fn redis(snapshot: &Snapshot, mut out: BufWriter<File>) -> Result<(), Failure> {
    let mut value = Vec::new();
    for (account, _) in snapshot.stocks.iter() {
        let changes = changes(snapshot, account.ix());
        value.clear();
        value.push(0xdc);
        value.extend(u16::try_from(changes.len() * 2)?.to_be_bytes());
        for (day, net) in changes {
            value.push(0xcd);
            value.extend(u16::try_from(day)?.to_be_bytes());
            value.push(0xd3);
            value.extend(net.to_be_bytes());
        }
        write!(out, "*3\r\n$3\r\nSET\r\n$12\r\n{:012}\r\n${}\r\n", account.ix().0, value.len())?;
        out.write_all(&value)?;
        out.write_all(b"\r\n")?;
    }
    Ok(out.flush()?)
}

fn questions(snapshot: &Snapshot, n: u64, mut out: BufWriter<File>) -> Result<(), Failure> {
    let mut state = 1u64;
    let mut below = |bound: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let n_accounts = snapshot.stocks.len() as u64;
    for _ in 0..n {
        // A few accounts are asked for again and again, so that promises meet.
        let among = if below(2) == 0 { n_accounts } else { n_accounts.min(10) };
        let account = below(among);
        let (item, location) = snapshot.stocks.pair(AccountIx(account));
        let item = snapshot.items.names.name(item);
        let location = snapshot.locations.names.name(location);
        writeln!(out, "{account},{item},{location},{},{}", 1 + below(40), below(60))?;
    }
    Ok(out.flush()?)
}

/// One of the questions.
struct Question {
    item: String,
    location: String,
    quantity: f64,
    day: i64,
}

fn read(path: &str) -> Result<Vec<Question>, Failure> {
    let question = |line: &str| -> Option<Question> {
        let cells: Vec<_> = line.split(',').collect();
        let [_, item, location, quantity, day] = cells[..] else { return None };
        Some(Question {
            item: item.to_string(),
            location: location.to_string(),
            quantity: quantity.parse().ok()?,
            day: day.parse().ok()?,
        })
    };
    let lines = fs::read_to_string(path)?;
    let read: Option<_> = lines.lines().map(question).collect();
    read.ok_or_else(|| format!("{path}: account,item,location,quantity,day are expected").into())
}

/// Day 0 of what a server serves.
async fn as_of(server: &str) -> Result<Date, Failure> {
    let mut client = AvailabilityServiceClient::connect(server.to_string()).await?;
    let answer = client.quick_check(QuickCheckRequest::default()).await?.into_inner();
    Ok(answer.version.ok_or("an answer without version")?.as_of.parse()?)
}

fn date(as_of: Date, day: i64) -> String {
    as_of.saturating_add(jiff::Span::new().days(day)).to_string()
}

/// The day of a date; -1 where there is none.
fn day(as_of: Date, date: &str) -> Result<i32, Failure> {
    if date.is_empty() {
        return Ok(-1);
    }
    Ok(date.parse::<Date>()?.since((jiff::Unit::Day, as_of))?.get_days())
}

async fn check(server: &str, questions: Vec<Question>) -> Result<(), Failure> {
    let as_of = as_of(server).await?;
    let query = |Question { item, location, quantity, day }| Query {
        item,
        location,
        quantity,
        date: date(as_of, day),
        demand_class: String::new(),
    };
    let queries = questions.into_iter().map(query).collect();
    let mut client = AvailabilityServiceClient::connect(server.to_string()).await?;
    let request = QuickCheckRequest { queries, ..Default::default() };
    for answer in client.quick_check(request).await?.into_inner().answers {
        let available = Quantity::parse(&answer.available.to_string())
            .map_err(|fault| format!("{}: {fault}", answer.available))?;
        println!("{},{}", available.raw(), day(as_of, &answer.earliest_date)?);
    }
    Ok(())
}

/// One after the other, for each sees those before it.
async fn promise(server: &str, questions: Vec<Question>) -> Result<(), Failure> {
    let as_of = as_of(server).await?;
    let mut client = PromiseServiceClient::connect(server.to_string()).await?;
    let run = std::process::id();
    for (n, question) in questions.into_iter().enumerate() {
        let line = OrderLine {
            order: format!("peers-{run}-{n}"),
            line: "1".to_string(),
            item: question.item,
            location: question.location,
            quantity: question.quantity,
            requested_date: date(as_of, question.day),
            date_type: DateType::Ship.into(),
            ..Default::default()
        };
        let request = PromiseRequest {
            request_id: line.order.clone(),
            lines: vec![line],
            ..Default::default()
        };
        let answer = client.promise(request).await?.into_inner();
        let result = answer.promises.first().and_then(|line| line.result.as_ref());
        let option = result.and_then(|result| result.default_option.as_ref());
        let leg = option.and_then(|option| option.legs.first());
        println!("{}", leg.map_or(Ok(-1), |leg| day(as_of, &leg.ship_date))?);
    }
    Ok(())
}
