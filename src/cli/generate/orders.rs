//! The order stream: customers and items by Zipf's law, quantities by the season, in order of time.

use super::{
    super::{failure::Failure, random::Random},
    shape::{LINES_MAX, ORDER_DAYS, Shape, UNITS_MAX, cents},
    sheet::{
        CellKind,
        FileCell::{Date, Flag, Micros, Text, Whole},
        Output,
    },
    stock::{season, weekday},
};

/// Seconds of a day in which orders come in, from eight o'clock on.
const OPEN_SECONDS: u64 = 10 * 3_600;

/// Writes the order lines.
pub(super) fn orders(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns = [
        ("order", CellKind::Text),
        ("line", CellKind::Whole),
        ("item", CellKind::Text),
        ("quantity", CellKind::Number),
        ("requested_date", CellKind::Date),
        ("date_type", CellKind::Text),
        ("customer", CellKind::Text),
        ("split", CellKind::Flag),
        ("unit_price", CellKind::Number),
        ("ordered_at", CellKind::Text),
    ];
    let mut sheet = output.table("orders", &columns)?;
    for order in 0..shape.sizes.orders {
        let mut random = Random::of(shape.sizes.seed, "orders", order);
        let (day, ordered_at) = moment(order, shape.sizes.orders);
        let key = shape.order_key(order);
        let customer = shape.customer_key(random.zipf(shape.sizes.customers));
        let wait = random.one_of(&[4, 4, 4, 20, 20, 20, 20, 20, 60, 60]);
        let requested = day + wait / 4 + random.below(wait);
        let date_type = if random.percent(70) { "arrival" } else { "ship" };
        for line in 0..=random.zipf(LINES_MAX) {
            let item = shape.finished_item(random.zipf(shape.finished()));
            let usual = 1 + random.zipf(UNITS_MAX);
            let quantity = (usual * season(shape.category(item), requested)).div_ceil(100);
            let price = cents(shape.price(item) * random.between(85, 100) / 100);
            sheet.row(&[
                Text(&key),
                Whole(line + 1),
                Text(&shape.item_key(item)),
                Micros(quantity * 1_000_000),
                Date(weekday(requested)),
                Text(date_type),
                Text(&customer),
                Flag(random.percent(10)),
                Micros(price),
                Text(&ordered_at),
            ])?;
        }
    }
    sheet.finish()
}

/// The day on which an order comes in, and its timestamp.
fn moment(order: u64, n_orders: u64) -> (u64, String) {
    let second = u128::from(order) * u128::from(ORDER_DAYS * OPEN_SECONDS) / u128::from(n_orders);
    let second = u64::try_from(second).expect("within the order days");
    let (day, second) = (second / OPEN_SECONDS, second % OPEN_SECONDS);
    let date = super::shape::AS_OF.saturating_add(jiff::Span::new().days(day.cast_signed()));
    let (hour, minute, second) = (8 + second / 3_600, second / 60 % 60, second % 60);
    (day, format!("{date}T{hour:02}:{minute:02}:{second:02}Z"))
}
