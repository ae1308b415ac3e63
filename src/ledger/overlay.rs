//! A world with tentative postings on top: where planning tries things out.
//!
//! An overlay is a list of postings; profiles that they touch are kept up to date beside it. Cutting the
//! tail of the list forgets what was tried. The world below never changes (invariant P4), and scratch
//! memory is reused, so a plan allocates little.

use super::{uses::Use, world::World};
use crate::{
    allocation::{self, Profiles},
    model::{
        AccountIx, AccountKind, Capacity, CapacityAccount, Day, Posting, ProfileRef, Quantity,
        Stock, StockAccount, StockRef, profile::DayChange,
    },
    snapshot::Snapshot,
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::{
    hash::Hash,
    ops::Range,
    sync::{Arc, Weak},
};

/// Profiles of either kind that wait for the next overlay, at most: a plan of any common size.
const PROFILES_KEPT_MAX: usize = 1_024;

/// A world and tentative postings.
#[derive(Debug)]
pub struct Overlay<'w> {
    world: &'w World,
    tried: OverlayMemory,
}

/// What an overlay works in, to be used by the next one.
#[derive(Debug, Default)]
pub struct OverlayMemory {
    postings: Vec<Posting>,
    /// For each posting a number that no other posting of this overlay has or had.
    serials: Vec<u64>,
    n_posted: u64,
    /// How often a profile was changed since the overlay began.
    n_changes: u64,
    /// Accounts that were given more, for a while or for good, than was taken of them: how long the list of
    /// postings was then, and which.
    gifts: Vec<(usize, AccountIx)>,
    /// Look-up only: whether a snapshot's account holds something back, and of which snapshot that is known.
    holds_back: HashMap<AccountIx, bool, FxBuildHasher>,
    of: Option<Weak<Snapshot>>,
    /// Look-up only: what is used up of forecasts beyond the world.
    used: HashMap<AccountIx, Quantity, FxBuildHasher>,
    stocks: Touched<StockAccount, Stock>,
    capacities: Touched<CapacityAccount, Capacity>,
}

/// The touched profiles of the accounts of one kind.
#[derive(Debug)]
struct Touched<A, T> {
    /// Look-up only: where the profile of an account is.
    places: HashMap<A, usize, FxBuildHasher>,
    /// As many as there are places are in use; the others wait with the memory that they have.
    profiles: Vec<T>,
}

impl<A, T> Default for Touched<A, T> {
    fn default() -> Self {
        Self { places: HashMap::default(), profiles: Vec::new() }
    }
}

impl<A: Copy + Eq + Hash, T: Default> Touched<A, T> {
    fn get(&self, account: A) -> Option<&T> {
        if self.places.is_empty() {
            return None;
        }
        self.places.get(&account).map(|&at| &self.profiles[at])
    }

    /// The profile of an account, which `fill` makes equal to that below where it is touched first.
    fn get_or_fill(&mut self, account: A, fill: impl FnOnce(&mut T)) -> &mut T {
        let next = self.places.len();
        let at = *self.places.entry(account).or_insert_with(|| {
            if next == self.profiles.len() {
                self.profiles.push(T::default());
            }
            fill(&mut self.profiles[next]);
            next
        });
        &mut self.profiles[at]
    }

    fn clear(&mut self) {
        self.places.clear();
        self.profiles.truncate(PROFILES_KEPT_MAX);
    }
}

/// What an overlay holds at one moment: two moments with equal states hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverlayState(u64);

/// A length of the list of postings, to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Savepoint(usize);

impl<'w> Overlay<'w> {
    /// A world on which nothing has been tried yet.
    pub fn new(world: &'w World) -> Self {
        Self::within(world, OverlayMemory::default())
    }

    /// The same, in memory that another overlay has worked in.
    pub fn within(world: &'w World, mut memory: OverlayMemory) -> Self {
        let is_same = |of: &Weak<Snapshot>| std::ptr::eq(of.as_ptr(), Arc::as_ptr(&world.snapshot));
        if !memory.of.as_ref().is_some_and(is_same) {
            memory.holds_back.clear();
            memory.of = Some(Arc::downgrade(&world.snapshot));
        }
        Self { world, tried: memory }
    }

    /// Its memory; what it held is forgotten.
    pub fn into_memory(self) -> OverlayMemory {
        let mut memory = self.tried;
        memory.n_changes = 0;
        memory.gifts.clear();
        memory.postings.clear();
        memory.serials.clear();
        memory.used.clear();
        memory.stocks.clear();
        memory.capacities.clear();
        memory
    }

    /// The world below.
    pub fn world(&self) -> &'w World {
        self.world
    }

    /// The profile of an account, with the tentative postings.
    pub fn profile(&self, account: impl Into<AccountIx>) -> ProfileRef<'_> {
        match self.world.snapshot.kind(account.into()) {
            AccountKind::Stock(account) => ProfileRef::Stock(self.stock(account)),
            AccountKind::Capacity(account) => ProfileRef::Capacity(self.capacity(account)),
        }
    }

    /// The same of a stock account, or of a part of one.
    pub fn stock(&self, account: StockAccount) -> StockRef<'_> {
        let tried = self.tried.stocks.get(account);
        tried.map_or_else(|| self.world.stock(account), Stock::as_ref)
    }

    /// The same of an expiring account.
    pub fn capacity(&self, account: CapacityAccount) -> &Capacity {
        let tried = self.tried.capacities.get(account);
        tried.unwrap_or_else(|| self.world.capacity(account))
    }

    /// Tries a posting.
    pub fn post(&mut self, posting: Posting) {
        if Quantity::ZERO < posting.quantity {
            self.note_gift(posting.account);
        }
        self.apply(posting.account, DayChange::posted(posting.day, posting.quantity));
        self.tried.push(posting);
    }

    /// Notes that an account may have more, on some day, than it has below.
    pub fn note_gift(&mut self, account: AccountIx) {
        // Parts say how an account is divided, not what it has.
        if self.world.snapshot.whole(account).is_none() {
            self.tried.gifts.push((self.tried.postings.len(), account));
        }
    }

    /// The accounts that may have more, on some day, than they have below.
    pub fn gifts(&self) -> &[(usize, AccountIx)] {
        &self.tried.gifts
    }

    /// Those that have more by what was tried since a mark.
    pub fn gifts_since(&self, mark: Savepoint) -> Vec<AccountIx> {
        let since = self.tried.gifts.iter().filter(|(at, _)| mark.0 <= *at);
        since.map(|(_, account)| *account).collect()
    }

    /// Tries again what was taken out.
    pub fn put_back(&mut self, postings: &[Posting], gifts: &[AccountIx]) {
        gifts.iter().for_each(|account| self.note_gift(*account));
        for &posting in postings {
            self.apply(posting.account, DayChange::posted(posting.day, posting.quantity));
            self.tried.push(posting);
        }
    }

    /// Tries what was tried together before, on another trial.
    pub fn post_all(&mut self, postings: &[Posting]) {
        self.put_back(postings, &[]);
        let given = postings.iter().filter(|posting| Quantity::ZERO < posting.quantity);
        let mut given: Vec<AccountIx> = given.map(|posting| posting.account).collect();
        given.sort_unstable();
        given.dedup();
        for account in given {
            if rises(postings.iter().filter(|posting| posting.account == account)) {
                self.note_gift(account);
            }
        }
    }

    /// Tries two postings on one account, a gift and what is taken of it; what they do on one day is done at once.
    pub fn post_both(&mut self, both: [Posting; 2]) {
        let account = both[0].account;
        // What is tried and promised holds nothing back that the snapshot does not.
        let snapshot = &self.world.snapshot;
        let known = self.tried.holds_back.entry(account);
        let holds_back = *known.or_insert_with(|| {
            let stock = snapshot.as_stock(account);
            stock.is_some_and(|account| allocation::stock(snapshot, account).holds_back())
        });
        let rises = Quantity::ZERO < both[0].quantity + both[1].quantity;
        if both[0].day < both[1].day || rises || holds_back {
            self.note_gift(account);
        }
        let [first, second] = both.map(|posting| DayChange::posted(posting.day, posting.quantity));
        if first.day == second.day {
            self.apply(account, first.and(second));
        } else {
            self.apply(account, first);
            self.apply(account, second);
        }
        for posting in both {
            self.tried.push(posting);
        }
    }

    /// What is used up of a forecast, with what was tried.
    pub fn used(&self, used: Use) -> Quantity {
        let tried = self.tried.used.get(&used.account_ix()).copied();
        self.world.view.used(used) + tried.unwrap_or_default()
    }

    fn use_up(&mut self, used: Use, quantity: Quantity) {
        let before = self.used(used);
        let place = (used.account, used.bucket);
        let changes =
            allocation::consumption(&self.world.snapshot, place, (before, before + quantity));
        *self.tried.used.entry(used.account_ix()).or_default() += quantity;
        for (account, change) in changes {
            // What is used up of a forecast gives to its account.
            if change.net.is_positive() {
                self.note_gift(account.ix());
            }
            self.apply(account.ix(), change);
        }
    }

    /// Changes the profile of an account.
    fn apply(&mut self, account: AccountIx, change: DayChange) {
        if let Some(used) = Use::of(account) {
            return self.use_up(used, -change.net);
        }
        let world = self.world;
        self.tried.n_changes += 1;
        match world.snapshot.kind(account) {
            AccountKind::Stock(account) => {
                let fill = |stock: &mut Stock| stock.copy_from(world.stock(account));
                self.tried.stocks.get_or_fill(account, fill).change(change);
            }
            AccountKind::Capacity(account) => {
                let fill = |left: &mut Capacity| left.copy_from(world.capacity(account));
                let left = self.tried.capacities.get_or_fill(account, fill);
                left.post(change.day, change.net);
            }
        }
    }

    /// How often a profile was changed, by what was tried and taken back.
    pub fn n_changes(&self) -> u64 {
        self.tried.n_changes
    }

    /// What is held now. The list below the last posting changes only with it.
    pub fn state(&self) -> OverlayState {
        OverlayState(self.tried.serials.last().copied().unwrap_or(0))
    }

    /// Where the list of postings ends now.
    pub fn mark(&self) -> Savepoint {
        Savepoint(self.tried.postings.len())
    }

    /// Forgets the postings after a mark.
    pub fn cut(&mut self, mark: Savepoint) {
        while mark.0 < self.tried.postings.len() {
            let Posting { account, day, quantity, .. } =
                self.tried.postings.pop().expect("longer than the mark");
            let mut change = DayChange::posted(day, quantity);
            // What was posted on one day side by side is taken back at once.
            while let Some(other) = self.tried.postings[mark.0..].last()
                && (other.account, other.day) == (account, day)
            {
                change = change.and(DayChange::posted(day, other.quantity));
                self.tried.postings.pop();
            }
            self.apply(account, change.reversed());
        }
        self.tried.serials.truncate(mark.0);
        let gifts = &mut self.tried.gifts;
        gifts.truncate(gifts.partition_point(|(at, _)| *at < mark.0));
    }

    /// Forgets some of the postings after a mark, and keeps the others.
    pub fn withdraw(&mut self, mark: Savepoint, unwanted: impl Fn(&Posting) -> bool) {
        let (gone, kept) = self.tried.postings.drain(mark.0..).partition::<Vec<_>, _>(unwanted);
        self.tried.postings.extend(kept);
        self.tried.serials.truncate(mark.0);
        self.tried.number();
        // They are forgotten with what was tried since the mark.
        self.tried.gifts.iter_mut().for_each(|(at, _)| *at = (*at).min(mark.0));
        for Posting { account, day, quantity, .. } in gone {
            self.apply(account, DayChange::posted(day, quantity).reversed());
        }
    }

    /// All postings.
    pub fn all(&self) -> &[Posting] {
        &self.tried.postings
    }

    /// The postings after a mark.
    pub fn since(&self, mark: Savepoint) -> &[Posting] {
        &self.tried.postings[mark.0..]
    }
}

impl Profiles for Overlay<'_> {
    fn snapshot(&self) -> &Snapshot {
        &self.world.snapshot
    }

    fn stock(&self, account: StockAccount) -> StockRef<'_> {
        self.stock(account)
    }

    fn changed_among<'a>(
        &'a self,
        accounts: &Range<u64>,
    ) -> impl Fn(StockAccount) -> Option<StockRef<'a>> {
        let promised = self.world.changed_among(accounts);
        move |account| {
            self.tried.stocks.get(account).map(Stock::as_ref).or_else(|| promised(account))
        }
    }
}

/// Whether postings of one account raise its balance on some day.
fn rises<'a>(postings: impl Iterator<Item = &'a Posting>) -> bool {
    let mut by_day: Vec<(Day, Quantity)> =
        postings.map(|posting| (posting.day, posting.quantity)).collect();
    // What is taken of a day is taken of what comes on it.
    by_day.sort_unstable();
    let mut sum = Quantity::ZERO;
    by_day.into_iter().any(|(_, quantity)| {
        sum += quantity;
        Quantity::ZERO < sum
    })
}

impl OverlayMemory {
    fn push(&mut self, posting: Posting) {
        self.postings.push(posting);
        self.number();
    }

    /// Gives the postings that have no serial yet one each.
    fn number(&mut self) {
        while self.serials.len() < self.postings.len() {
            self.n_posted += 1;
            self.serials.push(self.n_posted);
        }
    }
}
