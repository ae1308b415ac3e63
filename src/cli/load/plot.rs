//! Latencies by percentile as a picture: both axes logarithmic, so that the tail can be seen.

use super::{
    record::{Measurements, OfKind},
    report::micros,
};
use crate::cli::failure::Failure;
use plotters::prelude::*;
use std::{ops::Range, path::Path};

/// Width and height.
const SIZE: (u32, u32) = (960, 540);

/// Points of a line.
const N_POINTS: u32 = 400;

/// Where the right end of the picture is: one call in so many is later.
const RAREST: f64 = 100_000.0;

/// Draws a line for each kind of call.
pub(super) fn draw(record: &Measurements, path: &Path) -> Result<(), Failure> {
    let lines: Vec<_> = record.kinds().map(|(kind, of)| (kind.method(), points(of))).collect();
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    picture(&root, &lines).map_err(|error| {
        Failure::new(format!("cannot draw {}: {error}", path.display()), "another --plot FILE")
    })
}

type Points = Vec<(f64, f64)>;

/// Latency in microseconds by rarity: 10 stands for p90, 100 for p99, and so on.
fn points(of: &OfKind) -> Points {
    let rarity = |at: u32| RAREST.powf(f64::from(at) / f64::from(N_POINTS));
    let point = |rarity: f64| {
        let percentile = 100.0 * (1.0 - 1.0 / rarity);
        (rarity, micros(of.latencies.value_at_percentile(percentile)).max(0.1))
    };
    // Beyond one call of all there is nothing to be seen.
    let n = of.latencies.len() as f64;
    (0..=N_POINTS).map(rarity).take_while(|rarity| *rarity <= n).map(point).collect()
}

fn latencies(lines: &[(&str, Points)]) -> Range<f64> {
    let all = || lines.iter().flat_map(|(_, points)| points).map(|(_, latency)| *latency);
    let (least, most) = (all().fold(1e9, f64::min), all().fold(1.0, f64::max));
    least.min(most) * 0.8..most * 1.3
}

fn picture<DB: DrawingBackend>(
    root: &DrawingArea<DB, plotters::coord::Shift>,
    lines: &[(&str, Points)],
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(root)
        .margin(20)
        .x_label_area_size(50)
        .y_label_area_size(80)
        .caption("Latency by percentile", ("sans-serif", 22))
        .build_cartesian_2d((1.0..RAREST).log_scale(), latencies(lines).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("percentile")
        .y_desc("latency, microseconds")
        .x_label_formatter(&|rarity| percentile(*rarity))
        .y_label_formatter(&|latency| format!("{latency:.0}"))
        .draw()?;
    for (at, (method, points)) in lines.iter().enumerate() {
        let colour = Palette99::pick(at).to_rgba();
        let line = LineSeries::new(points.iter().copied(), colour.stroke_width(2));
        chart
            .draw_series(line)?
            .label(*method)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK)
        .draw()?;
    root.present()
}

/// 10 is called 90 %, 1,000 is called 99.9 %.
fn percentile(rarity: f64) -> String {
    let share = 100.0 * (1.0 - 1.0 / rarity);
    let text = format!("{share:.4}");
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}
