//! Versions of Go and their order.
//!
//! Go's own rules, not semantic versioning (go: src/internal/gover/gover.go `Parse`, `Compare`, `Lang`, `IsLang`,
//! src/cmd/go/internal/gover/toolchain.go `FromToolchain`). Since 1.21 `1.N` names the language and comes before
//! every release of it: 1.21 < 1.21rc1 < 1.21.0; before that, 1.20 is the release 1.20.0.

use std::cmp::Ordering;
use std::fmt;

/// A version without the `go` prefix (`1.26.3`, `1.21rc1`, `1.21`), in its parts. Numbers stay decimal text, as go
/// keeps them, so that none is too long.
///
/// Spellings that mean the same (`1.20` and `1.20.0`) are equal; what [`Version::parse`] refuses has no order here
/// (go sorts it below everything).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    major: String,
    minor: String,
    /// Empty where the language is meant.
    patch: String,
    /// `alpha`, `beta`, `rc`, or empty.
    kind: String,
    pre: String,
}

impl Version {
    /// `None` for what go calls malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, rest) = cut_number(text)?;
        let release = |minor: &str, patch: &str| Self {
            major: major.to_owned(),
            minor: minor.to_owned(),
            patch: patch.to_owned(),
            kind: String::new(),
            pre: String::new(),
        };
        if rest.is_empty() {
            return Some(release("0", "0"));
        }
        let (minor, rest) = cut_number(rest.strip_prefix('.')?)?;
        if rest.is_empty() {
            let language_only = compare_numbers(minor, FIRST_WITH_PATCH_ZERO) != Ordering::Less;
            return Some(release(minor, if language_only { "" } else { "0" }));
        }
        if let Some(rest) = rest.strip_prefix('.') {
            let (patch, rest) = cut_number(rest)?;
            // No prerelease of a patch: go disallows it because its order would surprise.
            return rest.is_empty().then(|| release(minor, patch));
        }
        let digits = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (kind, pre) = rest.split_at(digits);
        if kind.is_empty() || !kind.bytes().all(|b| b.is_ascii_lowercase()) {
            return None;
        }
        if !pre.is_empty() && !matches!(cut_number(pre), Some((_, ""))) {
            return None;
        }
        Some(Self { kind: kind.to_owned(), pre: pre.to_owned(), ..release(minor, "") })
    }

    /// The version in the name of a toolchain: `go1.26.3`, `go1.24.4 (Red Hat …)`, `go1.22.1-bigcorp`. A version
    /// never holds a blank, a tab or `-`, and anything that follows one of them is a vendor's.
    /// Nor is a name with a path separator one, since it would not be looked up on PATH.
    pub fn from_toolchain(name: &str) -> Option<Self> {
        if name.contains(['/', '\\']) {
            return None;
        }
        let name = name.split([' ', '\t', '-']).next().unwrap_or_default();
        Self::parse(name.strip_prefix("go")?)
    }

    /// Whether it names the language (`1.22`) and not a release.
    pub fn is_language(&self) -> bool {
        self.patch.is_empty() && self.kind.is_empty() && self.pre.is_empty()
    }

    /// `1.22` of `1.22.3`.
    pub fn language(&self) -> String {
        if self.major == "1" && self.minor == "0" {
            self.major.clone()
        } else {
            format!("{}.{}", self.major, self.minor)
        }
    }

    /// Whether it is of Go 1.`minor` or later, prereleases included.
    pub fn minor_at_least(&self, minor: u64) -> bool {
        if self.major == "1"
            && let Ok(own) = self.minor.parse::<u64>()
        {
            return own >= minor;
        }
        compare_numbers(&self.major, "1").then_with(|| compare_numbers(&self.minor, &minor.to_string()))
            != Ordering::Less
    }

    /// N of Go 1.N; 0 of another major version's and of a number beyond belief.
    pub(crate) fn minor(&self) -> u8 {
        if self.major == "1" { self.minor.parse().unwrap_or(0) } else { 0 }
    }

    /// Whether it is at least this release or, for `1.N` with N ≥ 21, this language.
    pub fn is_at_least(&self, text: &str) -> bool {
        Self::parse(text).is_some_and(|other| *self >= other)
    }
}

/// Before 1.21, `1.N` and `1.N.0` are one release.
const FIRST_WITH_PATCH_ZERO: &str = "21";

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_numbers(&self.major, &other.major)
            .then_with(|| compare_numbers(&self.minor, &other.minor))
            .then_with(|| compare_numbers(&self.patch, &other.patch))
            .then_with(|| self.kind.cmp(&other.kind))
            .then_with(|| compare_numbers(&self.pre, &other.pre))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if !self.patch.is_empty() {
            write!(f, ".{}", self.patch)?;
        }
        write!(f, "{}{}", self.kind, self.pre)
    }
}

/// Go's `Compare` on text: what is malformed is below everything else and equal to its like.
pub fn compare(a: &str, b: &str) -> Ordering {
    Version::parse(a).cmp(&Version::parse(b))
}

/// A decimal number without needless zeros in front, and what follows it.
fn cut_number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let well_formed = !number.is_empty() && (number == "0" || !number.starts_with('0'));
    well_formed.then_some((number, rest))
}

fn compare_numbers(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn order_as_in_gos_own_table() {
        // go: src/internal/gover/gover_test.go compareTests, and the examples in the comments of gover.go.
        let rows = [
            ("", "", 0),
            ("x", "x", 0),
            ("", "x", 0),
            ("1", "1.1", -1),
            ("1.5", "1.6", -1),
            ("1.5", "1.10", -1),
            ("1.6", "1.6.1", -1),
            ("1.19", "1.19.0", 0),
            ("1.19rc1", "1.19", -1),
            ("1.20", "1.20.0", 0),
            ("1.20rc1", "1.20", -1),
            ("1.21", "1.21.0", -1),
            ("1.21", "1.21rc1", -1),
            ("1.21rc1", "1.21.0", -1),
            ("1.6", "1.19", -1),
            ("1.19", "1.19.1", -1),
            ("1.19rc1", "1.19", -1),
            ("1.19rc1", "1.19.0", -1),
            ("1.19rc1", "1.19.1", -1),
            ("1.19rc1", "1.19rc2", -1),
            ("1.19.0", "1.19.1", -1),
            ("1.19alpha3", "1.19beta2", -1),
            ("1.19beta2", "1.19rc1", -1),
            ("1.1", "1.99999999999999998", -1),
            ("1.99999999999999998", "1.99999999999999999", -1),
            ("01.25", "1.1", -1),
            ("1.25.x", "1.1", -1),
            ("v1.25", "1", -1),
            ("go1.25", "1", -1),
        ];
        for (a, b, want) in rows {
            assert_eq!(compare(a, b), want.cmp(&0), "{a} {b}");
            assert_eq!(compare(b, a), 0.cmp(&want), "{b} {a}");
        }
    }

    #[test]
    fn names_of_toolchains() {
        let version = |name: &str| Version::from_toolchain(name).map(|v| v.to_string());
        assert_eq!(version("go1.26.3").as_deref(), Some("1.26.3"));
        assert_eq!(version("go1.24.4 (Red Hat 1.24.4-1.el9)").as_deref(), Some("1.24.4"));
        assert_eq!(version("go1.22.1-bigcorp").as_deref(), Some("1.22.1"));
        assert_eq!(version("go1.27.3 X:exp").as_deref(), Some("1.27.3"));
        assert_eq!(version("go1.22.1+corp"), None);
        assert_eq!(version("devel go1.22-abc"), None);
        assert_eq!(version("1.22.1"), None);
    }

    /// go: src/internal/gover/gover_test.go parseTests, langTests, isLangTests, isValidTests, row by row.
    #[test]
    fn parts_as_in_gos_own_tables() {
        for (text, parts) in [
            ("1", ["1", "0", "0", "", ""]),
            ("1.2", ["1", "2", "0", "", ""]),
            ("1.2.3", ["1", "2", "3", "", ""]),
            ("1.2rc3", ["1", "2", "", "rc", "3"]),
            ("1.20", ["1", "20", "0", "", ""]),
            ("1.21", ["1", "21", "", "", ""]),
            ("1.21rc3", ["1", "21", "", "rc", "3"]),
            ("1.21.0", ["1", "21", "0", "", ""]),
            ("1.24", ["1", "24", "", "", ""]),
            ("1.24rc3", ["1", "24", "", "rc", "3"]),
            ("1.24.0", ["1", "24", "0", "", ""]),
            ("1.999testmod", ["1", "999", "", "testmod", ""]),
            ("1.99999999999999999", ["1", "99999999999999999", "", "", ""]),
        ] {
            let [major, minor, patch, kind, pre] = parts.map(str::to_owned);
            assert_eq!(Version::parse(text), Some(Version { major, minor, patch, kind, pre }), "{text}");
        }
        let languages =
            [("1.2rc3", "1.2"), ("1.2.3", "1.2"), ("1.2", "1.2"), ("1", "1"), ("1.999testmod", "1.999")];
        for (text, language) in languages {
            assert_eq!(Version::parse(text).map(|v| v.language()).as_deref(), Some(language), "{text}");
        }
        for (text, is_language) in [
            ("1.2rc3", false),
            ("1.2.3", false),
            ("1.999testmod", false),
            ("1.22", true),
            ("1.21", true),
            ("1.20", false),
            ("1.19", false),
            ("1.3", false),
            ("1.2", false),
            ("1", false),
        ] {
            assert_eq!(Version::parse(text).map(|v| v.is_language()), Some(is_language), "{text}");
        }
        assert_eq!(Version::parse("1.600+auto"), None);
        for text in ["1.21rc2", "1.20.0", "1.19", "1.3"] {
            assert!(Version::parse(text).is_some(), "{text}");
        }
    }

    /// go: src/cmd/go/internal/gover/toolchain_test.go fromToolchainTests.
    #[test]
    fn names_as_in_gos_own_table() {
        for (name, version) in [
            ("go1.2.3", Some("1.2.3")),
            ("1.2.3", None),
            ("go1.2.3+bigcorp", None),
            ("go1.2.3-bigcorp", Some("1.2.3")),
            ("go1.2.3-bigcorp more text", Some("1.2.3")),
            ("gccgo-go1.23rc4", None),
            ("gccgo-go1.23rc4-bigdwarf", None),
        ] {
            assert_eq!(Version::from_toolchain(name).map(|v| v.to_string()).as_deref(), version, "{name}");
        }
    }

    #[test]
    fn languages_and_releases() {
        let parse = |text: &str| Version::parse(text).expect("well formed");
        assert!(parse("1.22").is_language());
        assert!(
            !parse("1.22.0").is_language() && !parse("1.20").is_language() && !parse("1.22rc1").is_language()
        );
        assert_eq!(parse("1.2.3").language(), "1.2");
        assert_eq!(parse("1").language(), "1");
        assert!(parse("1.21.13").is_at_least("1.21.1") && !parse("1.21rc1").is_at_least("1.21.0"));
        for text in ["", "1.", "1.2.", "1.2.3rc1", "1.2RC1", "1.2-3", "1.02", "1.2rc01", "1.2rc1x", "1.2.3.4"]
        {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    fn spelling() -> impl Strategy<Value = String> {
        prop_oneof![
            "1\\.(1?[0-9]|2[0-9])",
            "1\\.(19|20|21|22)\\.(0|1|2|10)",
            "1\\.(19|20|21|22)(alpha|beta|rc)[1-9]?",
            "[0-9.]{0,6}[a-z]{0,2}[0-9]{0,2}",
        ]
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in spelling(), b in spelling(), c in spelling()) {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            prop_assert_eq!(compare(&a, &a), Ordering::Equal);
            if compare(&a, &b) != Ordering::Greater && compare(&b, &c) != Ordering::Greater {
                prop_assert_ne!(compare(&a, &c), Ordering::Greater);
            }
            if let (Some(x), Some(y)) = (Version::parse(&a), Version::parse(&b)) {
                prop_assert_eq!(x == y, x.cmp(&y) == Ordering::Equal);
            }
        }

        #[test]
        fn what_is_shown_parses_to_the_same(a in spelling()) {
            if let Some(version) = Version::parse(&a) {
                prop_assert_eq!(Version::parse(&version.to_string()), Some(version));
            }
        }
    }
}
