//! Who waits for news of which accounts (`news.rs` looks after what was published).

use crate::{ledger::World, model::AccountIx};
use dashmap::DashMap;
use parking_lot::Mutex;
use std::sync::{Arc, atomic::AtomicU64};
use tokio::sync::mpsc;

/// The world before some entries, and the position of the last of them.
pub type News = (Arc<World>, u64);

/// Those who wait.
#[derive(Debug, Default)]
pub(super) struct Watching {
    pub(super) by_account: DashMap<AccountIx, Vec<u64>>,
    pub(super) waiting: DashMap<u64, mpsc::Sender<News>>,
    pub(super) next: AtomicU64,
    /// The world up to which was looked; none where nobody waits.
    pub(super) looked: Mutex<Option<Arc<World>>>,
}

/// News of some accounts, as long as it is held.
#[derive(Debug)]
pub struct Watch {
    pub(super) watching: Arc<Watching>,
    pub(super) number: u64,
    pub(super) accounts: Vec<AccountIx>,
    pub(super) news: mpsc::Receiver<News>,
}

impl Watch {
    /// The next news; none where too many were waiting, or the engine has ended.
    pub async fn next(&mut self) -> Option<News> {
        self.news.recv().await
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watching.waiting.remove(&self.number);
        for account in &self.accounts {
            if let Some(mut waiting) = self.watching.by_account.get_mut(account) {
                waiting.retain(|number| *number != self.number);
            }
            self.watching.by_account.remove_if(account, |_, waiting| waiting.is_empty());
        }
    }
}
