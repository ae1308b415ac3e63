//! What a server says that has ended, or cannot begin.

use super::{failure::Failure, keep};
use crate::engine::{self, Stopped};

/// What a server says at its end.
pub(super) fn ended(why: Stopped) -> Result<(), Failure> {
    match why {
        Stopped::Asked => Ok(()),
        Stopped::Journal(error) => Err(Failure::Broken {
            cause: format!("the journal failed: {error}"),
            mend: error.mend().to_string(),
        }),
        Stopped::Panicked => Err(Failure::Broken {
            cause: "the engine failed, a fault of this program".to_string(),
            mend: "start it again, and report what stands above".to_string(),
        }),
    }
}

/// What one says that cannot start.
pub(super) fn unstarted(error: engine::Error) -> Failure {
    match &error {
        engine::Error::Journal(fault) => keep::failure(fault),
        engine::Error::OtherSnapshot { journal, .. } => Failure::new(
            &error,
            format!("start with snapshot {journal:?}, or keep promises elsewhere with --data"),
        ),
        engine::Error::AlteredSnapshot { .. } => {
            Failure::new(&error, "give it its tables back, from a backup of the data directory")
        }
        engine::Error::Invalid(_)
        | engine::Error::Refused(_)
        | engine::Error::Unfit(_)
        | engine::Error::PositionMoved { .. }
        | engine::Error::Faulty(_)
        | engine::Error::Scenario { .. }
        | engine::Error::RequestIdReused { .. }
        | engine::Error::Busy
        | engine::Error::DiskFull
        | engine::Error::DeadlineExceeded
        | engine::Error::NoPromise { .. }
        | engine::Error::OutOfRange { .. }
        | engine::Error::NotAdopted(_)
        | engine::Error::Unexplained(_)
        | engine::Error::NotLeader
        | engine::Error::NotHeld
        | engine::Error::Stopped
        | engine::Error::OutcomeUnknown => {
            Failure::new(format!("cannot start the engine: {error}"), "report this")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_supervisor_is_to_start_again_ends_broken() {
        assert!(ended(Stopped::Asked).is_ok());
        assert!(matches!(ended(Stopped::Panicked), Err(Failure::Broken { .. })));
    }
}
