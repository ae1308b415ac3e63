//! How long a snapshot takes to load, and how much memory it takes, by part and by dated entry.
//!
//! `cargo run --release --example footprint -- SNAPSHOT`. Resident memory is what the system says, the
//! parts are what the snapshot itself counts. Linux only.
use promised::{engine::clock::Stopwatch, loader};
use std::{error::Error, fs, path::Path, thread, time::Duration};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A figure of this process in bytes: `VmRSS` now, `VmHWM` at most so far.
fn memory(figure: &str) -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(1_024 * kilobytes.ok_or("no such figure")?.trim().parse::<u64>()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: footprint SNAPSHOT")?;
    let before = memory("VmRSS")?;
    let start = Stopwatch::start();
    let loaded = loader::open(Path::new(&path), &loader::Silent)?;
    let took = start.elapsed();
    let peak = memory("VmHWM")?;
    let rows: u64 = ["supplies", "demands"].iter().filter_map(|table| loaded.rows.get(table)).sum();
    let snapshot = loaded.snapshot.ok_or("the snapshot has errors; see promised validate")?;
    // The allocator gives pages back a little later.
    thread::sleep(Duration::from_secs(2));
    let resident = memory("VmRSS")? - before;
    let an_entry = |bytes: u64| bytes as f64 / rows.max(1) as f64;
    println!("{rows} dated entries on {} stock accounts", snapshot.stocks.len());
    println!("loaded in {:.2} s", took.as_secs_f64());
    for (part, bytes) in snapshot.bytes_by_part() {
        println!(
            "{part:>24} {:>8.1} MB {:>6.2} bytes an entry",
            bytes as f64 / 1e6,
            an_entry(bytes)
        );
    }
    for (what, bytes) in
        [("counted", snapshot.bytes()), ("resident", resident), ("peak", peak - before)]
    {
        println!(
            "{what:>24} {:>8.1} MB {:>6.2} bytes an entry",
            bytes as f64 / 1e6,
            an_entry(bytes)
        );
    }
    println!("{:>24} {:>8.2} times what stays", "peak", peak as f64 / (before + resident) as f64);
    Ok(())
}
