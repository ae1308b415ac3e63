//! Log lines of a server, for people or for programs, and traces: `--log-format`, `--slow-call`, `--otlp`, RUST_LOG, OTEL_*.

use super::{keep, terminal};
use crate::rpc::{
    self,
    traces::{self, Traces},
};
use std::{fmt, io::IsTerminal, sync::Arc, time::Duration};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer, layer},
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

/// What the command line says about log lines.
#[derive(Debug, clap::Args)]
pub(super) struct Logging {
    /// Whether log lines are for people, or JSON
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    log_format: Format,
    /// From how long on a call is worth a log line: 50ms; none if not given
    #[arg(long, value_name = "TIME", value_parser = keep::time)]
    pub(super) slow_call: Option<Duration>,
    /// The collector of traces, if not OTEL_EXPORTER_OTLP_ENDPOINT says so; there are none without: http://127.0.0.1:4317
    #[arg(long, value_name = "URL")]
    otlp: Option<String>,
    /// The share of calls that are followed where their callers do not say; OTEL_TRACES_SAMPLER, or all, if not given
    #[arg(long, value_name = "SHARE", value_parser = share)]
    sample: Option<f64>,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share of 0 to 1 is expected, such as 0.001".to_string())
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: an object a line
    Json,
}

impl Logging {
    /// Follows calls, where a collector is named.
    pub(super) fn traces(&self) -> Option<Arc<Traces>> {
        let own = |name: &str| self.otlp.clone().filter(|_| name == "OTEL_EXPORTER_OTLP_ENDPOINT");
        let variable = |name: &str| own(name).or_else(|| std::env::var(name).ok());
        let (settings, faults) = traces::of_environment(variable, self.sample);
        for fault in faults {
            tracing::warn!("{fault}; it is left out");
        }
        settings.map(Traces::start)
    }

    /// Lets log lines go to standard error, as much as RUST_LOG says (levels by target, such as
    /// `info,promised::rpc=debug`).
    pub(super) fn begin(&self) {
        let asked = std::env::var("RUST_LOG").ok().and_then(|words| words.parse::<Targets>().ok());
        let filter = asked.unwrap_or_else(|| {
            // What a stranger sends is no matter for a log line each.
            Targets::new().with_default(Level::INFO).with_target("h2", Level::ERROR)
        });
        let registry = tracing_subscriber::registry();
        let lines = layer().with_writer(std::io::stderr);
        // Only a second logger in one process could be refused, and there is none.
        match self.log_format {
            Format::Text => {
                let is_colourful =
                    std::io::stderr().is_terminal() && !terminal::is_colour_unwanted();
                drop(registry.with(lines.with_ansi(is_colourful).with_filter(filter)).try_init());
            }
            Format::Json => {
                let lines = lines.with_ansi(false).event_format(Json);
                drop(registry.with(lines.with_filter(filter)).try_init());
            }
        }
    }
}

/// An object a line: `at`, `level`, `target`, `message`, and the fields of the event.
struct Json;

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let about = event.metadata();
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut line = serde_json::Map::new();
        line.insert("at".to_string(), crate::engine::clock::now().to_string().into());
        line.insert("level".to_string(), about.level().as_str().into());
        line.insert("target".to_string(), about.target().into());
        line.extend(fields.0);
        if let (Some(trace), false) = (rpc::trace_id(), line.contains_key("trace")) {
            line.insert("trace".to_string(), trace.into());
        }
        writeln!(writer, "{}", serde_json::Value::Object(line))
    }
}

/// The fields of an event as JSON.
#[derive(Default)]
struct Fields(serde_json::Map<String, serde_json::Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<serde_json::Value>) {
        self.0.insert(field.name().to_string(), value.into());
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }
}
