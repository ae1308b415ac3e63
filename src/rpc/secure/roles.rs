//! Roles: what a principal may do, each with those that it includes.

use std::{fmt, str::FromStr};

/// What somebody may do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Questions.
    Read,
    /// Promises, and what is done with them.
    Promise,
    /// Scenarios, runs, previews.
    Plan,
    /// Making those live, changing shares.
    PlanApply,
    /// New data.
    Load,
    /// Everything.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Promise, Self::Plan, Self::PlanApply, Self::Load, Self::Admin];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Promise => "promise",
            Self::Plan => "plan",
            Self::PlanApply => "plan-apply",
            Self::Load => "load",
            Self::Admin => "admin",
        }
    }

    /// It and those that it includes.
    fn included(self) -> &'static [Self] {
        match self {
            Self::Read => &[Self::Read],
            Self::Promise => &[Self::Promise, Self::Read],
            Self::Plan => &[Self::Plan, Self::Read],
            Self::PlanApply => &[Self::PlanApply, Self::Plan, Self::Read],
            Self::Load => &[Self::Load, Self::Read],
            Self::Admin => &Self::ALL,
        }
    }

    /// The words of all roles that include it.
    pub fn sufficient(self) -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().filter(move |role| role.included().contains(&self)).map(Self::word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|role| role.word() == word);
        let words = || Self::ALL.map(Self::word).join(", ");
        found.ok_or_else(|| format!("one of {} is expected, not {word:?}", words()))
    }
}

/// Roles, with all that they include.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// Every one.
    pub fn all() -> Self {
        Role::ALL.into_iter().collect()
    }

    /// Whether it is among them.
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        let included = roles.into_iter().flat_map(Role::included);
        Self(included.fold(0, |bits, role| bits | 1 << *role as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_include_others() {
        #[track_caller]
        fn check(role: Role, want: &str) {
            let roles: Roles = [role].into_iter().collect();
            let had = Role::ALL.into_iter().filter(|role| roles.has(*role)).map(Role::word);
            assert_eq!(had.collect::<Vec<_>>().join(" "), want);
        }
        check(Role::Read, "read");
        check(Role::Promise, "read promise");
        check(Role::Plan, "read plan");
        check(Role::PlanApply, "read plan plan-apply");
        check(Role::Load, "read load");
        check(Role::Admin, "read promise plan plan-apply load admin");
        let words: Vec<_> = Role::Plan.sufficient().collect();
        assert_eq!(words, ["plan", "plan-apply", "admin"]);
    }
}
