//! Moving goods from dock to dock (semantics 6 and 11).

use super::{
    answer::{Costs, PegSource, Reason},
    fill::{Need, Search, Want},
};
use crate::{
    model::{Day, Quantity},
    snapshot::{
        LocationIx, MethodIx, Snapshot,
        location::{Destination, Lane},
    },
};

impl Search<'_> {
    /// Moves as much of a need as there can be from another location; returns what is short.
    pub(super) fn transfer(
        &mut self,
        need: Need,
        (from, method): (LocationIx, Option<MethodIx>),
        by: Day,
        want: Want,
    ) -> Quantity {
        let snapshot = self.snapshot();
        if self.is_on_path(snapshot.stock(need.item, from)) {
            return need.quantity;
        }
        let Some((lane, ship, leave)) = self.cheapest(need, (from, method), by) else {
            self.note(|search| {
                let until = search.first_arrival((from, need.location), method);
                Reason::Transit { from, to: need.location, until }
            });
            return need.quantity;
        };
        let at = self.pegs.len();
        let source = PegSource::Transfer { from, method: lane.method, ship };
        self.push_peg(need, source, Costs::default());
        let there = Need { location: from, day: leave, ..need };
        let short = self.fill(there, want);
        let moved = need.quantity - short;
        if moved.is_positive() {
            let freight = moved.at(lane.cost_per_unit) + lane.cost_per_shipment;
            self.pegs[at].quantity = moved;
            self.pegs[at].cost = Costs { freight, ..Costs::default() };
            let account = snapshot.stock(need.item, need.location);
            self.post(account, by, moved);
            self.post(account, need.day, -moved);
        }
        short
    }

    /// The cheapest ship method for the quantity among those that are in time, with its latest ship
    /// day and the day on which goods leave stock for it.
    fn cheapest(
        &self,
        need: Need,
        (from, method): (LocationIx, Option<MethodIx>),
        by: Day,
    ) -> Option<(Lane, Day, Day)> {
        let snapshot = self.snapshot();
        let lanes = snapshot.lanes.between(from, Destination::Location(need.location));
        let allowed = lanes.iter().filter(|lane| method.is_none_or(|method| method == lane.method));
        let in_time = allowed.filter_map(|lane| {
            let (ship, leave) = latest_departure(snapshot, (from, need.location), lane, by)?;
            (self.today <= leave).then_some((*lane, ship, leave))
        });
        // Lanes come in the order of their methods' names, so the first of equal cost wins.
        in_time
            .min_by_key(|(lane, ..)| need.quantity.at(lane.cost_per_unit) + lane.cost_per_shipment)
    }

    /// The day on which goods are there if they depart as soon as they can.
    fn first_arrival(
        &self,
        (from, to): (LocationIx, LocationIx),
        method: Option<MethodIx>,
    ) -> Option<Day> {
        let snapshot = self.snapshot();
        let origin = &snapshot.locations.rows[from];
        let shipping = snapshot.calendars.of(origin.shipping);
        let receiving = snapshot.calendars.of(snapshot.locations.rows[to].receiving);
        let ship = shipping.add(self.today, origin.pick_pack_days)?;
        let lanes = snapshot.lanes.between(from, Destination::Location(to)).iter();
        let allowed = lanes.filter(|lane| method.is_none_or(|method| method == lane.method));
        let arrival = |lane: &Lane| {
            receiving.next(snapshot.calendars.of(lane.calendar).add(ship, lane.transit_days)?)
        };
        allowed.filter_map(arrival).min()
    }
}

/// The latest ship day that arrives by a day, and the latest day on which goods leave stock for it.
fn latest_departure(
    snapshot: &Snapshot,
    (from, to): (LocationIx, LocationIx),
    lane: &Lane,
    by: Day,
) -> Option<(Day, Day)> {
    let origin = &snapshot.locations.rows[from];
    let shipping = snapshot.calendars.of(origin.shipping);
    let receiving = snapshot.calendars.of(snapshot.locations.rows[to].receiving);
    let carrier = snapshot.calendars.of(lane.calendar);
    let carried = carrier.previous(receiving.previous(by)?)?;
    let ship = shipping.previous(carrier.subtract(carried, lane.transit_days)?)?;
    Some((ship, shipping.subtract(ship, origin.pick_pack_days)?))
}
