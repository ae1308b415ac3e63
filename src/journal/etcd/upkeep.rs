//! How etcd's members are, what they tell of themselves, and having them give back what they do not use.

use super::{Etcd, flags, flags::Flags, wire};
use std::time::Duration;

/// A member says how it is by then.
const STATUS_WITHIN: Duration = Duration::from_millis(500);

/// A member has given back what it does not use by then; it answers nobody meanwhile.
const DEFRAGMENT_WITHIN: Duration = Duration::from_secs(60);

const STATUS: &str = "/etcdserverpb.Maintenance/Status";
const DEFRAGMENT: &str = "/etcdserverpb.Maintenance/Defragment";

/// How a member is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberStatus {
    /// Its address.
    pub url: String,
    /// Its version; empty where it does not answer.
    pub version: String,
    /// Whether it leads etcd.
    pub is_leader: bool,
    /// Whether it answers and complains of nothing.
    pub is_healthy: bool,
    /// Bytes of its file.
    pub db_bytes: u64,
    /// Those of them that hold anything.
    pub db_bytes_in_use: u64,
    /// What it complains of.
    pub errors: Vec<String>,
}

impl Etcd {
    /// How its members are, in the order of their addresses.
    pub fn status(&self) -> Vec<MemberStatus> {
        self.runtime.block_on(async {
            let mut found = Vec::new();
            for member in self.members.all().iter() {
                let asked = member.ask(STATUS, wire::Nothing {}, STATUS_WITHIN).await;
                found.push(status_of(&member.url, asked.ok()));
            }
            found
        })
    }

    /// What its members tell of how they were started, in the order of their addresses.
    pub fn flags(&self) -> Vec<Flags> {
        self.runtime.block_on(async {
            let mut found = Vec::new();
            for member in self.members.all().iter() {
                found.push(flags::of(&member.url).await);
            }
            found
        })
    }

    /// Has one member whose file takes more than so many bytes, and uses less than half of them, give back the rest: the
    /// leader last, and none while another one is not well, for it answers nobody meanwhile. Its address, if there is
    /// such a member.
    ///
    /// # Errors
    /// It did not do it in time.
    pub fn defragment(&self, from_bytes: u64) -> Result<Option<String>, String> {
        let mut found: Vec<_> = self.status().into_iter().enumerate().collect();
        if !found.iter().all(|(_, member)| member.is_healthy) {
            return Ok(None);
        }
        found.retain(|(_, member)| {
            from_bytes < member.db_bytes && member.db_bytes_in_use < member.db_bytes / 2
        });
        found.sort_by_key(|(_, member)| (member.is_leader, std::cmp::Reverse(member.db_bytes)));
        let Some((at, MemberStatus { url, .. })) = found.into_iter().next() else {
            return Ok(None);
        };
        let member = self.members.all()[at].clone();
        let asked = member.ask::<_, wire::Nothing>(DEFRAGMENT, wire::Nothing {}, DEFRAGMENT_WITHIN);
        match self.runtime.block_on(asked) {
            Ok(_) => Ok(Some(url)),
            Err(status) => Err(format!("{url} did not defragment: {}", status.message())),
        }
    }
}

fn status_of(url: &str, answer: Option<wire::StatusResponse>) -> MemberStatus {
    let url = url.to_string();
    let Some(answer) = answer else {
        let (version, errors) = (String::new(), Vec::new());
        return MemberStatus {
            url,
            version,
            is_leader: false,
            is_healthy: false,
            db_bytes: 0,
            db_bytes_in_use: 0,
            errors,
        };
    };
    let member = answer.header.as_ref().map(|header| header.member_id);
    MemberStatus {
        url,
        is_leader: member == Some(answer.leader),
        is_healthy: answer.errors.is_empty() && answer.leader != 0,
        db_bytes: u64::try_from(answer.db_size).unwrap_or(0),
        db_bytes_in_use: u64::try_from(answer.db_size_in_use).unwrap_or(0),
        version: answer.version,
        errors: answer.errors,
    }
}
