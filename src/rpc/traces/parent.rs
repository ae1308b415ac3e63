//! `traceparent`, as the W3C has it (Trace Context, level 2): what a call is a part of.

use http::HeaderMap;

/// The header by which a caller says of what his call is a part.
pub(in crate::rpc) const PARENT: &str = "traceparent";

/// Of what a call is a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parent {
    pub(super) trace: u128,
    pub(super) span: u64,
    /// Whether its caller is followed.
    pub(super) is_sampled: bool,
}

impl Parent {
    /// What headers say; whatever else somebody sends is none.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut all = headers.get_all(PARENT).iter();
        let text = all.next()?.to_str().ok()?;
        // Two of them say nothing.
        if all.next().is_some() { None } else { Self::read(text.trim()) }
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, trace, span, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let fits = |part: &str, n: usize| {
            part.len() == n && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let is_whole = fits(version, 2) && fits(trace, 32) && fits(span, 16) && fits(flags, 2);
        // Later versions may say more behind it, the first one may not; ff is none.
        let is_known = version != "ff" && (version != "00" || parts.next().is_none());
        if !is_whole || !is_known {
            return None;
        }
        let (trace, span) =
            (u128::from_str_radix(trace, 16).ok()?, u64::from_str_radix(span, 16).ok()?);
        let is_sampled = u8::from_str_radix(flags, 16).ok()? & 1 == 1;
        (trace != 0 && span != 0).then_some(Self { trace, span, is_sampled })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_the_standard_says_is_taken_and_nothing_else() {
        let (trace, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let read = |text: &str| Parent::read(text).map(|parent| parent.is_sampled);
        let of = |version: &str, flags: &str| read(&format!("{version}-{trace}-{span}-{flags}"));
        assert_eq!(of("00", "01"), Some(true));
        assert_eq!(of("00", "00"), Some(false));
        assert_eq!(of("00", "03"), Some(true), "other flags");
        assert_eq!(of("cc", "01-what-comes-later"), Some(true));
        for wrong in ["01-more", "1", "0G", "", "001"] {
            assert_eq!(of("00", wrong), None, "{wrong}");
        }
        assert_eq!(of("ff", "01"), None);
        assert_eq!(read(&format!("00-{}-{span}-01", "0".repeat(32))), None);
        assert_eq!(read(&format!("00-{trace}-{}-01", "0".repeat(16))), None);
        assert_eq!(read(&format!("00-{}-{span}-01", trace.to_uppercase())), None);
        for wrong in ["", "-", "00", "00-é", &"-".repeat(1_000)] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn two_of_them_say_nothing() {
        let mut headers = HeaderMap::new();
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        headers.append(super::PARENT, text.parse().unwrap());
        assert!(Parent::of(&headers).is_some());
        headers.append(super::PARENT, text.parse().unwrap());
        assert_eq!(Parent::of(&headers), None);
    }
}
