//! Items and where they come from: work definitions with components and operations, resources,
//! suppliers, substitutes.

use super::{
    super::{failure::Failure, random::Random},
    names,
    shape::{AS_OF, Shape, ShapedItem, Stocked, THOUSAND, cents},
    sheet::{
        CellKind,
        FileCell::{Date, Empty, Flag, Micros, Text, Whole},
        Output,
    },
};

/// Millionths in one.
const ONE: u64 = 1_000_000;

/// Days over which resources are already loaded.
const LOADED_DAYS: u64 = 20;

/// Writes the items.
pub(super) fn items(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns = [
        ("item", CellKind::Text),
        ("description", CellKind::Text),
        ("category", CellKind::Text),
        ("uom", CellKind::Text),
        ("lot_multiple", CellKind::Number),
        ("list_price", CellKind::Number),
        ("unit_cost", CellKind::Number),
    ];
    let mut sheet = output.table("items", &columns)?;
    for item in shape.items() {
        sheet.row(&[
            Text(&shape.item_key(item)),
            Text(&shape.description(item)),
            Text(&shape.category_key(item)),
            Text("EA"),
            Micros(ONE),
            if item.level == 0 { Micros(shape.price(item)) } else { Empty },
            Micros(shape.cost(item)),
        ])?;
    }
    sheet.finish()
}

/// Writes substitutes: one in twenty finished goods has another of its category.
pub(super) fn substitutes(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns =
        [("item", CellKind::Text), ("substitute", CellKind::Text), ("reciprocal", CellKind::Flag)];
    let mut sheet = output.table("item_substitutes", &columns)?;
    let pairs = shape.finished().saturating_sub(shape.categories());
    for place in (0..pairs).step_by(20) {
        let item = shape.item_key(shape.finished_item(place));
        let substitute = shape.item_key(shape.finished_item(place + shape.categories()));
        sheet.row(&[Text(&item), Text(&substitute), Flag(false)])?;
    }
    sheet.finish()
}

/// Writes how things are made: work definitions, components, operations.
pub(super) fn making(output: &Output, shape: &Shape) -> Result<(), Failure> {
    if shape.made() == 0 {
        return Ok(());
    }
    work_definitions(output, shape)?;
    let columns = [
        ("work_definition", CellKind::Text),
        ("component", CellKind::Text),
        ("quantity", CellKind::Number),
    ];
    let mut sheet = output.table("work_definition_components", &columns)?;
    for item in made(shape) {
        let work = work_key(shape, item);
        for part in shape.components(item) {
            sheet.row(&[Text(&work), Text(&shape.item_key(part.item)), Micros(part.n * ONE)])?;
        }
    }
    sheet.finish()?;
    operations(output, shape)
}

fn made(shape: &Shape) -> impl Iterator<Item = ShapedItem> {
    shape.items().filter(|item| shape.is_made(*item))
}

fn work_key(shape: &Shape, item: ShapedItem) -> String {
    format!("WD-{}", shape.item_key(item))
}

fn work_definitions(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns = [
        ("work_definition", CellKind::Text),
        ("item", CellKind::Text),
        ("location", CellKind::Text),
        ("fixed_days", CellKind::Whole),
        ("lot_multiple", CellKind::Number),
        ("yield", CellKind::Number),
        ("unit_cost", CellKind::Number),
    ];
    let mut sheet = output.table("work_definitions", &columns)?;
    for item in made(shape) {
        let mut random = Random::of(shape.sizes.seed, "work_definitions", item.at);
        let lot = if random.percent(20) { random.one_of(&[5, 10, 50]) } else { 1 };
        let good = if random.percent(10) { random.between(950_000, 990_000) } else { ONE };
        sheet.row(&[
            Text(&work_key(shape, item)),
            Text(&shape.item_key(item)),
            Text(&shape.location_key(item.plant)),
            Whole(random.one_of(&[0, 0, 1, 1, 2])),
            Micros(lot * ONE),
            Micros(good),
            Micros(cents(shape.cost(item) / 50)),
        ])?;
    }
    sheet.finish()
}

fn operations(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns = [
        ("work_definition", CellKind::Text),
        ("operation", CellKind::Whole),
        ("resource", CellKind::Text),
        ("hours", CellKind::Number),
        ("alternate_rank", CellKind::Whole),
    ];
    let mut sheet = output.table("work_definition_operations", &columns)?;
    for item in made(shape) {
        let work = work_key(shape, item);
        let n_choices = n_resources_of(shape, item.plant);
        let mut random = Random::of(shape.sizes.seed, "operations", item.at);
        let first = if n_choices == 0 { continue } else { random.below(n_choices) };
        let resource =
            |n: u64| names::resource((first + n) % n_choices * shape.plants + item.plant);
        for n in 0..2.min(n_choices) {
            let hours = random.between(1, 20) * 10_000;
            let number = Whole(10 * (n + 1));
            sheet.row(&[Text(&work), number, Text(&resource(n)), Micros(hours), Whole(0)])?;
            if n == 1 && 2 < n_choices && random.percent(30) {
                sheet.row(&[Text(&work), number, Text(&resource(2)), Micros(hours), Whole(1)])?;
            }
        }
    }
    sheet.finish()
}

/// The number of resources that a plant has.
fn n_resources_of(shape: &Shape, plant: u64) -> u64 {
    shape.sizes.resources.saturating_sub(plant).div_ceil(shape.plants)
}

/// Writes the resources, their days of maintenance and the hours that are taken already.
pub(super) fn resources(output: &Output, shape: &Shape) -> Result<(), Failure> {
    if shape.sizes.resources == 0 {
        return Ok(());
    }
    // Hours that the orders would need if half of them had to be made, and a third more.
    let needed = shape.sizes.orders * (1 + shape.sizes.depth) / 7 / shape.sizes.resources;
    let hours = needed.clamp(2, 300).div_ceil(2) * 8;
    let columns = [
        ("resource", CellKind::Text),
        ("location", CellKind::Text),
        ("hours_per_day", CellKind::Number),
        ("cost_per_hour", CellKind::Number),
    ];
    let mut sheet = output.table("resources", &columns)?;
    for resource in 0..shape.sizes.resources {
        let cost = Random::of(shape.sizes.seed, "resources", resource).between(15, 60);
        let plant = shape.location_key(resource % shape.plants);
        let name = names::resource(resource);
        sheet.row(&[Text(&name), Text(&plant), Micros(hours * ONE), Micros(cost * ONE)])?;
    }
    sheet.finish()?;
    let columns =
        [("resource", CellKind::Text), ("date", CellKind::Date), ("hours", CellKind::Number)];
    let mut sheet = output.table("resource_capacity", &columns)?;
    for resource in 0..shape.sizes.resources {
        let day = Random::of(shape.sizes.seed, "maintenance", resource).between(5, 60);
        let date = Date(AS_OF.saturating_add(jiff::Span::new().days(day.cast_signed())));
        sheet.row(&[Text(&names::resource(resource)), date, Micros(hours * ONE / 2)])?;
    }
    sheet.finish()?;
    let mut sheet = output.table("resource_load", &columns)?;
    for resource in 0..shape.sizes.resources {
        let mut random = Random::of(shape.sizes.seed, "resource_load", resource);
        for day in (0..LOADED_DAYS).filter(|day| day % 7 != 6) {
            let percent = random.around(90 * (LOADED_DAYS - day) / LOADED_DAYS, 10).min(100);
            let date = Date(AS_OF.saturating_add(jiff::Span::new().days(day.cast_signed())));
            let taken = Micros(cents(hours * percent * ONE / 100));
            sheet.row(&[Text(&names::resource(resource)), date, taken])?;
        }
    }
    sheet.finish()
}

/// The supplier that an item is bought from first.
pub(super) fn first_supplier(shape: &Shape, item: ShapedItem) -> u64 {
    Random::of(shape.sizes.seed, "supplier", item.at).below(shape.suppliers)
}

/// Writes the suppliers and what they offer: one in four bought items has a second, dearer one.
pub(super) fn buying(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns =
        [("supplier", CellKind::Text), ("name", CellKind::Text), ("calendar", CellKind::Text)];
    let mut sheet = output.table("suppliers", &columns)?;
    for supplier in 0..shape.suppliers {
        let name = format!("Supplier {}", supplier + 1);
        sheet.row(&[Text(&names::supplier(supplier)), Text(&name), Text("DOCK")])?;
    }
    sheet.finish()?;
    let columns = [
        ("item", CellKind::Text),
        ("supplier", CellKind::Text),
        ("location", CellKind::Text),
        ("lead_time_days", CellKind::Whole),
        ("minimum_quantity", CellKind::Number),
        ("unit_cost", CellKind::Number),
        ("capacity_per_day", CellKind::Number),
        ("priority", CellKind::Whole),
    ];
    let mut sheet = output.table("item_suppliers", &columns)?;
    for item in shape.items().filter(|item| !shape.is_made(*item)) {
        let mut random = Random::of(shape.sizes.seed, "item_suppliers", item.at);
        let n_offers = if random.percent(25) { 2.min(shape.suppliers) } else { 1 };
        for n in 0..n_offers {
            let rate = shape.accounts_of(item).next().map_or(THOUSAND, |Stocked { rate, .. }| rate);
            let a_day = (rate / THOUSAND + 10) * ONE * random.between(2, 6);
            let supplier = (first_supplier(shape, item) + n) % shape.suppliers;
            sheet.row(&[
                Text(&shape.item_key(item)),
                Text(&names::supplier(supplier)),
                Text(&shape.location_key(item.plant)),
                Whole(random.one_of(&[3, 5, 7, 10, 14, 21, 30, 45])),
                Micros(random.one_of(&[1, 10, 25, 100]) * ONE),
                Micros(cents(shape.cost(item) * (100 + 8 * n) / 100)),
                if random.percent(30) { Micros(a_day) } else { Empty },
                Whole(n + 1),
            ])?;
        }
    }
    sheet.finish()
}
