//! The table of `--vary` as a picture: service, lateness and money over the parameter, and service
//! against cost.

use super::{
    failure::Failure,
    vary::{self, VaryRow},
};
use crate::{change::Vary, rpc::proto::Kpi};
use plotters::prelude::*;
use std::path::Path;

/// Width and height in pixels.
const SIZE: (u32, u32) = (1_000, 720);

/// Draws into an SVG file.
pub(super) fn draw(path: &Path, vary: &Vary, table: &[VaryRow]) -> Result<(), Failure> {
    drawn(path, vary, table).map_err(|cause| {
        Failure::new(
            format!("cannot draw {}: {cause}", path.display()),
            "give --plot a file in a directory that can be written to",
        )
    })
}

type Drawn = Result<(), Box<dyn std::error::Error>>;

/// A line of a chart: its name, its points, and how it looks.
struct Curve {
    name: String,
    points: Vec<(f64, f64)>,
    colour: RGBColor,
    width: u32,
}

/// Colours that people who see few of them can tell apart (Okabe and Ito).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

fn on_time(kpi: &Kpi) -> f64 {
    kpi.on_time_share * 100.0
}

fn days_late(kpi: &Kpi) -> f64 {
    kpi.days_late_mean
}

fn drawn(path: &Path, vary: &Vary, table: &[VaryRow]) -> Drawn {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let title = format!("{}: {}", vary.key(), vary.heading());
    let root = root.titled(&title, ("sans-serif", 22))?;
    let areas = root.split_evenly((2, 2));
    let over = vary.heading();
    chart(&areas[0], "lines on time, percent", over, &by_key(table, on_time))?;
    chart(&areas[1], "days late, mean", over, &by_key(table, days_late))?;
    let profit = |kpi: &Kpi| kpi.profit;
    let cost = |kpi: &Kpi| kpi.cost;
    let money = vec![
        curve("profit", table, COLOURS[2], &|row| (row.value as f64, profit(&row.all))),
        curve("cost", table, COLOURS[1], &|row| (row.value as f64, cost(&row.all))),
    ];
    chart(&areas[2], "profit and cost", over, &money)?;
    let service = curve("", table, COLOURS[0], &|row| (cost(&row.all), on_time(&row.all)));
    against_cost(&areas[3], &service, table)?;
    root.present()?;
    Ok(())
}

/// All lines together, and where there are groups each of them.
fn by_key(table: &[VaryRow], of: fn(&Kpi) -> f64) -> Vec<Curve> {
    let all = curve("all", table, BLACK, &|row| (row.value as f64, of(&row.all)));
    let of_key = |(at, key): (usize, &str)| {
        let name = if key.is_empty() { "none" } else { key };
        let point = |row: &VaryRow| (row.value as f64, row.by.get(key).map_or(f64::NAN, of));
        Curve { width: 2, ..curve(name, table, COLOURS[at % COLOURS.len()], &point) }
    };
    let keys = vary::keys(table);
    let groups = keys.into_iter().enumerate().map(of_key);
    [all].into_iter().chain(groups).collect()
}

fn curve(
    name: &str,
    table: &[VaryRow],
    colour: RGBColor,
    point: &dyn Fn(&VaryRow) -> (f64, f64),
) -> Curve {
    let points = table.iter().map(point).filter(|(_, y)| y.is_finite()).collect();
    Curve { name: name.to_string(), points, colour, width: 3 }
}

/// The range of some numbers, with room at both ends.
fn range(numbers: impl Iterator<Item = f64> + Clone, room: f64) -> std::ops::Range<f64> {
    let least = numbers.clone().fold(f64::INFINITY, f64::min);
    let most = numbers.fold(f64::NEG_INFINITY, f64::max);
    if most < least {
        return 0.0..1.0;
    }
    let room = ((most - least) * room).max(most.abs() * 1e-6).max(1e-3);
    least - room..most + room
}

/// A number on an axis: as few digits as tell it from its neighbours.
fn label(number: &f64, step: f64) -> String {
    let decimals = if 10.0 <= step {
        0
    } else if 0.1 <= step {
        1
    } else {
        3
    };
    let text = format!("{number:.decimals$}");
    // Thousands apart, so that millions can be read.
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(a, b)| (a, b));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if 0 < at && (digits.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    let rest = if rest.is_empty() { String::new() } else { format!(".{rest}") };
    format!("{sign}{grouped}{rest}")
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn chart(area: &Area<'_>, title: &str, over: &str, curves: &[Curve]) -> Drawn {
    let points = || curves.iter().flat_map(|curve| curve.points.iter());
    let xs = range(points().map(|(x, _)| *x), 0.02);
    let ys = range(points().map(|(_, y)| *y), 0.12);
    let step = (ys.end - ys.start) / 5.0;
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 17))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(92)
        .build_cartesian_2d(xs, ys)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc(over)
        .x_labels(9)
        .y_labels(6)
        .x_label_formatter(&|x| label(x, 10.0))
        .y_label_formatter(&|y| label(y, step))
        .label_style(("sans-serif", 13))
        .draw()?;
    for curve in curves {
        let style = curve.colour.stroke_width(curve.width);
        let dot = |point: &(f64, f64)| Circle::new(*point, 3, curve.colour.filled());
        let series = LineSeries::new(curve.points.iter().copied(), style);
        let colour = curve.colour;
        let key = move |(x, y)| Rectangle::new([(x, y - 2), (x + 16, y + 2)], colour.filled());
        chart.draw_series(series)?.label(curve.name.as_str()).legend(key);
        chart.draw_series(curve.points.iter().map(dot))?;
    }
    if 1 < curves.len() {
        chart
            .configure_series_labels()
            .position(emptier_corner(curves))
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.3))
            .label_font(("sans-serif", 13))
            .draw()?;
    }
    Ok(())
}

/// The upper corner under which the curves are lower: there the legend hides least.
fn emptier_corner(curves: &[Curve]) -> SeriesLabelPosition {
    let first = highest(curves.iter().filter_map(|curve| curve.points.first()));
    let last = highest(curves.iter().filter_map(|curve| curve.points.last()));
    if first < last { SeriesLabelPosition::UpperLeft } else { SeriesLabelPosition::UpperRight }
}

fn highest<'a>(points: impl Iterator<Item = &'a (f64, f64)>) -> f64 {
    points.map(|(_, y)| *y).fold(f64::MIN, f64::max)
}

/// Service against cost: one dot a value, the first and the last named.
fn against_cost(area: &Area<'_>, service: &Curve, table: &[VaryRow]) -> Drawn {
    let xs = range(service.points.iter().map(|(x, _)| *x), 0.12);
    let ys = range(service.points.iter().map(|(_, y)| *y), 0.15);
    let (x_step, y_step) = ((xs.end - xs.start) / 5.0, (ys.end - ys.start) / 5.0);
    let mut chart = ChartBuilder::on(area)
        .caption("lines on time, percent, against cost", ("sans-serif", 17))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(92)
        .build_cartesian_2d(xs, ys)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("cost")
        .x_labels(5)
        .y_labels(6)
        .x_label_formatter(&|x| label(x, x_step))
        .y_label_formatter(&|y| label(y, y_step))
        .label_style(("sans-serif", 13))
        .draw()?;
    chart.draw_series(LineSeries::new(service.points.iter().copied(), service.colour.mix(0.4)))?;
    let dot = |point: &(f64, f64)| Circle::new(*point, 4, service.colour.filled());
    chart.draw_series(service.points.iter().map(dot))?;
    let ends = service.points.iter().zip(table);
    let last = table.len().saturating_sub(1);
    let named = ends.enumerate().filter(|(at, _)| *at == 0 || *at == last);
    chart.draw_series(named.map(|(_, (point, row))| {
        let beside = (8, -16);
        EmptyElement::at(*point) + Text::new(row.value.to_string(), beside, ("sans-serif", 15))
    }))?;
    Ok(())
}
