//! `promised export`: all promises of a running server as a file.

use crate::{
    cli::{failure::Failure, output, progress, remote::Asker},
    rpc::proto::{self, analytics_service_client::AnalyticsServiceClient, export_request::Format},
};
use std::{fs::File, io::Write, path::PathBuf};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised export promises.parquet
      for DuckDB, Power BI, pandas
  promised export late.csv --filter 'days_late>0'
      until it is whole it is late.csv.part, and what was there before stays")]
pub(in crate::cli) struct Args {
    /// The file to write: .csv or .parquet
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only promises that this accepts
    #[arg(long, value_name = "FILTER", default_value = "")]
    filter: String,
    /// The what-if scenario to read
    #[arg(long, value_name = "ID", default_value = "")]
    scenario: String,
    /// The server
    #[arg(long, value_name = "URL", env = "PROMISED_SERVER", default_value = super::SERVER)]
    server: String,
    /// How it is told what was written; how the file is written its name says
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::AnswerFormat,
}

/// Asks and writes.
pub(in crate::cli) fn run(args: &Args) -> Result<(), Failure> {
    let format = match args.file.extension().and_then(|suffix| suffix.to_str()) {
        Some("csv") => Format::Csv,
        Some("parquet") => Format::Parquet,
        Some(_) | None => {
            return Err(Failure::Misused {
                cause: format!("{}: neither .csv nor .parquet", args.file.display()),
                mend: "promised export promises.csv".to_string(),
            });
        }
    };
    let asker = Asker::connect(&args.server)?;
    let request = proto::ExportRequest {
        format: format.into(),
        filter: args.filter.clone(),
        scenario_id: args.scenario.clone(),
    };
    let mut client = AnalyticsServiceClient::new(asker.channel());
    let mut parts = asker.wait(client.export(request))?;
    let unwritable = |error: std::io::Error| {
        Failure::new(
            format!("cannot write {}: {error}", args.file.display()),
            "name a file in a directory that you may write to",
        )
    };
    // Beside it, so that what is there stays until all of it has come.
    let mut beside = args.file.clone().into_os_string();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let mut file = File::create(&beside).map_err(unwritable)?;
    let bar = progress::work("writing");
    let shown = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let (mut promises, mut bytes) = (0, 0);
    while let Some(one) = asker.next(&mut parts)? {
        promises = one.promises_done.max(promises);
        bytes += one.data.len() as u64;
        bar.at(shown(one.promises_done), shown(one.promises));
        file.write_all(&one.data).map_err(unwritable)?;
    }
    file.flush().map_err(unwritable)?;
    std::fs::rename(&beside, &args.file).map_err(unwritable)?;
    let name = args.file.display().to_string();
    let looked_at = output::count(promises, "promise");
    let sentence = format!("{name}: {bytes} bytes; {looked_at} looked at");
    let facts = [("file", name.into()), ("promises", promises.into()), ("bytes", bytes.into())];
    output::told(args.format, &sentence, &facts)
}
