//! `promised list`: the promises of a running server.

use super::{LiveCommand, print, server::Server};
use crate::{
    backlog::{
        Filter,
        attribute::{self, Attribute},
    },
    cli::{failure::Failure, listed, output::AnswerFormat},
    rpc::{proto, to_json},
};
use std::io::Write;

/// Promises that are asked for at once.
const PAGE: u32 = 1_000;

const EXAMPLES: &str = "\
Examples:
  promised list
      the promises that are held or confirmed
  promised list state=held --order-by held_until
      holds, those that end first before the others
  promised list 'customer=NORDWIND days_late>0' --order-by -days_late --limit 20
      the twenty latest of a customer
  promised list item=BK-M82S-42 --format csv > promises.csv
      a row a leg, for a spreadsheet; the columns of /v1/promises.csv
  promised list 'order=WEB-* created_at>=2026-11-23'
      what was promised to orders whose keys begin so, since that day

A filter has conditions as those of a backlog run. A key may end in *, an instant may be a whole day. Without a condition on
state those that are held or confirmed are listed, with --all those too that are over. Attributes: ";

/// Examples, and what promises can be told apart by.
fn help() -> String {
    format!("{EXAMPLES}{}.", attribute::words())
}

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub(in crate::cli) struct Args {
    /// Conditions that must all hold
    #[arg(value_name = "FILTER")]
    filter: Vec<String>,
    /// Fields to sort by, with commas between them, - before one that goes downwards
    #[arg(long, value_name = "FIELDS", default_value = "", allow_hyphen_values = true)]
    order_by: String,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    limit: usize,
    /// Those too that were fulfilled, cancelled or have expired
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    server: Server,
}

impl LiveCommand for Args {
    fn run(&self) -> Result<(), Failure> {
        use proto::reservation::State;
        let server = self.server.connect()?;
        let query = self.filter.join(" ");
        // What cannot be read is for the server to say.
        let says_which = Filter::parse(&query).is_ok_and(|filter| filter.names(Attribute::State));
        let live = [State::Held.into(), State::Confirmed.into()];
        let mut request = proto::ListPromisesRequest {
            query,
            order_by: self.order_by.clone(),
            states: if self.all || says_which { Vec::new() } else { live.to_vec() },
            ..proto::ListPromisesRequest::default()
        };
        let mut all = proto::ListPromisesResponse::default();
        while all.promises.len() < self.limit {
            let left = self.limit - all.promises.len();
            request.page_size = u32::try_from(left).unwrap_or(PAGE).min(PAGE);
            let page = server.wait(server.promises().list(request.clone()))?;
            all.promises.extend(page.promises);
            all.version = all.version.or(page.version);
            all.total = page.total;
            all.next_page_token.clone_from(&page.next_page_token);
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        print(self.server.format, &all.promises, || to_json(&all))?;
        if self.server.format == AnswerFormat::Table {
            writeln!(std::io::stdout(), "{}", listed::told_in_all(&all.promises, all.total))?;
        }
        Ok(())
    }
}
