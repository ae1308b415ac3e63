//! Which calls a load test makes, in which shares.

/// A kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallKind {
    /// `AvailabilityService.QuickCheck`.
    Quick,
    /// `PromiseService.CheckAvailability`.
    Check,
    /// `PromiseService.Promise`.
    Promise,
    /// A request on `PromiseService.PromiseStream`, up to its answer.
    Stream,
    /// `PromiseService.Cancel`.
    Cancel,
}

/// All kinds, in the order of the report.
pub(super) const KINDS: [CallKind; 5] =
    [CallKind::Quick, CallKind::Check, CallKind::Promise, CallKind::Stream, CallKind::Cancel];

impl CallKind {
    /// Its name on the command line.
    fn word(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Check => "check",
            Self::Promise => "promise",
            Self::Stream => "stream",
            Self::Cancel => "cancel",
        }
    }

    /// Its name in a report.
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Quick => "QuickCheck",
            Self::Check => "CheckAvailability",
            Self::Promise => "Promise",
            Self::Stream => "PromiseStream",
            Self::Cancel => "Cancel",
        }
    }
}

/// The shares of the kinds of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mix(Vec<(CallKind, u64)>);

impl Mix {
    /// Reads `quick=80,check=20`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<_> = KINDS.iter().map(|kind| kind.word()).collect();
        let expected =
            format!("shares such as quick=80,promise=20 are expected, of {}", words.join(", "));
        let share = |part: &str| {
            let (word, share) = part.split_once('=')?;
            let kind = KINDS.into_iter().find(|kind| kind.word() == word.trim())?;
            Some((kind, share.trim().parse().ok().filter(|share| *share <= 1_000_000)?))
        };
        let shares: Option<Vec<_>> = text.split(',').map(share).collect();
        let mix = Self(shares.ok_or_else(|| expected.clone())?);
        if mix.total() == 0 { Err(expected) } else { Ok(mix) }
    }

    /// The sum of all shares.
    pub(super) fn total(&self) -> u64 {
        self.0.iter().map(|(_, share)| share).sum()
    }

    /// The kind in which a number below the total falls.
    pub(super) fn at(&self, mut number: u64) -> CallKind {
        for &(kind, share) in &self.0 {
            if number < share {
                return kind;
            }
            number -= share;
        }
        unreachable!("the number is below the sum of the shares")
    }

    /// Whether calls of a kind are made.
    pub(super) fn has(&self, wanted: CallKind) -> bool {
        self.0.iter().any(|&(kind, share)| kind == wanted && 0 < share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_and_drawn() {
        let mix = Mix::parse("quick=2, promise=1").expect("it is well formed");
        let drawn: Vec<_> = (0..mix.total()).map(|number| mix.at(number)).collect();
        assert_eq!(drawn, [CallKind::Quick, CallKind::Quick, CallKind::Promise]);
        assert!(mix.has(CallKind::Promise) && !mix.has(CallKind::Cancel));
        for wrong in ["", "quick", "quick=", "quick=0", "fast=1", "quick=1,,"] {
            assert!(Mix::parse(wrong).is_err(), "{wrong}");
        }
    }
}
