//! Which rule holds for an item at a location, for a customer and a class, and why that one won.

use crate::{
    model::Index,
    snapshot::{
        ClassIx, CustomerIx, ItemIx, LocationIx, Names, Snapshot, ZoneIx,
        policy::{Assignments, What},
        sourcing::ForWhom,
    },
};

/// A rule that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Its name; empty where none is assigned.
    pub rule: String,
    /// Why it holds, in a sentence.
    pub why: String,
    /// The columns of the assignment that matched.
    pub matched: Vec<&'static str>,
}

/// For whom and for what rules are asked.
#[derive(Clone, Copy, Debug)]
pub struct RuleQuestion {
    /// The item.
    pub item: ItemIx,
    /// The location.
    pub location: LocationIx,
    /// The customer.
    pub customer: Option<CustomerIx>,
    /// The class; the customer's where not given.
    pub class: Option<ClassIx>,
}

/// The rules that hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChosenRules {
    /// How it is promised.
    pub atp: Chosen,
    /// How the location is replenished.
    pub sourcing_local: Chosen,
    /// Who ships to the customer.
    pub sourcing_global: Chosen,
    /// Who may take how much.
    pub allocation: Chosen,
}

/// Says which rules hold.
pub fn rules(snapshot: &Snapshot, asked: RuleQuestion) -> ChosenRules {
    let of = |kind, none| Level { snapshot, asked, kind, none };
    ChosenRules {
        atp: of("ATP", "the default rule holds").pair(&snapshot.rules.assignments, &snapshot.rules.names),
        sourcing_local: of(
            "local sourcing",
            "the location makes it by every work definition by priority, then buys it from every supplier by priority",
        )
        .pair(&snapshot.sourcing.local, &snapshot.sourcing.names),
        sourcing_global: global(snapshot, asked),
        allocation: of("allocation", "everybody may take all there is")
            .pair(&snapshot.allocation.assignments, &snapshot.allocation.names),
    }
}

/// A look for the most specific assignment.
struct Level<'a> {
    snapshot: &'a Snapshot,
    asked: RuleQuestion,
    kind: &'static str,
    none: &'static str,
}

impl Level<'_> {
    /// The most specific assignment by item, category and location.
    fn pair<R: Index>(&self, assigned: &Assignments<R>, names: &Names<R>) -> Chosen {
        let RuleQuestion { item, location, .. } = self.asked;
        let category = self.snapshot.items.category(item);
        let levels = What::of(item, category)
            .flat_map(|what| [Some(location), None].map(|place| (what, place)));
        let mut passed = Vec::new();
        for (what, place) in levels {
            let Some(rule) = assigned.at(what, place) else {
                passed.push(words(self.snapshot, what, place));
                continue;
            };
            let mut matched = Vec::new();
            match what {
                What::Item(_) => matched.push("item"),
                What::Category(_) => matched.push("category"),
                What::All => (),
            }
            matched.extend(place.map(|_| "location"));
            let rule = names.name(rule).to_string();
            let for_what = words(self.snapshot, what, place);
            let why = format!(
                "{} rule {rule} is assigned to {for_what}{}",
                self.kind,
                more_specific(&passed)
            );
            return Chosen { rule, why, matched };
        }
        let why = format!("no {} rule is assigned: {}", self.kind, self.none);
        Chosen { why, ..Chosen::default() }
    }
}

/// "; nothing is assigned to item PUMP at HAM, which would come before it".
fn more_specific(passed: &[String]) -> String {
    match passed {
        [] => ", the most specific there can be".to_string(),
        [one] => format!("; nothing more specific is ({one})"),
        _ => format!("; nothing more specific is ({})", passed.join(", ")),
    }
}

fn words(snapshot: &Snapshot, what: What, place: Option<LocationIx>) -> String {
    let what = match what {
        What::Item(item) => format!("item {}", snapshot.items.names.name(item)),
        What::Category(category) => {
            format!("category {}", snapshot.items.categories.name(category))
        }
        What::All => "all items".to_string(),
    };
    match place {
        Some(location) => format!("{what} at {}", snapshot.locations.names.name(location)),
        None => format!("{what} everywhere"),
    }
}

/// Who ships to a customer: the nearest assignment, in the order that planning looks for it.
fn global(snapshot: &Snapshot, asked: RuleQuestion) -> Chosen {
    let RuleQuestion { item, customer, .. } = asked;
    let row = customer.map(|customer| &snapshot.customers.rows[customer]);
    let zone: Option<ZoneIx> = row.and_then(|row| row.zone);
    let class = asked.class.or(row.and_then(|row| row.class));
    let zones = zone.into_iter().flat_map(|zone| snapshot.zones.up(zone)).map(ForWhom::Zone);
    let classes =
        class.into_iter().flat_map(|class| snapshot.classes.up(class)).map(ForWhom::Class);
    let nearest: Vec<ForWhom> =
        customer.map(ForWhom::Customer).into_iter().chain(zones).chain(classes).collect();
    let category = snapshot.items.category(item).map(What::Category);
    let item = What::Item(item);
    let everybody = |what: What| nearest.iter().map(move |who| (what, *who));
    let levels = everybody(item)
        .chain(category.into_iter().flat_map(everybody))
        .chain([(item, ForWhom::All)])
        .chain(category.map(|category| (category, ForWhom::All)))
        .chain(everybody(What::All))
        .chain([(What::All, ForWhom::All)]);
    for (what, who) in levels {
        let Some(rule) = snapshot.sourcing.global.get(&(what, who)) else { continue };
        let mut matched = Vec::new();
        match what {
            What::Item(_) => matched.push("item"),
            What::Category(_) => matched.push("category"),
            What::All => (),
        }
        let for_whom = match who {
            ForWhom::Customer(customer) => {
                matched.push("customer");
                format!("customer {}", snapshot.customers.names.name(customer))
            }
            ForWhom::Zone(zone) => {
                matched.push("zone");
                format!("zone {}", snapshot.zones.names.name(zone))
            }
            ForWhom::Class(class) => {
                matched.push("demand_class");
                format!("demand class {}", snapshot.classes.names.name(class))
            }
            ForWhom::All => "everybody".to_string(),
        };
        let rule = snapshot.sourcing.names.name(*rule).to_string();
        let what = words(snapshot, what, None).replace(" everywhere", "");
        let why = format!("global sourcing rule {rule} is assigned to {what} for {for_whom}");
        return Chosen { rule, why, matched };
    }
    let why = "no global sourcing rule is assigned: every location that keeps or makes the item and has a lane may ship";
    Chosen { why: why.to_string(), ..Chosen::default() }
}
