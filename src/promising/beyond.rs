//! P1: a line gets no more than it asks for, and nothing before its earliest date.

use super::{
    answer::{LineOption, LineResult},
    query::Line,
};
use crate::model::Quantity;

impl LineResult {
    /// P1: what an option of it goes beyond; none where it holds.
    pub fn beyond(&self, line: &Line) -> Option<&'static str> {
        self.option.iter().chain(&self.alternatives).find_map(|option| beyond(option, line))
    }
}

fn beyond(option: &LineOption, line: &Line) -> Option<&'static str> {
    let promised: Quantity = option.legs.iter().map(|leg| leg.covers).sum();
    if line.quantity < promised {
        return Some("more than was asked for");
    }
    let is_early = |earliest| option.legs.iter().any(|leg| leg.dated(line.date_type) < earliest);
    line.earliest.is_some_and(is_early).then_some("before its earliest date")
}
