//! Which exceptions a caller wants: by kind, customer, item, supplier, level.

use super::{
    exception_words::{kind_of, level_of},
    fields::FieldReader,
    list::known,
    proto,
};
use crate::{
    insight::exceptions::{Exception, ExceptionKind, ExceptionLevel},
    ledger::World,
    snapshot::{CustomerIx, ItemIx, SupplierIx},
};

/// Which exceptions are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct ExceptionFilter {
    kinds: Vec<ExceptionKind>,
    customer: Option<CustomerIx>,
    item: Option<ItemIx>,
    supplier: Option<SupplierIx>,
    at_least: Option<ExceptionLevel>,
}

impl ExceptionFilter {
    pub(super) fn of_list(
        reader: &mut FieldReader<'_>,
        world: &World,
        message: &proto::ListExceptionsRequest,
    ) -> Self {
        let names = (&*message.customer, &*message.item, &*message.supplier);
        Self::read(reader, world, (&message.kinds, names, message.at_least))
    }

    pub(super) fn of_watch(
        reader: &mut FieldReader<'_>,
        world: &World,
        message: &proto::WatchExceptionsRequest,
    ) -> Self {
        let names = (&*message.customer, &*message.item, &*message.supplier);
        Self::read(reader, world, (&message.kinds, names, message.at_least))
    }

    fn read(
        reader: &mut FieldReader<'_>,
        world: &World,
        (kinds, (customer, item, supplier), at_least): (&[i32], (&str, &str, &str), i32),
    ) -> Self {
        let snapshot = &world.snapshot;
        let mut wanted = Vec::new();
        for (at, number) in kinds.iter().enumerate() {
            wanted.extend(reader.choice(&format!("kinds[{at}]"), *number).and_then(kind_of));
        }
        Self {
            kinds: wanted,
            customer: known(reader, "customer", &snapshot.customers.names, customer),
            item: known(reader, "item", &snapshot.items.names, item),
            supplier: known(reader, "supplier", &snapshot.suppliers.names, supplier),
            at_least: reader.choice("at_least", at_least).and_then(level_of),
        }
    }

    /// Whether an exception is one of them.
    pub(super) fn accepts(&self, one: &Exception) -> bool {
        let customer = one.promise.as_ref().and_then(|promise| promise.facts.customer);
        (self.kinds.is_empty() || self.kinds.contains(&one.kind))
            && self.customer.is_none_or(|wanted| customer == Some(wanted))
            && self.item.is_none_or(|item| [one.item, one.limiting.item].contains(&Some(item)))
            && self.supplier.is_none_or(|supplier| one.limiting.supplier == Some(supplier))
            && self.at_least.is_none_or(|level| level <= one.level)
    }
}
