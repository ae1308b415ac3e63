//! What lines are told apart by: each as a number while they are counted, as a word when that is done.

use crate::{
    ledger::{Reservation, State, Term, World, judged::moved_by, reservation::Supplied},
    model::Index,
    snapshot::{ClassIx, CustomerIx, ItemIx, LocationIx, MethodIx, Names, ZoneIx},
};
use std::{collections::BTreeMap, sync::Arc};

macro_rules! dimensions {
    ($($(#[$doc:meta])* $variant:ident $word:literal;)*) => {
        /// What lines are told apart by.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Dimension { $($(#[$doc])* $variant),* }

        /// The words for dimensions.
        pub const DIMENSIONS: &[(&str, Dimension)] = &[$(($word, Dimension::$variant)),*];
    };
}

dimensions! {
    /// The item ordered.
    Item "item";
    /// Its category.
    Category "category";
    /// Its brand.
    Brand "brand";
    /// For whom.
    Customer "customer";
    /// The customer's country.
    Country "country";
    /// The customer's region.
    Region "region";
    /// Where to.
    Zone "zone";
    /// Through which channel the order came.
    Channel "channel";
    /// Who sold it.
    Seller "seller";
    /// The demand class.
    Class "demand_class";
    /// The ship-from of the first leg.
    Location "location";
    /// How the first leg travels.
    Method "ship_method";
    /// How the first leg is supplied.
    Supply "supply";
    /// Held, confirmed, fulfilled.
    State "state";
    /// What limits it, where it is late.
    Limiting "limiting";
    /// What moved its date last: its customer, a run, a change, an allocation, or the way back of these.
    MovedBy "moved_by";
}

/// Numbers beyond this stand for words that the snapshot does not know any more.
const UNKNOWN: u64 = 1 << 40;

/// Texts that have no index, by number.
#[derive(Debug, Default)]
struct Texts {
    known: BTreeMap<Arc<str>, u64>,
    all: Vec<Arc<str>>,
}

/// Numbers for what lines are told apart by; 0 where a line has none.
pub(super) struct DimensionCodes<'a> {
    limits: &'a BTreeMap<u64, String>,
    texts: parking_lot::RwLock<Texts>,
}

impl<'a> DimensionCodes<'a> {
    pub(super) fn new(limits: &'a BTreeMap<u64, String>) -> Self {
        Self { limits, texts: parking_lot::RwLock::default() }
    }

    fn text(&self, text: &str) -> u64 {
        if text.is_empty() {
            return 0;
        }
        if let Some(code) = self.texts.read().known.get(text) {
            return *code;
        }
        let mut texts = self.texts.write();
        if let Some(code) = texts.known.get(text) {
            return *code;
        }
        let new: Arc<str> = text.into();
        texts.all.push(Arc::clone(&new));
        let code = texts.all.len() as u64;
        texts.known.insert(new, code);
        code
    }

    /// The number of what a promise has.
    pub(super) fn code(&self, world: &World, promise: &Reservation, of: Dimension) -> u64 {
        fn at<I: Index>(index: Option<I>) -> u64 {
            index.map_or(0, |index| index.to_usize() as u64 + 1)
        }
        let (snapshot, facts) = (&world.snapshot, &promise.facts);
        let leg = facts.legs.first();
        let customer = facts.customer.and_then(|customer| snapshot.customers.rows.get(customer));
        match of {
            Dimension::Item => at(Some(facts.item)),
            Dimension::Category => at(snapshot.items.category(facts.item)),
            Dimension::Brand => self.text(snapshot.items.brand(facts.item)),
            Dimension::Customer => at(facts.customer),
            Dimension::Country => customer.map_or(0, |row| self.text(&row.country)),
            Dimension::Region => customer.map_or(0, |row| self.text(&row.region)),
            Dimension::Zone => at(facts.zone),
            Dimension::Channel => self.text(facts.terms.text(Term::Channel).unwrap_or_default()),
            Dimension::Seller => self.text(facts.terms.text(Term::Seller).unwrap_or_default()),
            Dimension::Class => at(facts.class),
            Dimension::Location => at(leg.map(|leg| leg.location)),
            Dimension::Method => at(leg.and_then(|leg| leg.method)),
            Dimension::Supply => leg.map_or(0, |leg| u64::from(leg.supply.number())),
            Dimension::State => match promise.state {
                State::Held { .. } => 1,
                State::Confirmed => 2,
                State::Fulfilled => 3,
                State::Cancelled | State::Expired => 0,
            },
            Dimension::Limiting => {
                self.limits.get(&promise.number).map_or(0, |limit| self.text(limit))
            }
            Dimension::MovedBy => self.text(moved_by(world, promise)),
        }
    }

    /// The number of a word, as that of what a promise has.
    pub(super) fn of_word(&self, world: &World, of: Dimension, word: &str) -> u64 {
        fn at<I: Index>(names: &Names<I>, word: &str) -> Option<u64> {
            names.get(word).map(|index| index.to_usize() as u64 + 1)
        }
        if word.is_empty() {
            return 0;
        }
        let snapshot = &world.snapshot;
        let named = match of {
            Dimension::Item => at(&snapshot.items.names, word),
            Dimension::Category => at(&snapshot.items.categories, word),
            Dimension::Customer => at(&snapshot.customers.names, word),
            Dimension::Zone => at(&snapshot.zones.names, word),
            Dimension::Class => at(&snapshot.classes.names, word),
            Dimension::Location => at(&snapshot.locations.names, word),
            Dimension::Method => at(&snapshot.methods.names, word),
            Dimension::Supply => Some(u64::from(Supplied::of_words(word).number())),
            Dimension::State => None,
            Dimension::Brand
            | Dimension::Country
            | Dimension::Region
            | Dimension::Channel
            | Dimension::Seller
            | Dimension::MovedBy
            | Dimension::Limiting => return self.text(word),
        };
        // What this snapshot does not know has a number beyond its own.
        named.unwrap_or_else(|| UNKNOWN + self.text(word))
    }

    /// The word of a number; empty where a line has none.
    pub(super) fn word(&self, world: &World, of: Dimension, code: u64) -> String {
        fn name<I: Index>(names: &Names<I>, code: u64) -> String {
            let at = usize::try_from(code - 1).expect("an index");
            names.name(I::from_usize(at)).to_string()
        }
        let snapshot = &world.snapshot;
        let text =
            || self.texts.read().all[usize::try_from(code - 1).expect("a place")].to_string();
        match (of, code) {
            (_, 0) => String::new(),
            (_, code) if UNKNOWN < code => {
                let at = usize::try_from(code - UNKNOWN - 1).expect("a place");
                self.texts.read().all[at].to_string()
            }
            (Dimension::Item, _) => name::<ItemIx>(&snapshot.items.names, code),
            (Dimension::Category, _) => name(&snapshot.items.categories, code),
            (Dimension::Customer, _) => name::<CustomerIx>(&snapshot.customers.names, code),
            (Dimension::Zone, _) => name::<ZoneIx>(&snapshot.zones.names, code),
            (Dimension::Class, _) => name::<ClassIx>(&snapshot.classes.names, code),
            (Dimension::Location, _) => name::<LocationIx>(&snapshot.locations.names, code),
            (Dimension::Method, _) => name::<MethodIx>(&snapshot.methods.names, code),
            (Dimension::Supply, _) => {
                let number = u32::try_from(code).unwrap_or(0);
                Supplied::of_number(number).to_string()
            }
            (Dimension::State, 1) => "held".to_string(),
            (Dimension::State, 2) => "confirmed".to_string(),
            (Dimension::State, _) => "fulfilled".to_string(),
            (
                Dimension::Brand
                | Dimension::Country
                | Dimension::Region
                | Dimension::Channel
                | Dimension::Seller
                | Dimension::MovedBy
                | Dimension::Limiting,
                _,
            ) => text(),
        }
    }
}
