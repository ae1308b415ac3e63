//! What the command line says about how much is asked, and what.

use super::mix::Mix;

/// How much is asked, and for how long.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct How {
    /// Calls a second (open loop); without it, as fast as they are answered (closed loop)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(super) rate: Option<u64>,
    /// Clients, each with calls of its own under way
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(super) clients: u64,
    /// Calls of a client under way at once; in an open loop, at most so many
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(super) in_flight: u64,
    /// Connections, which the clients share
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(super) connections: u64,
    /// Seconds that are measured
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(super) seconds: u64,
    /// Seconds before them
    #[arg(long, value_name = "S", default_value_t = 1, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    pub(super) warm_up: u64,
    /// Threads of this program [default: as many as connections, at most one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_024))]
    pub(super) threads: Option<u64>,
}

/// What is asked.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct AskedArgs {
    /// Shares of the calls: quick (QuickCheck), check (CheckAvailability), promise, stream
    /// (PromiseStream), cancel; with nothing to cancel yet, a cancel is a promise
    #[arg(long, value_name = "KIND=SHARE,..", default_value = "quick=1", value_parser = Mix::parse)]
    pub(super) mix: Mix,
    /// Queries or lines of a call
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(super) batch: u64,
    /// How much more often the first items are asked for: 0 all alike, 1 Zipf's law
    #[arg(long, value_name = "S", default_value_t = 0.0, value_parser = skew)]
    pub(super) skew: f64,
    /// Further options that a CheckAvailability asks for
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=20))]
    pub(super) alternatives: u32,
    /// Where order lines ship from: any place, to a customer; or the one that keeps the item
    #[arg(long, value_name = "WHERE", default_value = "any")]
    pub(super) ship_from: ShipFrom,
}

/// What an order line says of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ShipFrom {
    /// A customer, and no ship-from: by the arrival date
    Any,
    /// The ship-from, and no customer: by the ship date
    Named,
}

fn skew(text: &str) -> Result<f64, String> {
    let found = text.parse().ok().filter(|skew| (0.0..=5.0).contains(skew));
    found.ok_or_else(|| "a number from 0 to 5 is expected".to_string())
}
