//! What a promise takes is given back.

use super::{
    super::{fit::Moves, reservation::Reservation},
    World,
};
use std::sync::Arc;

impl World {
    /// Gives back what a reservation of this world takes, and all that it planned unless others count on that.
    /// What of it nobody counts on is withdrawn when this becomes live. Its state and its legs are as they were.
    pub fn give_back(&mut self, before: &Reservation) {
        let bare = before.bare(&self.snapshot);
        let nothing = bare.without_plan();
        let fits = Moves::exchange(&before.postings, &nothing.postings).judge(self).is_ok();
        self.put(Arc::new(if fits { nothing } else { bare }));
    }
}
