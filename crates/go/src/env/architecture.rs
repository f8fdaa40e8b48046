//! The variable of the architecture that is built for (`GOAMD64`, `GOARM` …), and which values of them go refuses.
//!
//! go: src/internal/buildcfg/cfg.go since 1.17, src/cmd/internal/objabi/util.go before. The checks read the
//! environment alone.

use super::baked::Baked;
use super::fatal::{Refusal, refuse};
use super::go::Go;
use super::values::{Row, configured, rule};
use super::{experiment, values};
use crate::{binary, text};
use model::SettingSource;

/// The one that is printed for GOARCH, if there is one.
pub(super) fn row(go: &Go<'_>) -> Option<(&'static str, Row)> {
    let name = binary::architecture_variable(&go.goarch())?;
    let since = match name {
        "GOAMD64" => 18,
        "GOARM64" | "GORISCV64" => 23,
        "GOPPC64" | "GOWASM" => 13,
        _ => 11,
    };
    if !go.since(since) {
        return None;
    }
    let mut built = rule(default(go, name), SettingSource::Default, WHY);
    if !go.baked.is_told(name) {
        built.origin = Baked::why_untold(name);
    }
    Some((name, configured(go, name, built)))
}

const WHY: &str = "default of this build of go";

/// What counts when nothing is configured. Up to 1.23 it is formed from what buildcfg made of the environment, which
/// shows in the spelling and in what `-changed` compares with.
fn default(go: &Go<'_>, name: &str) -> String {
    let baked = match name {
        "GOARM" if !go.since(24) && android_arm(go) => "7".to_owned(),
        _ => go.baked.default(name),
    };
    if go.since(24) && name != "GOWASM" {
        return baked;
    }
    let set = go.os_env(name).map_or_else(|| baked.clone(), |found| found.text);
    match name {
        "GOARM" if go.since(22) => {
            arm(&set).unwrap_or_else(|| arm(&baked[..baked.len().min(1)]).unwrap_or(baked))
        }
        "GOARM64" => arm64(&set).unwrap_or(baked),
        "GOWASM" => wasm(go, &set),
        "GO386" | "GOMIPS" | "GOMIPS64" if invalid(go, name, &set).is_some() => baked,
        _ if go.since(17) && invalid(go, name, &set).is_some() => baked,
        _ => set,
    }
}

/// Android's arm always has version 7 (by the environment, as buildcfg reads it).
fn android_arm(go: &Go<'_>) -> bool {
    let of = |name: &str, host: &str| go.os_env(name).map_or_else(|| host.to_owned(), |found| found.text);
    go.since(16) && of("GOOS", &go.host_os) == "android" && of("GOARCH", &go.host_arch) == "arm"
}

/// `GoarmFeatures.String`.
fn arm(value: &str) -> Option<String> {
    let soft = value.strip_suffix(",softfloat");
    let rest = soft.unwrap_or(value);
    let hard = rest.strip_suffix(",hardfloat");
    let version = hard.unwrap_or(rest);
    let is_soft = soft.is_some() || (hard.is_none() && version == "5");
    let float = if is_soft { "softfloat" } else { "hardfloat" };
    ["5", "6", "7"].contains(&version).then(|| format!("{version},{float}"))
}

/// `Goarm64Features.String`; `None` for what `ParseGoarm64` refuses.
fn arm64(value: &str) -> Option<String> {
    let (mut rest, mut lse, mut crypto) = (value, false, false);
    loop {
        if let Some(cut) = rest.strip_suffix(",lse") {
            (rest, lse) = (cut, true);
        } else if let Some(cut) = rest.strip_suffix(",crypto") {
            (rest, crypto) = (cut, true);
        } else {
            break;
        }
    }
    let minor = |prefix: &str, last: u8| {
        let digit = rest.strip_prefix(prefix).filter(|d| d.len() == 1)?.parse::<u8>().ok()?;
        (digit <= last).then_some(digit)
    };
    let has_lse = match (minor("v8.", 9), minor("v9.", 5)) {
        (Some(0), _) => lse,
        (Some(_), _) | (_, Some(_)) => true,
        _ => return None,
    };
    let mut out = rest.to_owned();
    out.push_str(if has_lse { ",lse" } else { "" });
    out.push_str(if crypto { ",crypto" } else { "" });
    Some(out)
}

/// `gowasmFeatures.String`: since 1.26 nothing, the features being always on.
fn wasm(go: &Go<'_>, value: &str) -> String {
    if go.since(WASM_ALWAYS_ON) {
        return String::new();
    }
    let has = |name: &&&str| value.split(',').any(|word| word == **name);
    ["satconv", "signext"].iter().filter(has).copied().collect::<Vec<_>>().join(",")
}

const WASM_ALWAYS_ON: u8 = 26;

/// What is wrong with a value, in the words of buildcfg; of objabi before 1.17.
fn invalid(go: &Go<'_>, name: &str, value: &str) -> Option<String> {
    let new = go.since(17);
    let one_of = |allowed: &[&str]| allowed.contains(&value);
    let must = |old: &str, text: &str| {
        Some(if new {
            format!("invalid {name}: must {text}")
        } else {
            format!("Invalid {name} value. Must be {old}.")
        })
    };
    match name {
        "GOAMD64" if !one_of(&["v1", "v2", "v3", "v4"]) => must("", "be v1, v2, v3, v4"),
        "GOARM" if go.since(22) => match arm(value) {
            None => must(
                "",
                "start with 5, 6, or 7, and may optionally end in either \",hardfloat\" or \",softfloat\"",
            ),
            Some(_) => None,
        },
        "GOARM" if !one_of(&["5", "6", "7"]) => must("5, 6, or 7", "be 5, 6, 7"),
        "GOARM64" if arm64(value).is_none() => {
            must("", "start with v8.{0-9} or v9.{0-5} and may optionally end in \",lse\" and/or \",crypto\"")
        }
        "GOMIPS" | "GOMIPS64" if !one_of(&["hardfloat", "softfloat"]) => {
            must("hardfloat or softfloat", "be hardfloat, softfloat")
        }
        "GOPPC64" if !one_of(&["power8", "power9"]) => match go.since(20) {
            true if value == "power10" => None,
            true => must("", "be power8, power9, power10"),
            false => must("power8 or power9", "be power8, power9"),
        },
        "GORISCV64" if !one_of(&["rva20u64", "rva22u64"]) => match go.since(25) {
            true if value == "rva23u64" => None,
            true => must("", "be rva20u64, rva22u64, rva23u64"),
            false => must("", "be rva20u64, rva22u64"),
        },
        "GOWASM" => {
            let known = |word: &&str| !["", "satconv", "signext"].contains(word);
            let bad = value.split(',').rfind(known)?;
            Some(match new {
                true => format!("invalid GOWASM: no such feature {}", text::quote(bad)),
                // objabi died of the first.
                false => {
                    let first = value.split(',').find(known)?;
                    format!("Invalid GOWASM value. No such feature: {first}")
                }
            })
        }
        "GOFIPS140" if !is_fips(value, go.since(26)) => {
            let versions = if go.since(26) { "v1.Y.Z" } else { "vX.Y.Z" };
            must("", &format!("be off, latest, inprocess, certified, or {versions}"))
        }
        _ => None,
    }
}

/// go: buildcfg `gofips140`, `isFIPSVersion`. Before 1.26 the major version was free, and there were no candidates.
fn is_fips(value: &str, only_first_major: bool) -> bool {
    if ["off", "latest", "inprocess", "certified"].contains(&value) {
        return true;
    }
    let number = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        (end > 0).then(|| text[end..].to_owned())
    };
    let major = value.strip_prefix('v').and_then(number).and_then(|rest| number(rest.strip_prefix('.')?));
    let Some(rest) = major.and_then(|rest| number(rest.strip_prefix('.')?)) else { return false };
    if only_first_major {
        if !value.starts_with("v1.") {
            return false;
        }
        if let Some(candidate) = rest.strip_prefix("-rc") {
            return number(candidate).is_some_and(|rest| rest.is_empty());
        }
    }
    rest.is_empty() || rest.strip_prefix('-').is_some_and(|hash| text::encode(hash).len() == 8)
}

/// The variables in the order in which they are looked at.
const CHECKED: &[(&str, u8)] = &[
    ("GOAMD64", 18),
    ("GOARM", 11),
    ("GOARM64", 23),
    ("GOMIPS", 11),
    ("GOMIPS64", 11),
    ("GOPPC64", 13),
    ("GORISCV64", 23),
    ("GOWASM", 13),
    ("GOFIPS140", 24),
];

/// Up to 1.16 go dies of the first bad value when it is loaded.
pub(super) fn check_at_load(go: &Go<'_>) -> Result<(), Refusal> {
    if go.since(17) {
        return Ok(());
    }
    for (name, since) in CHECKED {
        let Some(found) = go.os_env(name).filter(|_| go.since(*since)) else { continue };
        if let Some(text) = invalid(go, name, &found.text) {
            let text = format!("{} {text}", super::moment::log_time(go.system.now_ms()));
            return Err(refuse(1, text).because(Some(found.origin)));
        }
    }
    Ok(())
}

/// `buildcfg.Check`: the last of several errors is what remains.
pub(super) fn check(go: &Go<'_>, argv0: &str) -> Result<(), Refusal> {
    if !go.since(17) {
        return Ok(());
    }
    let mut error = None;
    for (name, since) in CHECKED {
        if !go.since(*since) {
            continue;
        }
        // ParseGoarm64 sets the error to none where it finds none.
        if *name == "GOARM64" {
            error = None;
        }
        let Some(found) = go.os_env(name) else { continue };
        if let Some(text) = invalid(go, name, &found.text) {
            error = Some((text, found.origin));
        }
    }
    error = bad_experiment(go).or(error);
    match error {
        Some((text, origin)) => Err(refuse(2, format!("{argv0}: {text}")).because(Some(origin))),
        None => Ok(()),
    }
}

/// GOEXPERIMENT of the environment; 1.17 and 1.18 look at the env file here too (go: cfg.go `UpdateExperiments`).
fn bad_experiment(go: &Go<'_>) -> Option<(String, model::Origin)> {
    let of = |name: &str, host: &str| go.os_env(name).map_or_else(|| host.to_owned(), |found| found.text);
    let (goos, goarch) = (of("GOOS", &go.host_os), of("GOARCH", &go.host_arch));
    let set = go.os_env("GOEXPERIMENT");
    let text = set.as_ref().map_or_else(|| go.baked.default("GOEXPERIMENT"), |found| found.text.clone());
    let parse =
        |goos: &str, goarch: &str, text: &str| experiment::refused(go.minor, &go.baked, goos, goarch, text);
    let first = parse(&goos, &goarch, &text);
    let second =
        if go.since(19) { None } else { parse(&go.goos(), &go.goarch(), &values::experiment_text(go)) };
    let origin = go.get("GOEXPERIMENT").map(|found| found.origin);
    let origin = origin.unwrap_or_else(|| model::Origin::rule(WHY, values::CFG));
    second.or(first).map(|text| (text, origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_spelled_out() {
        assert_eq!(arm("7").as_deref(), Some("7,hardfloat"));
        assert_eq!(arm("5").as_deref(), Some("5,softfloat"));
        assert_eq!(arm("5,hardfloat").as_deref(), Some("5,hardfloat"));
        assert_eq!(arm("8"), None);
        assert_eq!(arm64("v8.0,crypto").as_deref(), Some("v8.0,crypto"));
        assert_eq!(arm64("v9.5").as_deref(), Some("v9.5,lse"));
        assert_eq!(arm64("v9.6"), None);
        assert_eq!(arm64("v8."), None);
    }

    #[test]
    fn versions_of_the_cryptography() {
        for good in ["off", "certified", "v1.0.0", "v1.2.3-rc1", "v1.0.0-abcdef01"] {
            assert!(is_fips(good, true), "{good}");
        }
        assert!(is_fips("v2.0.0", false) && !is_fips("v1.0.0-rc1", false));
        for bad in ["", "v2.0.0", "v1.0", "v1.0.0-rc", "v1.0.0-abc", "on"] {
            assert!(!is_fips(bad, true), "{bad}");
        }
    }
}
