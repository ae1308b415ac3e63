//! What may ship instead of the ordered item (semantics 5 and 11 "Substitutes").

use super::candidates::{self, Candidate};
use super::line::Line;
use super::master::{Substitute, Window};
use super::model::Model;
use super::text::UNIT;

/// An item that may ship instead, by one or several rows in a chain.
#[derive(Clone)]
struct Instead {
    item: String,
    ratio: (i128, i128),
    windows: Vec<Window>,
}

/// The candidates of every substitute, in the order in which substitutes are tried.
pub fn candidates(model: &Model, line: &Line) -> Vec<Vec<Candidate>> {
    let substitutes = if line.substitutes { in_order(model, line) } else { Vec::new() };
    let of_substitute = |(turn, instead): (usize, Instead)| {
        let candidate = |candidate: Candidate| Candidate {
            ratio: instead.ratio,
            turn: turn + 1,
            windows: [candidate.windows, instead.windows.clone()].concat(),
            ..candidate
        };
        let all = candidates::candidates(model, line, &instead.item).into_iter();
        all.map(candidate).collect()
    };
    substitutes.into_iter().enumerate().map(of_substitute).collect()
}

/// "Direct ones by rank, then theirs (breadth first)"; equal ranks by name.
fn in_order(model: &Model, line: &Line) -> Vec<Instead> {
    let itself = Instead { item: line.item.clone(), ratio: (1, 1), windows: Vec::new() };
    let mut found = vec![itself];
    let mut next = 0;
    while next < found.len() {
        for instead in direct(model, line, &found[next].clone()) {
            if found.iter().all(|known| known.item != instead.item) {
                found.push(instead);
            }
        }
        next += 1;
    }
    found.split_off(1)
}

/// "With ratio, effective dates, optional customer, one-way or reciprocal": a reciprocal row has
/// the same rank both ways. Along a chain ratios multiply, and every row's dates apply.
fn direct(model: &Model, line: &Line, of: &Instead) -> Vec<Instead> {
    let mut rows: Vec<(i32, Instead)> = Vec::new();
    let unit = i128::from(UNIT);
    for row in &model.substitutes {
        // Both are in the units that they are kept in.
        let (to, from) = (model.kept[&row.substitute], model.kept[&row.item]);
        let unit = unit * to.1 * from.0;
        let ratio = i128::from(row.ratio) * to.0 * from.1;
        if !row.customer.is_empty() && row.customer != line.customer {
            continue;
        }
        if row.item == of.item {
            rows.push((row.rank, chained(of, row, &row.substitute, (ratio, unit))));
        }
        if row.reciprocal && row.substitute == of.item {
            rows.push((row.rank, chained(of, row, &row.item, (unit, ratio))));
        }
    }
    rows.sort_by_key(|(rank, instead)| (*rank, instead.item.clone()));
    rows.into_iter().map(|(_, instead)| instead).collect()
}

fn chained(of: &Instead, row: &Substitute, item: &str, ratio: (i128, i128)) -> Instead {
    let windows = [of.windows.clone(), vec![row.window]].concat();
    let ratio = (of.ratio.0 * ratio.0, of.ratio.1 * ratio.1);
    Instead { item: item.to_string(), ratio, windows }
}
