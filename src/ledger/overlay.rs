//! A world with tentative postings on top: where planning tries things out.
//!
//! An overlay is a list of postings; profiles that they touch are kept up to date beside it. Cutting the
//! tail of the list forgets what was tried. The world below never changes (invariant P4), and scratch
//! memory is reused, so a plan allocates little.

use super::world::World;
use crate::model::{AccountIx, Posting, Profile, ProfileRef};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// A world and tentative postings.
#[derive(Debug)]
pub struct Overlay<'w> {
    world: &'w World,
    postings: Vec<Posting>,
    /// For each posting a number that no other posting of this overlay has or had.
    serials: Vec<u64>,
    n_posted: u64,
    /// Look-up only: the touched profile of an account, by position.
    touched: HashMap<AccountIx, usize, FxBuildHasher>,
    profiles: Vec<Profile>,
}

/// What an overlay holds at one moment: two moments with equal states hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State(u64);

/// A length of the list of postings, to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(usize);

impl<'w> Overlay<'w> {
    /// A world on which nothing has been tried yet.
    pub fn new(world: &'w World) -> Self {
        Self {
            world,
            postings: Vec::new(),
            serials: Vec::new(),
            n_posted: 0,
            touched: HashMap::default(),
            profiles: Vec::new(),
        }
    }

    /// The world below.
    pub fn world(&self) -> &'w World {
        self.world
    }

    /// The profile of an account, with the tentative postings.
    pub fn profile(&self, account: AccountIx) -> ProfileRef<'_> {
        match self.touched.get(&account) {
            Some(&at) => self.profiles[at].as_ref(),
            None => self.world.profile(account),
        }
    }

    /// Tries a posting.
    pub fn post(&mut self, posting: Posting) {
        let at = *self.touched.entry(posting.account).or_insert_with(|| {
            self.profiles.push(self.world.profile(posting.account).to_owned());
            self.profiles.len() - 1
        });
        self.profiles[at].post(posting.day, posting.quantity);
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

    /// What is held now. The list below the last posting changes only with it.
    pub fn state(&self) -> State {
        State(self.serials.last().copied().unwrap_or(0))
    }

    /// Where the list of postings ends now.
    pub fn mark(&self) -> Mark {
        Mark(self.postings.len())
    }

    /// Forgets the postings after a mark.
    pub fn cut(&mut self, mark: Mark) {
        while mark.0 < self.postings.len() {
            let posting = self.postings.pop().expect("longer than the mark");
            let at = self.touched[&posting.account];
            self.profiles[at].unpost(posting.day, posting.quantity);
        }
        self.serials.truncate(mark.0);
    }

    /// Forgets some of the postings after a mark, and keeps the others.
    pub fn withdraw(&mut self, mark: Mark, unwanted: impl Fn(&Posting) -> bool) {
        let (gone, kept) = self.postings.drain(mark.0..).partition::<Vec<_>, _>(unwanted);
        self.postings.extend(kept);
        self.serials.truncate(mark.0);
        self.number();
        for posting in gone {
            let at = self.touched[&posting.account];
            self.profiles[at].unpost(posting.day, posting.quantity);
        }
    }

    /// The postings after a mark.
    pub fn since(&self, mark: Mark) -> &[Posting] {
        &self.postings[mark.0..]
    }
}
