//! Whether go sees the same in two environments, so that what is told of it in one holds for the other.
//!
//! Compared is what can show in an answer: values, who decided them, and who added each entry of a list; not the way
//! to them. Deliberately not here: the folder, aliases and files, which are the caller's to compare.

use model::{Folded, History, State};

/// Variables that shells, terminals and sessions keep for themselves, and that neither go nor what stands before it
/// (shims, wrappers) asks for. All others count, whether or not go knows them: a shim may.
const NOT_ASKED: &[&str] = &[
    "_",
    "COLORTERM",
    "COLUMNS",
    "LANG",
    "LINES",
    "LOGNAME",
    "LS_COLORS",
    "MAIL",
    "OLDPWD",
    "PROMPT",
    "PS1",
    "PS2",
    "PS4",
    "SHELL",
    "SHLVL",
    "SSH_CLIENT",
    "SSH_CONNECTION",
    "SSH_TTY",
    "SUDO_COMMAND",
    "SUDO_GID",
    "SUDO_UID",
    "SUDO_USER",
    "TERM",
    "USER",
];

/// See the module.
pub fn alike(one: &Folded, other: &Folded) -> bool {
    let rules = |env: &Folded| (env.case(), env.path_separator());
    rules(one) == rules(other) && asked(one).map(shows).eq(asked(other).map(shows))
}

/// What go could ask for.
fn asked(env: &Folded) -> impl Iterator<Item = &History> {
    let counts = |history: &&History| {
        history.state != State::Unset && !NOT_ASKED.iter().any(|name| history.name.is(name))
    };
    env.histories().filter(counts)
}

/// What of a history can show.
fn shows(history: &History) -> impl PartialEq + '_ {
    let origin = history.winner().map(|step| &step.origin);
    let entries: Vec<_> = history.entries.iter().map(|entry| (&entry.bytes, &entry.origin)).collect();
    (&history.name, &history.state, origin, entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Programs;
    use crate::describe::describe;
    use model::{Confidence, Effect, Evidence, Layer, Origin, Space, SpaceId};
    use system::memory::MemorySystem;

    fn env(id: &str, effects: &[(&str, &str, &str)]) -> Folded {
        let mut space = Space::new(SpaceId::of(id), id, None, Evidence::Observed);
        let effects = effects
            .iter()
            .map(|(name, value, file)| Effect::set(*name, *value, Origin::file(*file), Confidence::Exact))
            .collect();
        space.layers.push(Layer::applied(id, id, effects));
        Folded::over(None, &space)
    }

    #[test]
    fn what_shows_counts_and_the_way_to_it_does_not() {
        let a = env("bash", &[("PATH", "/a:/b", "/.bashrc"), ("GOFLAGS", "-v", "/.bashrc")]);
        let same =
            env("zsh", &[("GOFLAGS", "-v", "/.bashrc"), ("PATH", "/a:/b", "/.bashrc"), ("SHLVL", "2", "/x")]);
        assert!(alike(&a, &same));
        for other in [
            [("PATH", "/a:/b", "/.bashrc"), ("GOFLAGS", "-x", "/.bashrc")],
            [("PATH", "/a:/b", "/.bashrc"), ("GOFLAGS", "-v", "/.profile")],
            [("PATH", "/a:/b", "/.profile"), ("GOFLAGS", "-v", "/.bashrc")],
            [("PATH", "/a:/b", "/.bashrc"), ("ASDF_DIR", "-v", "/.bashrc")],
        ] {
            assert!(!alike(&a, &env("bash", &other)), "{other:?}");
        }
    }

    #[test]
    fn go_does_not_ask_for_what_is_passed_over() {
        let machine = MemorySystem::linux()
            .executable("/sdk/bin/go")
            .file("/sdk/VERSION", "go1.26.3\n")
            .folder("/sdk/pkg/tool")
            .file("/p/go.mod", "module m\n\ngo 1.27\n");
        let told = |more: &[(&str, &str, &str)]| {
            let mut effects = vec![("HOME", "/home/ann", "/e"), ("PATH", "/sdk/bin:/bin", "/e")];
            effects.extend(more);
            describe(&Programs::new(&machine), &env("here", &effects), Some("/p"), "/p", None, None)
        };
        let without = told(&[]);
        assert!(without.path.is_some());
        for name in NOT_ASKED {
            for value in ["", "/elsewhere", "1"] {
                assert_eq!(told(&[(name, value, "/f")]), without, "{name}={value}");
            }
        }
    }
}
