//! What promises use up of forecasts (semantics 12.2, *Forecast*; the rule itself is [`crate::snapshot::forecast`]'s).
//!
//! A promise uses up the bucket in whose period each of its legs ships, as long as it is kept, however far it is: held,
//! confirmed or shipped. It need not say so: its legs do, so nothing is written down and a later snapshot, with other
//! forecasts, counts anew. In views and overlays a use is a posting on an account of its own ([`Use`]); what it changes of
//! the stock account follows from what is promised of the bucket in all.

pub use super::uses::{Use, changed_by};

use super::{
    order_line,
    reservation::{Leg, Reservation, State},
    standing::Fate,
};
use crate::{
    model::{Day, Posting, Quantity},
    snapshot::{Snapshot, forecast::Shipped},
};

/// The uses of a promise as it stands: none of one that has ended or takes nothing, or whose demand the snapshot counts.
pub fn of(snapshot: &Snapshot, reservation: &Reservation) -> Vec<Posting> {
    if snapshot.forecasts.is_empty() {
        return Vec::new();
    }
    let fate = reservation.standing.as_deref().map_or(Fate::Carried, |standing| standing.fate);
    let counts = match (reservation.state, fate) {
        (State::Cancelled | State::Expired, _) | (_, Fate::Absorbed) => false,
        // What has shipped was ordered, whether it has been counted by now or not.
        (State::Fulfilled, Fate::Carried | Fate::Superseding | Fate::Dropped) => true,
        (State::Held { .. } | State::Confirmed, Fate::Carried | Fate::Superseding) => true,
        (State::Held { .. } | State::Confirmed, Fate::Dropped) => false,
    };
    let mut uses = match counts && reservation.quantity.is_positive() {
        true => of_legs(snapshot, reservation),
        false => Vec::new(),
    };
    uses.extend(given_back(snapshot, reservation));
    uses
}

/// The uses of what ships in the legs of a promise.
fn of_legs(snapshot: &Snapshot, reservation: &Reservation) -> Vec<Posting> {
    let facts = &*reservation.facts;
    let of_leg = |leg: &Leg| {
        let account = snapshot.stock(leg.item, leg.location);
        // What is past due ships on day 0; what has shipped did so on its day.
        let ship = match reservation.state {
            State::Fulfilled => leg.ship,
            State::Held { .. } | State::Confirmed | State::Cancelled | State::Expired => {
                leg.ship.max(Day::ZERO)
            }
        };
        let shipped = Shipped { customer: facts.customer, class: facts.class, ship };
        let bucket = snapshot.consumed_bucket(account, shipped)?;
        Some(Use { account, bucket }.posting(leg.quantity))
    };
    facts.legs.iter().filter_map(of_leg).collect()
}

/// What the snapshot's own demand of the line uses up comes back where our word counts.
fn given_back(snapshot: &Snapshot, reservation: &Reservation) -> Option<Posting> {
    let standing = reservation.standing.as_deref()?;
    if standing.fate != Fate::Superseding || standing.theirs.is_empty() {
        return None;
    }
    let key = order_line::key(&reservation.facts.order, &reservation.facts.line);
    let used = of_row(snapshot, &key, &standing.theirs)?;
    Some(Posting { quantity: -used.quantity, ..used })
}

/// What a source's own demand of a line uses up, as far as it still posts: of one of which a part is silent, the rest.
pub(super) fn of_row(snapshot: &Snapshot, key: &str, posted: &[Posting]) -> Option<Posting> {
    if snapshot.forecasts.is_empty() {
        return None;
    }
    let index = snapshot.demands.names.get(key)?;
    let account = snapshot.demands.account(index)?;
    let row = snapshot.demands.of(account).iter().find(|row| row.demand == index)?;
    row.day?;
    let of_stock = posted.iter().filter(|posting| posting.account == account);
    let quantity = -of_stock.map(|posting| posting.quantity).sum::<Quantity>();
    let ship = row.due.max(Day::ZERO);
    let shipped = Shipped { customer: row.customer, class: row.class, ship };
    let bucket = snapshot.consumed_bucket(account, shipped)?;
    Some(Use { account, bucket }.posting(quantity))
}
