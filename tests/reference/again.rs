//! Lines asked for again, and lines that the source holds as demands (section 12.1, *One line, one promise* and *The
//! source's own demand of a line*). Each row is a request of its own.

use super::book::{Account, Draft, Place};
use super::forecast::Shipped;
use super::line::{self, Line};
use super::model::Model;
use super::promises::{self, Promise};
use super::serve::{self, Outcome, Served};
use super::stock;
use super::text::UNIT;
use super::withdraw;
use super::{ResultRow, Row};
use std::rc::Rc;

/// How each row comes out, each seeing those before it.
pub fn in_turn(model: &Model, rows: &[Row]) -> Vec<Vec<ResultRow>> {
    let mut desk = Desk { model, promises: Vec::new() };
    rows.iter().map(|row| desk.ask(row)).collect()
}

struct Desk<'a> {
    model: &'a Model,
    promises: Vec<Promise>,
}

impl Desk<'_> {
    fn ask(&mut self, row: &Row) -> Vec<ResultRow> {
        let line = line::read(self.model, row);
        let same = |promise: &Promise| {
            (&promise.line.order, &promise.line.line) == (&line.order, &line.line)
                && 0 < promise.quantity()
        };
        let all = self.promises.iter().enumerate();
        let standing: Vec<usize> = all.filter(|(_, one)| same(one)).map(|(at, _)| at).collect();
        match (row.get("repeat").map_or("", String::as_str), &standing[..]) {
            // "A `Promise` for such a line takes nothing: its status is `already_promised`."
            ("", [_, ..]) => self.told(&line, &Outcome::Unavailable, Some("already_promised")),
            ("replace", [_, ..]) => self.replace(row, &line, &standing),
            _ => self.add(row, line),
        }
    }

    /// A promise of its own.
    fn add(&mut self, row: &Row, line: Line) -> Vec<ResultRow> {
        let served = self.serve(&self.promises, &line);
        let rows = self.told(&line, &served.outcome, None);
        if let Outcome::Promised(_) = served.outcome {
            let (number, row) = (self.promises.len() + 1, row.clone());
            let asked = Promise::nothing(number, row, line);
            self.promises.push(asked.anew(&served));
        }
        rows
    }

    /// "The same as Amend: it takes the place of all; if it cannot be promised, the old ones stand." It is planned
    /// without what they take, but with the planned supply that others count on.
    fn replace(&mut self, row: &Row, line: &Line, standing: &[usize]) -> Vec<ResultRow> {
        let mut without = self.promises.clone();
        for &at in standing {
            without[at] = promises::left_behind(self.model, &without[at]);
        }
        let silent = self.silent(line);
        withdraw::settle(self.model, &silent, &mut without);
        let served = self.serve(&without, line);
        match &served.outcome {
            Outcome::Promised(choice) if choice.in_full() => {
                let first = standing[0];
                let (row, line) = (row.clone(), line.clone());
                without[first] = Promise { row, line, ..without[first].anew(&served) };
                withdraw::settle(self.model, &silent, &mut without);
                self.promises = without;
                self.told(&self.promises[first].line, &served.outcome, None)
            }
            Outcome::Promised(_) => self.told(line, &Outcome::Unavailable, None),
            Outcome::Refused | Outcome::Unavailable => self.told(line, &served.outcome, None),
        }
    }

    /// What is given back of the source's own demands of a line and of all lines promised.
    fn silent(&self, line: &Line) -> Draft {
        let mut draft = Draft::default();
        let key = |line: &Line| format!("{}/{}", line.order, line.line);
        // A line whose promises give way is silent too.
        let live = self.promises.iter().filter(|one| 0 < one.quantity());
        let mut keys: Vec<String> = live.map(|one| key(&one.line)).collect();
        keys.push(key(line));
        keys.sort();
        keys.dedup();
        keys.iter().for_each(|key| self.silence(&mut draft, key));
        draft
    }

    /// Plans a line beside promises.
    fn serve(&self, promises: &[Promise], line: &Line) -> Served {
        let mut draft = self.silent(line);
        let of_promises = promises::draft(promises);
        draft.postings.extend(of_promises.postings);
        (draft.legs, draft.plans) = (of_promises.legs, of_promises.plans);
        draft.shipped.extend(of_promises.shipped);
        let served = serve::together(self.model, &draft, std::slice::from_ref(line)).remove(0);
        if let Outcome::Promised(choice) = &served.outcome {
            serve::show(line, &draft, &choice.draft);
        }
        served
    }

    /// Gives back what the source's own demand of a line takes.
    fn silence(&self, draft: &mut Draft, key: &str) {
        let rows = self.model.demands.iter();
        for demand in rows.filter(|demand| demand.demand == key && demand.kind == "sales_order") {
            let place = Place::new(&demand.item, &demand.location);
            for event in stock::read_events(self.model, &self.model.at(&place).rule, &place) {
                if event.id == key && event.sales_order {
                    draft.post_stock(&place, event.day, -event.quantity);
                    // What it used up of a forecast is there again.
                    draft.shipped.push(Rc::new(Shipped {
                        place: place.clone(),
                        customer: demand.customer.clone(),
                        class: event.class.clone(),
                        ship: demand.date.max(0),
                        quantity: event.quantity,
                    }));
                }
            }
            let lines = Account::OrderLines(demand.location.clone());
            draft.post(lines, demand.date.max(0), UNIT, "");
        }
    }

    fn told(&self, line: &Line, outcome: &Outcome, status: Option<&str>) -> Vec<ResultRow> {
        let mut rows = serve::rows(self.model, line, outcome);
        if let Some(status) = status {
            rows.iter_mut().for_each(|row| row.status = status.to_string());
        }
        rows
    }
}
