//! Moving goods from dock to dock (semantics 6 and 11).

use super::{
    answer::Reason,
    parts::Giver,
    passage::Passage,
    search::{Need, Search, Want},
    trace::Via,
};
use crate::{
    model::{Day, Money, Quantity, Ratio},
    snapshot::{
        LocationIx, MethodIx,
        item::Validity,
        location::{Destination, Lane},
    },
};

/// A way to move goods and the last days on which it is in time.
#[derive(Clone, Copy, Debug)]
struct Move<'a> {
    /// None where the snapshot has no lane at all.
    lane: Option<&'a Lane>,
    /// The day on which goods leave stock at the origin.
    leave: Day,
    ship: Day,
    arrival: Day,
}

impl Move<'_> {
    /// What moving so many of the item's own unit costs, of which so many are one of that which it is kept in.
    fn freight(&self, quantity: Quantity, own: Ratio) -> Money {
        let freight =
            |lane: &Lane| quantity.at_each(own, lane.cost_per_unit) + lane.cost_per_shipment;
        self.lane.map_or(Money::ZERO, freight)
    }
}

impl<'w> Search<'w> {
    /// Moves as much of a need as there can be from another location; returns what is short.
    pub(super) fn transfer(
        &mut self,
        need: Need,
        origin: (LocationIx, Option<MethodIx>),
        valid: Validity,
        want: Want,
    ) -> Quantity {
        if self.is_on_path(self.snapshot().stock(need.item, origin.0)) {
            return need.quantity;
        }
        if want == Want::Whole || !self.goes_otherwise(need, origin) {
            return self.move_here(need, origin, valid, want);
        }
        let giver = Giver::Move(origin.0, origin.1);
        let sizes = (need.quantity, Quantity::micros(1));
        let most = self.as_much_as_fits((giver, need.moment()), sizes, |search, part| {
            !search.move_here(need.of(part), origin, valid, Want::Whole).is_positive()
        });
        need.quantity - most
    }

    /// Whether a part may be moved or filled in another way than what is found of more.
    fn goes_otherwise(&mut self, need: Need, origin: (LocationIx, Option<MethodIx>)) -> bool {
        let (from, method) = origin;
        let mut scratch = Vec::new();
        let sources = self.snapshot().local_sources(need.item, from, &mut scratch);
        1 < sources.len()
            || self.passages((from, need.location), method).nth(1).is_some()
            || !self.is_steady_here()
    }

    /// Moves what is found of a need by the method that is cheapest for all of it; returns what is short.
    fn move_here(
        &mut self,
        need: Need,
        (from, method): (LocationIx, Option<MethodIx>),
        valid: Validity,
        want: Want,
    ) -> Quantity {
        let snapshot = self.snapshot();
        let way = (from, need.location);
        let Some(chosen) = self.cheapest(need, way, method, valid.to) else {
            self.note(|search| {
                let until = search.arrival(way, method, need.stand.today);
                Reason::Transit { from, to: need.location, until }
            });
            return need.quantity;
        };
        let is_kept = chosen.arrival < need.day;
        if chosen.arrival < valid.from || (is_kept && !self.can_keep(need)) {
            return need.quantity;
        }
        let own = snapshot.items.own(need.item);
        let method = chosen.lane.map(|lane| lane.method);
        let moves = |freight: Money| Via::Transfer { from, method, ship: chosen.ship, freight };
        let planned = self.next_planned();
        let at = self.push_planned(need, planned, moves(Money::ZERO));
        // What leaves and arrives on one day must be there in time within it.
        let there = Need { location: from, ..need };
        let is_same_day = chosen.leave == chosen.arrival && !is_kept;
        let there = if is_same_day { there } else { there.on(chosen.leave) };
        let short = self.placing(planned, |search| search.fill(there, want));
        let moved = need.quantity - short;
        if moved.is_positive() {
            self.trial.trace.found[at].quantity = moved;
            self.trial.trace.found[at].via = moves(chosen.freight(moved, own));
            let account = snapshot.stock(need.item, need.location);
            self.give_and_take((account, planned), (chosen.arrival, moved), (need.day, moved));
        }
        short
    }

    /// The cheapest ship method for the quantity among those that are in time.
    fn cheapest(
        &self,
        need: Need,
        way: (LocationIx, LocationIx),
        method: Option<MethodIx>,
        last: Day,
    ) -> Option<Move<'w>> {
        let own = self.snapshot().items.own(need.item);
        let moves = self.moves(way, method, need.day.min(last));
        // Lanes come in the order of their methods' names, so the first of equal cost wins.
        moves
            .filter(|chosen| need.stand.today <= chosen.leave)
            .min_by_key(|chosen| chosen.freight(need.quantity, own))
    }

    /// By each ship method the latest departure that arrives by a day.
    fn moves(
        &self,
        way: (LocationIx, LocationIx),
        method: Option<MethodIx>,
        by: Day,
    ) -> impl Iterator<Item = Move<'w>> {
        self.passages(way, method).filter_map(move |(lane, passage)| {
            let ship = passage.latest_ship(by)?;
            let leave = passage.leave(ship)?;
            Some(Move { lane, leave, ship, arrival: passage.arrival(ship)? })
        })
    }

    /// The ways between two locations, one a ship method; without any lane in the snapshot there is one.
    fn passages(
        &self,
        (from, to): (LocationIx, LocationIx),
        method: Option<MethodIx>,
    ) -> impl Iterator<Item = (Option<&'w Lane>, Passage<'w>)> {
        let snapshot = self.snapshot();
        let receiving = snapshot.locations.rows[to].receiving;
        let lanes = snapshot.lanes.between(from, Destination::Location(to)).iter();
        let allowed = lanes.filter(move |lane| method.is_none_or(|method| method == lane.method));
        let none = snapshot.lanes.is_empty().then_some(None);
        let lanes = none.into_iter().chain(allowed.map(Some));
        lanes.map(move |lane| (lane, Passage::new(snapshot, from, lane, receiving)))
    }

    /// The day on which goods are there that can leave stock on a day, by the fastest method.
    pub(super) fn arrival(
        &self,
        way: (LocationIx, LocationIx),
        method: Option<MethodIx>,
        leave: Day,
    ) -> Option<Day> {
        let arrival = |(_, passage): (_, Passage<'_>)| passage.arrival(passage.ship(leave)?);
        self.passages(way, method).filter_map(arrival).min()
    }

    /// The latest day that every method allows for goods to leave stock and be there by a day.
    pub(super) fn last_departure(
        &self,
        way: (LocationIx, LocationIx),
        method: Option<MethodIx>,
        by: Day,
    ) -> Option<Day> {
        self.moves(way, method, by).map(|chosen| chosen.leave).min()
    }
}
