//! Two worlds side by side, as a message.

use super::{MessageStream, encode, guard, proto, status::Failure};
use crate::{
    compare::{self, Compared, Grouping, Kpi, LineStanding, Pair, Verdict},
    ledger::World,
    promising::patience::{GivenUp, Patience, heard_out},
};
use std::{cmp::Reverse, sync::Arc};

/// Lines told of if the caller does not say.
const LINES_TOLD: u32 = 100;

/// Groups of each dimension told of if the caller does not say.
const GROUPS_TOLD: u32 = 20;

/// Lines that are compared where the question was read: more take longer than a millisecond.
const LINES_AT_ONCE: usize = 200;

/// How much is told at most; 0 where the caller does not say.
#[derive(Clone, Copy, Debug, Default)]
pub struct ToldAtMost {
    /// Lines of each verdict.
    pub lines: u32,
    /// Groups of each dimension.
    pub groups: u32,
}

/// Compares two worlds: where there is much to compare, on a thread of its own, and as long as the caller waits.
pub(super) async fn compare(
    before: Arc<World>,
    after: Arc<World>,
    limits: ToldAtMost,
) -> Result<proto::CompareResponse, Failure> {
    let n_lines = before.n_reservations().max(after.n_reservations());
    let compared = move |patience: &Patience| {
        heard_out(|| {
            let compared = compare::compare_within(&before, &after, patience);
            told_within(&compared, limits, patience)
        })
    };
    match n_lines <= LINES_AT_ONCE {
        true => Ok(compared(&Patience::endless()).expect("endless patience gives nothing up")),
        false => guard::patiently(compared).await,
    }
}

/// The same, telling how far it is.
pub(super) fn told_on_the_way(
    before: Arc<World>,
    after: Arc<World>,
    limits: ToldAtMost,
) -> MessageStream<proto::CompareProgress> {
    let (patience, waiting) = Patience::until_dropped();
    let patience = patience.telling();
    let of_work = patience.clone();
    let progress = move || {
        let far = patience.far();
        proto::CompareProgress { lines_done: far.lines_done, lines: far.lines, result: None }
    };
    let far = progress.clone();
    let work = async move {
        let _waiting = waiting;
        let compared = guard::elsewhere(move || {
            heard_out(|| {
                let compared = compare::compare_within(&before, &after, &of_work);
                told_within(&compared, limits, &of_work)
            })
        });
        let result = compared.await.map_err(|GivenUp| Failure::outcome_unknown())?;
        Ok(proto::CompareProgress { result: Some(result), ..progress() })
    };
    guard::told_on_the_way("CompareStream", far, work)
}

/// A comparison as a message: of each verdict the lines with the largest differences, losers first, and
/// the groups that lose most.
pub fn told(compared: &Compared, limits: ToldAtMost) -> proto::CompareResponse {
    told_within(compared, limits, &Patience::endless())
}

/// The same, as long as somebody waits for it, within [`heard_out`].
pub(super) fn told_within(
    compared: &Compared,
    limits: ToldAtMost,
    patience: &Patience,
) -> proto::CompareResponse {
    let or = |asked: u32, usual: u32| if asked == 0 { usual } else { asked } as usize;
    let (most, groups) = (or(limits.lines, LINES_TOLD), or(limits.groups, GROUPS_TOLD));
    let of = |verdict: Verdict| -> Vec<&Pair> {
        let mut pairs: Vec<_> =
            compared.pairs.iter().filter(|pair| pair.verdict == verdict).collect();
        pairs.sort_by_cached_key(|pair| {
            let any = pair.any();
            (Reverse(pair.difference()), Arc::clone(&any.order), Arc::clone(&any.line))
        });
        pairs
    };
    let (losers, winners) = (of(Verdict::Loses), of(Verdict::Wins));
    let (gone, added) = (of(Verdict::Gone), of(Verdict::Added));
    let all = [&losers, &winners, &gone, &added];
    let lines = all.into_iter().flat_map(|pairs| pairs.iter().take(most));
    let differ = Grouping::ALL.iter().flat_map(|dimension| compared.worst(*dimension, groups));
    let groups = differ.map(|group| proto::KpiGroup {
        dimension: group.dimension.word().to_string(),
        key: group.key.clone(),
        before: Some(kpi(&group.before)),
        after: Some(kpi(&group.after)),
    });
    proto::CompareResponse {
        before: Some(kpi(&compared.before)),
        after: Some(kpi(&compared.after)),
        groups: groups.collect(),
        lines: lines.inspect(|_| patience.go_on()).map(|pair| difference(compared, pair)).collect(),
        winners: encode::count(winners.len()),
        losers: encode::count(losers.len()),
        added: encode::count(added.len()),
        gone: encode::count(gone.len()),
        currency: compared.currency().to_string(),
    }
}

/// The figures of a world as a message.
pub fn kpi(kpi: &Kpi) -> proto::Kpi {
    proto::Kpi {
        lines: kpi.lines,
        on_time_share: encode::quantity(kpi.on_time_share()),
        fill_rate: encode::quantity(kpi.fill_rate()),
        days_late_mean: encode::quantity(kpi.days_late_mean()),
        days_late_p95: kpi.days_late_p95,
        days_late_max: kpi.days_late_max,
        revenue: encode::money(kpi.revenue),
        revenue_on_time: encode::money(kpi.revenue_on_time),
        cost: encode::money(kpi.cost),
        profit: encode::money(kpi.profit),
        at_risk: kpi.at_risk,
        revenue_at_risk: encode::money(kpi.revenue_at_risk),
    }
}

fn difference(compared: &Compared, pair: &Pair) -> proto::LineDifference {
    let any = pair.any();
    proto::LineDifference {
        order: any.order.to_string(),
        line: any.line.to_string(),
        customer: any.customer.clone(),
        demand_class: any.class.clone(),
        item: any.item.clone(),
        quantity: encode::quantity(any.asked),
        verdict: pair.verdict.word().to_string(),
        before: pair.before.as_ref().map(standing),
        after: pair.after.as_ref().map(standing),
        why: compared.why(pair),
    }
}

fn standing(standing: &LineStanding) -> proto::LineStanding {
    proto::LineStanding {
        promised: encode::quantity(standing.promised),
        on_time: encode::quantity(standing.on_time),
        date: standing.date.map(|date| date.to_string()).unwrap_or_default(),
        days_late: standing.days_late.unwrap_or(0),
        profit: encode::money(standing.profit),
        at_risk: standing.at_risk,
        location: standing.location.clone(),
        revenue: encode::money(standing.revenue),
        revenue_on_time: encode::money(standing.revenue_on_time),
        cost: encode::money(standing.cost),
    }
}
