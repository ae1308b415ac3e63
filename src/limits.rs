//! Every maximum in the system, in one place, with the relations between them checked at compile time.
//!
//! A limit is a promise to the operator: below it everything works, above it the border says no and
//! names the limit. Nothing here is a tuning knob.

/// Fixed-point units in one whole unit of quantity or money: six decimals (semantics 1).
pub const SCALE: i64 = 1_000_000;

/// The largest quantity or amount of money a file or a request may name, in whole units.
pub const AMOUNT_MAX: i64 = 1_000_000_000;

/// The largest sum of all entries of one account, in fixed-point units; the builder refuses more.
pub const BALANCE_MAX: i64 = AMOUNT_MAX * SCALE * 1_000;

/// Days a snapshot looks ahead when its manifest does not say.
pub const HORIZON_DAYS_DEFAULT: u16 = 365;

/// The longest horizon (semantics 1).
pub const HORIZON_DAYS_MAX: u16 = 1_826;

/// Days that calendars reach past the horizon, so that transit and lead times that end there have a date.
pub const CALENDAR_TAIL_DAYS: u16 = 1_098;

/// The longest lead time, transit time, pick-pack time, duration or fence, in days.
pub const LEAD_DAYS_MAX: u16 = 1_098;

/// How many days before a shipping day its cut-off may lie.
pub const CUTOFF_DAYS_MAX: u16 = 100;

/// How deep a supply-chain search may go (semantics 6).
pub const DEPTH_MAX: usize = 32;

/// Needs that a search opens for one line before it gives up parts and alternates (semantics 12.5).
pub const NEEDS_MAX: u32 = 300_000;

/// Questions that bounds ask for one line before they say that they do not know.
pub const BOUNDS_MAX: u32 = 500_000;

/// Demand classes: the nodes of an allocation rule.
pub const CLASSES_MAX: usize = 4_096;

/// Tiers of the tree of demand classes.
pub const CLASS_DEPTH_MAX: usize = 64;

/// Tiers of the tree of zones: a lane to a zone serves all below it.
pub const ZONE_DEPTH_MAX: usize = 64;

/// Bytes of one request. 100000 queries or 10000 lines with long keys fit.
pub const REQUEST_BYTES_MAX: usize = 64 << 20;

/// Lines in one request.
pub const LINES_MAX: usize = 10_000;

/// Changes of planning data in one request.
pub const CHANGES_MAX: usize = 10_000;

/// Queries in one QuickCheck.
pub const QUERIES_MAX: usize = 100_000;

/// Bytes of a key in a file (item, location, order); of one in a request, characters.
pub const KEY_LEN_MAX: usize = 256;

/// The largest priority of an order; 1 is the most important.
pub const PRIORITY_MAX: i32 = 1_000_000_000;

/// Bytes of one record of a CSV table.
pub const RECORD_BYTES_MAX: usize = 1 << 20;

/// Rows of one table.
pub const ROWS_MAX: usize = 1 << 31;

/// Bytes that the open pages of a Parquet file may take beyond what the file's own size is worth.
pub const PARQUET_BYTES_BEYOND: u64 = 64 << 20;

/// Bytes that a byte of a Parquet file is worth.
pub const PARQUET_GROWTH_MAX: u64 = 16;

/// Bytes of the end of a Parquet file that say what is in it.
pub const PARQUET_FOOTER_BYTES_MAX: u64 = 16 << 20;

/// Rows of a Parquet file of no size; a larger one may have more.
pub const PARQUET_ROWS_BEYOND: u64 = 1 << 20;

/// Rows that a byte of a Parquet file may hold.
pub const PARQUET_ROWS_A_BYTE_MAX: u64 = 64;

/// Rows at the beginning of a file among which the header of its table is looked for: titles may stand above it.
pub const HEADER_ROWS: usize = 30;

/// Bytes that a packed file may become beyond what its own size is worth.
pub const PACKED_BYTES_BEYOND: u64 = 64 << 20;

/// Bytes that a byte of a packed file may become: text packs to a hundredth at best.
pub const PACKED_GROWTH_MAX: u64 = 200;

/// Faults of one table that a report spells out; the rest are counted.
pub const PROBLEMS_MAX: usize = 1_000;

/// Characters that a report shows of a text it found.
pub const PROBLEM_TEXT_MAX: usize = 1_000;

/// Further options a line may ask for.
pub const ALTERNATIVES_MAX: usize = 100;

/// Legs of a split line.
pub const SPLITS_MAX: usize = 1_000;

/// Commands that wait for the writer; beyond it a request is told to come back.
pub const QUEUE_MAX: usize = 65_536;

/// Commands that become durable with one sync of the journal.
pub const BATCH_MAX: usize = 4_096;

/// Needs that are opened on a thread that others wait for: some hundred microseconds. What takes more goes to a thread of
/// its own.
pub const NEEDS_AT_ONCE: u64 = 256;

/// Promises that take a step together on the writer: what is of more is worked out beside it.
pub const PROMISES_AT_ONCE: u64 = 16;

/// Races that a plan may lose before it is given up: others never stop taking what it needs.
pub const RACES_MAX: u32 = 64;

/// Threads that make such plans again.
pub const PLANNERS: usize = 2;

/// Slow plans that are made again at once beside the writer; beyond it the writer plans itself.
pub const ASIDE_MAX: usize = 1_024;

/// The longest hold, in seconds.
pub const HOLD_SECONDS_MAX: i64 = 366 * 24 * 3600;

/// Promises on one page of a list.
pub const PAGE_MAX: usize = 10_000;

/// Messages that wait for who listens to a stream; who takes none keeps nobody but himself waiting.
pub const LISTENER_MAX: usize = 1_024;

/// What-if scenarios at once.
pub const SCENARIOS_MAX: usize = 10_000;

/// Bytes that all scenarios together may hold beyond live, unless the operator says otherwise.
pub const SCENARIO_BYTES_DEFAULT: u64 = 4 << 30;

/// Seconds that a scenario is kept at most: a week.
pub const SCENARIO_SECONDS_MAX: i64 = 7 * 24 * 3_600;

const _: () = assert!(AMOUNT_MAX.checked_mul(SCALE).is_some());
const _: () = assert!(BALANCE_MAX <= i64::MAX / 4, "four balances must add without overflow");
const _: () = assert!(HORIZON_DAYS_MAX as u32 + CALENDAR_TAIL_DAYS as u32 <= i16::MAX as u32);
const _: () =
    assert!(LEAD_DAYS_MAX <= CALENDAR_TAIL_DAYS, "a lead time from the horizon has a date");
const _: () = assert!(BATCH_MAX < QUEUE_MAX);

/// Scheduled supplies of one account that are tried to be expedited.
pub const SUPPLIES_EXPEDITED_MAX: usize = 12;

/// Hours a day by which a resource is tried to work longer.
pub const HOURS_ADDED_MAX: i64 = 1_000;

/// Units, or lots, by which the goods of a component are tried to be increased.
pub const LOTS_ADDED_MAX: i64 = 1_000_000;

/// Legs into which a line is tried to be split.
pub const LEGS_TRIED: u16 = 4;

/// Live promises that the preview of a change of shares looks at, the newest ones.
pub const PROMISES_PREVIEWED_MAX: usize = 500;
