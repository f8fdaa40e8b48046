//! Names as they are typed: bare shells, near misses, ages in words.
//!
//! Not here: which spaces there are.

use crate::failure::Failure;
use model::SpaceId;
use std::cmp::Reverse;
use system::{Os, System};

/// A space as it was typed. A bare shell is its everyday mode (login-interactive on macOS, interactive elsewhere);
/// `sh` and `dash`, in which nobody works, are their `command` mode.
pub(crate) fn resolve(text: &str, system: &dyn System) -> Result<SpaceId, Failure> {
    let id: SpaceId = text.parse().map_err(|error: model::SpaceIdError| Failure::usage(error.to_string()))?;
    let bare = id.as_str() == id.family();
    if !bare || !is_shell(id.family(), system) {
        return Ok(id);
    }
    let variant = match (id.family(), system.os()) {
        ("sh" | "dash" | "ash", _) => "command",
        (_, Os::Macos) => "login-interactive",
        _ => "interactive",
    };
    Ok(SpaceId::new(id.family(), variant))
}

fn is_shell(family: &str, system: &dyn System) -> bool {
    // A name is a shell's whether or not it is installed: the path need not exist.
    shells::identify(system, &format!("/nonexistent/{family}")).is_some()
}

/// Whether there could be a space of this name on some machine: a process that has gone, a shell that is not
/// installed, a family that is known.
pub(crate) fn could_be(id: &SpaceId, known: &[SpaceId], system: &dyn System) -> bool {
    let mode =
        matches!(id.variant(), Some("command" | "login" | "interactive" | "login-interactive" | "prompt"));
    match id.family() {
        "pid" => id.variant().is_some_and(|v| v.parse::<u32>().is_ok()),
        family if is_shell(family, system) => mode,
        family => {
            spaces::FAMILIES.iter().any(|f| f.family == family) || known.iter().any(|k| k.family() == family)
        }
    }
}

/// How many near names are offered.
const OFFERED: usize = 3;

/// The names that are nearest to `text`, nearest first: few edits apart, or beginning with it.
pub(crate) fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let limit = (text.chars().count() / 3).clamp(1, 3);
    let lower = text.to_lowercase();
    let shared = |other: &str| lower.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let mut found: Vec<(usize, Reverse<usize>, &str)> = names
        .filter_map(|name| {
            let other = name.to_lowercase();
            let distance = distance(&lower, &other);
            let begins = lower.chars().count() >= 3 && other.starts_with(&lower);
            let rank = if begins { distance.min(limit) } else { distance };
            (distance <= limit || begins).then_some((rank, Reverse(shared(&other)), name))
        })
        .collect();
    found.sort();
    found.dedup();
    let least = found.first().map_or(0, |(distance, ..)| *distance);
    found.retain(|(distance, ..)| *distance <= least + 1);
    found.truncate(OFFERED);
    found.into_iter().map(|(_, _, name)| name.to_owned()).collect()
}

/// Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// `did you mean `a` or `b`?`, or what to do where nothing is near.
pub(crate) fn did_you_mean(near: &[String], otherwise: &str) -> String {
    match near {
        [] => otherwise.to_owned(),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(|n| format!("`{n}`")).collect();
            let joined = if rest.is_empty() { String::new() } else { format!("{} or ", rest.join(", ")) };
            format!("did you mean {joined}`{last}`?")
        }
    }
}

/// `40 s`, `3 min`.
pub(crate) fn age(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    if seconds < 60 { format!("{seconds} s") } else { format!("{} min", seconds / 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_offered_nearest_first() {
        let names = ["zsh:login", "zsh:login-interactive", "fish:login", "cron", "GOFLAGS", "GOPATH"];
        let near = |text: &str| nearest(text, names.into_iter());
        assert_eq!(near("zsh:logn"), ["zsh:login"]);
        assert_eq!(near("corn"), ["cron"]);
        assert_eq!(near("goflag"), ["GOFLAGS"]);
        assert!(near("kubernetes").is_empty());
        let two = ["a".to_owned(), "b".to_owned()];
        assert_eq!(did_you_mean(&two, ""), "did you mean `a` or `b`?");
        assert_eq!(did_you_mean(&[], "look there"), "look there");
    }

    #[test]
    fn a_bare_shell_is_its_everyday_mode() {
        let resolved = |text: &str, machine: &system::memory::MemorySystem| {
            resolve(text, machine).expect("well formed").to_string()
        };
        let (linux, macos) = (system::memory::MemorySystem::linux(), system::memory::MemorySystem::macos());
        assert_eq!(resolved("zsh", &linux), "zsh:interactive");
        assert_eq!(resolved("zsh", &macos), "zsh:login-interactive");
        assert_eq!(resolved("sh", &linux), "sh:command");
        assert_eq!(resolved("cron", &linux), "cron");
        assert_eq!(resolved("bash:login", &macos), "bash:login");
        assert!(resolve("", &linux).is_err());
    }
}
