//! Order lines, as the tables of a snapshot name them.

/// The key of an order line, as `demands` and `supplies` write it.
pub(super) fn key(order: &str, line: &str) -> String {
    let mut key = String::with_capacity(order.len() + 1 + line.len());
    key.push_str(order);
    key.push('/');
    key.push_str(line);
    key
}
