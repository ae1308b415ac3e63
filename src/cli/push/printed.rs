//! What became of a pushed snapshot, for people and for sheets.

use crate::cli::{failure::Failure, output, render};
use crate::rpc::proto;
use std::io::Write;

/// The summary of a refresh, a row for a spreadsheet.
pub(super) fn csv(summary: &proto::RefreshSummary) -> Result<(), Failure> {
    let outcome = summary.outcome().as_str_name().to_lowercase();
    let counts = [
        ("errors", summary.errors),
        ("warnings", summary.warnings),
        ("absorbed", summary.absorbed),
        ("carried", summary.carried),
        ("dropped", summary.dropped),
        ("at_risk", summary.at_risk),
        ("generation", summary.generation),
        ("sequence", summary.sequence),
    ];
    let mut csv = csv::Writer::from_writer(output::stdout());
    let names = ["snapshot_id", "outcome"].into_iter().chain(counts.map(|(name, _)| name));
    csv.write_record(names).map_err(output::csv_failure)?;
    let values = counts.into_iter().map(|(_, n)| n.to_string());
    let values = [summary.snapshot_id.clone(), outcome].into_iter().chain(values);
    csv.write_record(values).map_err(output::csv_failure)?;
    Ok(csv.flush()?)
}

/// The summary of a refresh, for people.
pub(super) fn print(summary: &proto::RefreshSummary) {
    use proto::refresh_summary::Outcome;
    let mut out = std::io::stdout().lock();
    let outcome = match summary.outcome() {
        Outcome::Activated => "activated",
        Outcome::Validated => "validated; nothing was changed",
        Outcome::Quarantined => "held in quarantine",
        Outcome::Unspecified => "unknown",
    };
    let mut lines = vec![format!(
        "{} {outcome}: {}, {}, loaded in {:.3} s (record {})",
        summary.snapshot_id,
        output::count(summary.errors, "error"),
        output::count(summary.warnings, "warning"),
        seconds(summary.load_millis),
        summary.number,
    )];
    lines.extend(summary.suspicions.iter().map(|text| format!("  suspicious: {text}")));
    const FAULTS_SHOWN: usize = 20;
    lines.extend(summary.faults.iter().take(FAULTS_SHOWN).map(|text| format!("  {text}")));
    if let Some(more) = summary.faults.len().checked_sub(FAULTS_SHOWN + 1) {
        lines.push(format!("  and {} more", more + 1));
    }
    if summary.outcome() == Outcome::Activated {
        lines.push(format!(
            "  promises: {} absorbed, {} carried over, {} dropped; {} at risk",
            summary.absorbed, summary.carried, summary.dropped, summary.at_risk
        ));
        lines.push(format!(
            "  stock accounts: {} checked, {} changed, all add up",
            summary.accounts_checked, summary.accounts_changed
        ));
        if 0 < summary.changes_made_again + summary.changes_left_out {
            lines.push(format!(
                "  changes newer than it: {} made again, {} left out",
                summary.changes_made_again, summary.changes_left_out
            ));
        }
        lines.push(format!(
            "  generation {} replaces {} at sequence {}; reconciled in {:.3} s, commands stood still for {:.3} ms",
            summary.generation,
            summary.replaces,
            summary.sequence,
            seconds(summary.reconcile_millis),
            seconds(summary.stand_still_micros),
        ));
    }
    for line in lines {
        // Nobody may be reading.
        let _gone = writeln!(out, "{}", render::printable(&line));
    }
}

fn seconds(thousandths: u64) -> f64 {
    std::time::Duration::from_micros(thousandths).as_secs_f64() * 1_000.0
}
