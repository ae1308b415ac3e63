//! Operations of work definitions: rows of one operation and rank are one way of doing it (semantics 12.3).

use super::Builder;
use crate::snapshot::{
    ResourceIx, WorkIx,
    kinds::BASES,
    making::{Hours, Operation, Way},
    problem::Severity,
    row::Row,
    schema::{Column, TableName},
};
use std::collections::BTreeSet;

const TABLE: TableName = TableName::WorkDefinitionOperations;

/// A row of operations as read.
#[derive(Debug)]
struct OperationRow {
    work: WorkIx,
    number: i32,
    rank: i32,
    offset_days: u16,
    hours: Hours,
    row: u64,
}

impl OperationRow {
    fn operation(&self) -> (WorkIx, i32) {
        (self.work, self.number)
    }
}

/// Operations until all are there.
#[derive(Debug, Default)]
pub(super) struct Pending {
    rows: Vec<OperationRow>,
    keys: BTreeSet<(WorkIx, i32, ResourceIx, i32)>,
}

impl Builder {
    pub(super) fn operation(&mut self, row: &mut Row<'_>) {
        let work: WorkIx = row.reference(Column::WorkDefinition, &self.works.names);
        let Some(number) = row.whole_or_none(Column::Operation, 0, 1_000_000_000) else {
            row.fault(Column::Operation, "the number of an operation");
            return;
        };
        let resource: ResourceIx = row.reference(Column::Resource, &self.resources.names);
        let hours = row.quantity(Column::Hours);
        let basis = row.choice_or_none(Column::Basis, BASES).unwrap_or_default();
        let rank = row.rank(Column::AlternateRank, 0);
        let offset_days = row.days_or_none(Column::OffsetDays).unwrap_or(0);
        if row.is_faulty() {
            return;
        }
        if !self.operations.keys.insert((work, number, resource, rank)) {
            let key = [
                Column::WorkDefinition,
                Column::Operation,
                Column::Resource,
                Column::AlternateRank,
            ];
            let expected = "one row a work definition, operation, resource and alternate_rank";
            row.fault_of_key(&key, expected);
            return;
        }
        let hours = Hours { resource, hours, basis };
        let row = row.number();
        self.operations.rows.push(OperationRow { work, number, rank, offset_days, hours, row });
    }

    /// The operations of all work definitions in the order of their numbers, also those that only components
    /// name; `named` are the operations that components name.
    pub(super) fn group_operations(
        &mut self,
        named: impl Iterator<Item = (WorkIx, i32)>,
    ) -> Vec<(WorkIx, Operation)> {
        let Pending { mut rows, keys: _ } = std::mem::take(&mut self.operations);
        let name = |row: &OperationRow| self.resources.names.name(row.hours.resource);
        rows.sort_by(|a, b| {
            let place = |row: &OperationRow| (row.operation(), row.rank);
            place(a).cmp(&place(b)).then_with(|| name(a).cmp(name(b)))
        });
        let mut operations: Vec<(WorkIx, Operation)> = Vec::with_capacity(rows.len());
        for rows in rows.chunk_by(|a, b| a.operation() == b.operation()) {
            let ways: Vec<&[OperationRow]> = rows.chunk_by(|a, b| a.rank == b.rank).collect();
            self.check_ways(&ways);
            let ways = ways.into_iter().map(way).collect();
            let (work, number) = rows[0].operation();
            operations.push((work, Operation { number, ways }));
        }
        let n_listed = operations.len();
        for (work, number) in named {
            let listed = &operations[..n_listed];
            let key = |(work, operation): &(WorkIx, Operation)| (*work, operation.number);
            if listed.binary_search_by_key(&(work, number), key).is_err() {
                operations.push((work, Operation { number, ways: Vec::new() }));
            }
        }
        operations.sort_by_key(|(work, operation)| (*work, operation.number));
        operations.dedup_by_key(|(work, operation)| (*work, operation.number));
        operations
    }

    fn check_ways(&mut self, ways: &[&[OperationRow]]) {
        for way in ways {
            let first = way.iter().min_by_key(|row| row.row).expect("a way has a row");
            let other = way.iter().find(|row| row.offset_days != first.offset_days);
            if let Some(other) = other {
                let (at, value) = ((TABLE, other.row), other.offset_days.to_string());
                let expected = format!(
                    "the offset_days of row {}, {}: rows of one operation and alternate_rank are one way of doing it",
                    first.row, first.offset_days
                );
                self.fault_at(at, Column::OffsetDays, &value, &expected);
            }
        }
        let Some((primary, others)) = ways.split_first() else {
            return;
        };
        for other in others.iter().filter(|other| other.len() < primary.len()) {
            let (at, value) = ((TABLE, other[0].row), other[0].rank.to_string());
            let expected = format!(
                "a row for each of the {} resources of rank {}: a rank stands for all of them",
                primary.len(),
                primary[0].rank
            );
            let column = (Some(Column::AlternateRank), value.as_str());
            self.problem_at(Severity::Warning, at, column, &expected);
        }
    }
}

fn way(rows: &[OperationRow]) -> Way {
    Way {
        rank: rows[0].rank,
        offset_days: rows[0].offset_days,
        hours: rows.iter().map(|row| row.hours.clone()).collect(),
    }
}
