//! The settings of traces, by the names that OpenTelemetry gives them in the environment.

use super::parent::Parent;
use std::{path::PathBuf, time::Duration};

/// How spans are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Over gRPC; what listens on 4317 speaks it.
    Grpc,
    /// Protobuf in a POST; what listens on 4318 speaks it.
    Http,
}

/// Which calls are followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampler {
    /// Whether the caller's word counts, where he says one.
    pub asks_parent: bool,
    /// The share of all others, 0 to 1.
    pub share: f64,
}

impl Sampler {
    /// Whether a call is to be followed.
    pub(super) fn wants(self, parent: Option<Parent>, trace: u128) -> bool {
        if let Some(parent) = parent.filter(|_| self.asks_parent) {
            return parent.is_sampled;
        }
        // As OpenTelemetry does: the same of a trace wherever it is asked, by 63 bits of its id.
        #[expect(clippy::cast_possible_truncation, reason = "they are the lower half")]
        let drawn = (trace as u64) >> 1;
        #[expect(clippy::cast_possible_truncation, reason = "it is 0 to 2^63, and saturates")]
        let below = (self.share * 9_223_372_036_854_775_808.0) as u64;
        drawn < below
    }
}

/// Where spans go, and which.
#[derive(Clone, Debug)]
pub struct TraceSettings {
    /// The collector.
    pub endpoint: String,
    /// Whether the address is that of traces alone: then nothing is put behind it.
    pub is_whole: bool,
    /// What it speaks; found out, if nobody says so.
    pub protocol: Option<Protocol>,
    /// What it wants to be sent beside them, a token perhaps.
    pub headers: Vec<(String, String)>,
    /// Authorities of its certificate, as PEM; those known to everybody if not given.
    pub certificate: Option<PathBuf>,
    /// How long one sending may take.
    pub timeout: Duration,
    /// What the server is known by.
    pub resource: Vec<(String, String)>,
    /// Which calls are followed.
    pub sampler: Sampler,
    /// Spans that may wait; more are dropped, and counted.
    pub queue_at_most: usize,
    /// Spans that are sent together at most.
    pub batch_at_most: usize,
    /// How long they are collected.
    pub delay: Duration,
}

/// What the environment says, and what of it is not understood: that counts as if it were not there.
pub fn of_environment(
    variable: impl Fn(&str) -> Option<String>,
    share: Option<f64>,
) -> (Option<TraceSettings>, Vec<String>) {
    let mut said = Said { variable: &variable, faults: Vec::new() };
    let settings = said.settings(share);
    (settings, said.faults)
}

struct Said<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    faults: Vec<String>,
}

impl Said<'_> {
    /// One that is empty is none.
    fn get(&self, name: &str) -> Option<String> {
        (self.variable)(name).map(|text| text.trim().to_string()).filter(|text| !text.is_empty())
    }

    /// A setting of the exporter: that of traces before that of all.
    fn of_exporter(&self, name: &str) -> Option<String> {
        self.get(&format!("OTEL_EXPORTER_OTLP_TRACES_{name}"))
            .or_else(|| self.get(&format!("OTEL_EXPORTER_OTLP_{name}")))
    }

    fn fault(&mut self, name: &str, expected: &str) {
        self.faults.push(format!("{name} is not understood: {expected}"));
    }

    fn number(&mut self, name: &str, default: u64) -> u64 {
        let Some(text) = self.get(name) else { return default };
        text.parse().ok().filter(|number| 0 < *number).unwrap_or_else(|| {
            self.fault(name, "a number above 0 is expected");
            default
        })
    }

    fn settings(&mut self, share: Option<f64>) -> Option<TraceSettings> {
        let is_off =
            self.get("OTEL_SDK_DISABLED").is_some_and(|it| it.eq_ignore_ascii_case("true"))
                || self.get("OTEL_TRACES_EXPORTER").is_some_and(|it| it != "otlp");
        let own = self.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        let is_whole = own.is_some();
        let endpoint = own.or_else(|| self.get("OTEL_EXPORTER_OTLP_ENDPOINT"))?;
        let is_address = endpoint.parse::<http::Uri>().is_ok_and(|uri| {
            uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https"))
        });
        if is_off {
            return None;
        }
        if !is_address {
            self.fault("OTEL_EXPORTER_OTLP_ENDPOINT", "an address such as http://127.0.0.1:4318");
            return None;
        }
        let millis = |number| Duration::from_millis(number);
        let timeout = match self.get("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT") {
            Some(_) => self.number("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", 10_000),
            None => self.number("OTEL_EXPORTER_OTLP_TIMEOUT", 10_000),
        };
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Some(TraceSettings {
            is_whole,
            protocol: self.protocol(&endpoint),
            headers: self.pairs("OTEL_EXPORTER_OTLP_HEADERS", &self.of_exporter("HEADERS")),
            certificate: self.of_exporter("CERTIFICATE").map(PathBuf::from),
            timeout: millis(timeout),
            resource: self.resource(),
            sampler: self.sampler(share),
            queue_at_most: count(self.number("OTEL_BSP_MAX_QUEUE_SIZE", 16_384)),
            batch_at_most: count(self.number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 2_048)),
            delay: millis(self.number("OTEL_BSP_SCHEDULE_DELAY", 1_000)),
            endpoint,
        })
    }

    fn protocol(&mut self, endpoint: &str) -> Option<Protocol> {
        match self.of_exporter("PROTOCOL").as_deref() {
            Some("grpc") => Some(Protocol::Grpc),
            Some("http/protobuf") => Some(Protocol::Http),
            Some(_) => {
                self.fault("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc or http/protobuf is expected");
                None
            }
            None => match endpoint.parse::<http::Uri>().ok()?.port_u16() {
                Some(4317) => Some(Protocol::Grpc),
                Some(4318) => Some(Protocol::Http),
                Some(_) | None => None,
            },
        }
    }

    /// `a=b,c=d`, values as in an address.
    fn pairs(&mut self, name: &str, text: &Option<String>) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for one in text.iter().flat_map(|text| text.split(',')).filter(|one| !one.trim().is_empty())
        {
            match one.split_once('=') {
                Some((key, value)) if !key.trim().is_empty() => {
                    pairs.push((key.trim().to_string(), unescaped(value.trim())));
                }
                // What it says may be a secret.
                Some(_) | None => self.fault(name, "key=value is expected, several by commas"),
            }
        }
        pairs
    }

    fn resource(&mut self) -> Vec<(String, String)> {
        let asked = self.get("OTEL_RESOURCE_ATTRIBUTES");
        let mut resource = self.pairs("OTEL_RESOURCE_ATTRIBUTES", &asked);
        if let Some(name) = self.get("OTEL_SERVICE_NAME") {
            resource.retain(|(key, _)| key != "service.name");
            resource.push(("service.name".to_string(), name));
        }
        for (key, value) in
            [("service.name", "promised"), ("service.version", env!("CARGO_PKG_VERSION"))]
        {
            if !resource.iter().any(|(known, _)| known == key) {
                resource.push((key.to_string(), value.to_string()));
            }
        }
        resource
    }

    fn sampler(&mut self, share: Option<f64>) -> Sampler {
        if let Some(share) = share {
            return Sampler { asks_parent: true, share };
        }
        let argument = self.get("OTEL_TRACES_SAMPLER_ARG");
        let ratio = argument.as_deref().map_or(Some(1.0), |text| text.parse().ok());
        let ratio = ratio.filter(|share: &f64| (0.0..=1.0).contains(share));
        let (asks_parent, share) = match self.get("OTEL_TRACES_SAMPLER").as_deref() {
            None | Some("parentbased_always_on") => (true, Some(1.0)),
            Some("parentbased_always_off") => (true, Some(0.0)),
            Some("parentbased_traceidratio") => (true, ratio),
            Some("always_on") => (false, Some(1.0)),
            Some("always_off") => (false, Some(0.0)),
            Some("traceidratio") => (false, ratio),
            Some(_) => {
                self.fault(
                    "OTEL_TRACES_SAMPLER",
                    "parentbased_traceidratio, or another one of the standard",
                );
                (true, Some(1.0))
            }
        };
        let share = share.unwrap_or_else(|| {
            self.fault("OTEL_TRACES_SAMPLER_ARG", "a share of 0 to 1 is expected");
            1.0
        });
        Sampler { asks_parent, share }
    }
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let escaped = escaped.and_then(|two| u8::from_str_radix(two, 16).ok());
        match escaped.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        variables: &[(&str, &str)],
        share: Option<f64>,
    ) -> (Option<TraceSettings>, Vec<String>) {
        let of = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.to_string())
        };
        of_environment(of, share)
    }

    const HERE: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");

    #[test]
    fn without_an_address_or_switched_off_there_are_none() {
        for variables in [
            &[][..],
            &[("OTEL_EXPORTER_OTLP_ENDPOINT", " ")],
            &[HERE, ("OTEL_SDK_DISABLED", "True")],
            &[HERE, ("OTEL_TRACES_EXPORTER", "none")],
        ] {
            let (settings, faults) = read(variables, None);
            assert!(settings.is_none() && faults.is_empty(), "{variables:?}");
        }
    }

    #[test]
    fn traces_come_before_all_and_what_is_not_understood_is_told() {
        let (settings, faults) = read(
            &[
                HERE,
                ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://collector:4318/own"),
                ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20x, a = b%2Cc"),
                ("OTEL_RESOURCE_ATTRIBUTES", "service.name=no,zone=a"),
                ("OTEL_SERVICE_NAME", "desk"),
                ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"),
                ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
            ],
            Some(0.5),
        );
        let settings = settings.unwrap();
        assert_eq!((&*settings.endpoint, settings.is_whole), ("https://collector:4318/own", true));
        assert_eq!(settings.protocol, Some(Protocol::Http));
        let pair = |key: &str, value: &str| (key.to_string(), value.to_string());
        assert_eq!(settings.headers, [pair("authorization", "Bearer x"), pair("a", "b,c")]);
        let version = pair("service.version", env!("CARGO_PKG_VERSION"));
        assert_eq!(settings.resource, [pair("zone", "a"), pair("service.name", "desk"), version]);
        assert_eq!(settings.sampler, Sampler { asks_parent: true, share: 0.5 });
        assert_eq!((settings.timeout.as_secs(), settings.queue_at_most), (10, 16_384));
        assert_eq!(faults.len(), 2, "{faults:?}");
    }

    #[test]
    fn a_sampler_asks_the_caller_first_and_then_draws() {
        #[track_caller]
        fn check(name: &str, argument: &str, want: (bool, bool, bool)) {
            let variables =
                [HERE, ("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", argument)];
            let sampler = read(&variables, None).0.unwrap().sampler;
            let of = |is_sampled| Some(Parent { trace: 1, span: 1, is_sampled });
            let wants = |parent| sampler.wants(parent, u128::from(u64::MAX / 2));
            assert_eq!((wants(of(true)), wants(of(false)), wants(None)), want, "{name}");
        }
        check("", "", (true, false, true));
        check("parentbased_always_off", "", (true, false, false));
        check("parentbased_traceidratio", "0.4", (true, false, false));
        check("parentbased_traceidratio", "0.6", (true, false, true));
        check("always_on", "", (true, true, true));
        check("always_off", "", (false, false, false));
        check("traceidratio", "0", (false, false, false));
        check("something", "", (true, false, true));
    }

    #[test]
    fn a_share_is_the_share_of_traces() {
        let sampler = Sampler { asks_parent: true, share: 0.25 };
        let step = u64::MAX / 1_000;
        let n = (0..1_000).filter(|at| sampler.wants(None, u128::from(at * step))).count();
        assert!((249..=251).contains(&n), "{n}");
    }

    #[test]
    fn what_is_escaped_is_read_and_the_rest_stays() {
        assert_eq!(unescaped("a%20b%2"), "a b%2");
        assert_eq!(unescaped("%zz%é"), "%zz%é");
    }
}
