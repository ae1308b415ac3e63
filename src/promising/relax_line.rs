//! What a late line, or a set, may give up itself: being whole, being the very item, its way, its place.
//!
//! A remedy always differs from what there is: another leg, item, method or place than the line names.

use super::{
    answer::{LineOption, Relaxation},
    choose,
    query::{Line, SplitLimits, Together},
    search::Search,
    set,
};
use crate::{limits, model::Quantity};

/// What gives way, and the options of all lines that it brings.
type Found = (Relaxation, Vec<LineOption>);

/// What a line may give up to be on time.
pub(super) fn relaxed(search: &mut Search<'_>, line: &Line) -> Vec<Found> {
    let mut found = Vec::new();
    let mut try_line = |relaxed: Line, relaxation: &dyn Fn(&LineOption) -> Option<Relaxation>| {
        let option = choose::on_time(search, &relaxed);
        found.extend(option.and_then(|option| Some((relaxation(&option)?, vec![option]))));
    };
    if line.split.is_none() {
        let minimum = Quantity::ONE.up_to(line.step);
        let split = SplitLimits { minimum, legs: limits::LEGS_TRIED };
        try_line(Line { split: Some(split), ..line.clone() }, &|option| {
            let legs = option.legs.len();
            (1 < legs).then_some(Relaxation::Split { legs })
        });
    }
    if !line.substitutes {
        try_line(Line { substitutes: true, ..line.clone() }, &|option| {
            let other = option.legs.iter().map(|leg| leg.item).find(|item| *item != line.item)?;
            Some(Relaxation::Substitute { item: other })
        });
    }
    if line.method.is_some() {
        try_line(Line { method: None, ..line.clone() }, &|option| by_method(line, option));
    }
    if line.location.is_some() {
        try_line(Line { location: None, ..line.clone() }, &|option| from_place(line, option));
    }
    found
}

/// What all lines of a set may give up together: a set is not split and takes no substitutes.
pub(super) fn relaxed_set(
    search: &mut Search<'_>,
    lines: &[Line],
    together: Together,
) -> Vec<Found> {
    let mut found = Vec::new();
    let mut try_lines =
        |relaxed: &dyn Fn(&Line) -> Line,
         relaxation: &dyn Fn(&Line, &LineOption) -> Option<Relaxation>| {
            let relaxed: Vec<Line> = lines.iter().map(relaxed).collect();
            if let Some(options) = set::on_time(search, &relaxed, together) {
                let mut differing = lines.iter().zip(&options);
                let relaxation = differing.find_map(|(line, option)| relaxation(line, option));
                found.extend(relaxation.map(|relaxation| (relaxation, options)));
            }
        };
    if lines.iter().any(|line| line.method.is_some()) {
        try_lines(&|line| Line { method: None, ..line.clone() }, &by_method);
    }
    if lines.iter().any(|line| line.location.is_some()) {
        try_lines(&|line| Line { location: None, ..line.clone() }, &from_place);
    }
    found
}

fn by_method(line: &Line, option: &LineOption) -> Option<Relaxation> {
    line.method?;
    let method = option.legs.iter().map(|leg| leg.method).find(|method| *method != line.method)?;
    Some(Relaxation::Method { method })
}

fn from_place(line: &Line, option: &LineOption) -> Option<Relaxation> {
    line.location?;
    let mut places = option.legs.iter().map(|leg| leg.location);
    let location = places.find(|location| Some(*location) != line.location)?;
    Some(Relaxation::ShipFrom { location })
}
