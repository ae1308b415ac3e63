//! What a simulation's data draw from its seed: allocation rules, forecasts, and whose orders are whose.

use super::clients::Random;

/// What the data of a seed have.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    pub shares: bool,
    pub forecasts: bool,
}

impl Drawn {
    /// A quarter of the seeds have neither, a quarter both.
    pub fn of(seed: u64) -> Self {
        Self { shares: seed % 2 == 1, forecasts: seed / 2 % 2 == 1 }
    }
}

pub const ITEMS: [&str; 4] = ["PUMP", "MOTOR", "BACK", "ALONE"];
pub const CLASSES: [&str; 4] = ["ALL", "GOLD", "SILVER", "WEB"];
pub const CUSTOMERS: [&str; 3] = ["K1", "K2", "K3"];

const MASTERS: [(&str, &str); 2] = [
    ("demand_classes", "demand_class,parent,rank\nALL,,1\nGOLD,ALL,2\nSILVER,ALL,3\nWEB,SILVER,1"),
    ("customers", "customer,demand_class\nK1,GOLD\nK2,WEB\nK3,"),
];

/// Some tables with what is drawn for them.
pub fn tables(
    given: &[(&'static str, &str)],
    drawn: Drawn,
    random: &mut Random,
) -> Vec<(&'static str, String)> {
    let mut tables: Vec<_> = given.iter().map(|(name, text)| (*name, text.to_string())).collect();
    tables.extend(MASTERS.map(|(name, text)| (name, text.to_string())));
    let has = |item: &str| {
        given.iter().any(|(name, text)| *name == "items" && text.lines().any(|line| line == item))
    };
    let items: Vec<&str> = ITEMS.into_iter().filter(|item| has(item)).collect();
    if drawn.shares {
        let (rules, assigned) = shares(&items, random);
        tables.push(("allocation_rules", rules));
        tables.push(("allocation_assignments", assigned));
    }
    let demands = tables.iter_mut().find(|(name, _)| *name == "demands").expect("there are some");
    demands.1 = owned(&demands.1, random);
    if drawn.forecasts {
        demands.1 += &forecasts(&items, demands.1.contains(",revision,"), random);
    }
    tables
}

/// Whose each demand is.
fn owned(demands: &str, random: &mut Random) -> String {
    let mut lines = demands.lines();
    let header = lines.next().expect("a header");
    let mut text = format!("{header},customer,demand_class");
    for line in lines {
        let (customer, class) = whose(random);
        text += &format!("\n{line},{customer},{class}");
    }
    text
}

/// A customer, a class, or nobody.
pub fn whose(random: &mut Random) -> (&'static str, &'static str) {
    match random.below(3) {
        0 => (random.pick(&CUSTOMERS), ""),
        1 => ("", random.pick(&CLASSES)),
        _ => ("", ""),
    }
}

/// A few periods of a few items.
fn forecasts(items: &[&'static str], has_revision: bool, random: &mut Random) -> String {
    let mut text = String::new();
    for n in 0..2 + random.below(5) {
        let (item, date, quantity) = (random.pick(items), random.date(), 1 + random.below(25));
        let (customer, class) = whose(random);
        let revision = if has_revision { ",0" } else { "" };
        text +=
            &format!("\nF{n}{revision},forecast,{item},BER,{date},{quantity},{customer},{class}");
    }
    text
}

/// A rule for some items: its rows, and who has it.
fn shares(items: &[&'static str], random: &mut Random) -> (String, String) {
    let mut rules =
        "rule,demand_class,effective_from,kind,method,value,basis,steal,allocation_fence_days"
            .to_string();
    let mut assigned = "rule,item,location".to_string();
    for item in items {
        if random.below(3) == 0 {
            continue;
        }
        let place = random.pick(&["", "BER"]);
        let before = rules.len();
        let basis = if random.below(4) == 0 { "remaining" } else { "original" };
        let settings = format!("{basis},{},{}", random.below(2) == 0, random.pick(&["", "0", "2"]));
        for from in ["2026-11-01", "2026-11-25"].iter().take(1 + random.below(2) as usize) {
            let method = match basis {
                "remaining" => "percent",
                _ => random.pick(&["percent", "percent", "ratio", "quantity"]),
            };
            for (class, most) in CLASSES.iter().zip([10, 50, 30, 10]) {
                let kind = random.pick(&["share", "share", "share", "cap", "protect", ""]);
                if kind.is_empty() {
                    continue;
                }
                let value = 1 + random.below(most);
                let method = if kind == "share" { method } else { "" };
                rules += &format!("\nR{item},{class},{from},{kind},{method},{value},{settings}");
            }
        }
        // One without a row is no rule.
        if before < rules.len() {
            assigned += &format!("\nR{item},{item},{place}");
        }
    }
    (rules, assigned)
}
