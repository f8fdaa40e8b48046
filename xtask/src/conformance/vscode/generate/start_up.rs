//! Start-up files of the shells.

use super::Chance;
use std::collections::BTreeMap;

const BASH: &[(&str, &[&str])] = &[
    (
        "home/.profile",
        &[
            "export PROFILE=1\n",
            "PATH=$HOME/profile/bin:$PATH\n",
            "[ -n \"$BASH\" ] && . ~/.bashrc\n",
            "export GOPROXY=https://profile.example\n",
            "unset START_A\n",
        ],
    ),
    ("home/.bash_profile", &["export BASH_PROFILE=1\n. ~/.bashrc\n"]),
    (
        "home/.bashrc",
        &[
            "export RC_A=bashrc\n",
            "PATH=$HOME/rc/bin:$PATH\n",
            "export PATH=/first/bin:/start/bin:$PATH\n",
            "[[ $- != *i* ]] && return\n",
            "[ -n \"$VSCODE_RESOLVING_ENVIRONMENT\" ] && return\n",
            "[ \"$TERM_PROGRAM\" = vscode ] && export IN_EDITOR=1\n",
            "export INJECTED=\"$VSCODE_INJECTION/$VSCODE_SHELL_LOGIN\"\n",
            "unset START_A\n",
            "export A=rc EMPTY_RC=\n",
            "export LANG=fr_FR.UTF-8\n",
            "export TERM=rc-term COLORTERM=rc\n",
            "export DEPTH=$SHLVL\n",
        ],
    ),
];

const ZSH: &[(&str, &[&str])] = &[
    (
        "home/.zshenv",
        &[
            "export ZSHENV=1\n",
            "PATH=$HOME/zshenv/bin:$PATH\n",
            "export A=zshenv\n",
            "export ZDOTDIR=$HOME/zdot\n",
        ],
    ),
    ("home/.zprofile", &["export ZPROFILE=1\n", "PATH=$HOME/zprofile/bin:$PATH\n"]),
    (
        "home/.zshrc",
        &[
            "export RC_A=zshrc\n",
            "path=($HOME/rc/bin $path)\n",
            "typeset -U path\n",
            "[[ -n $VSCODE_RESOLVING_ENVIRONMENT ]] && return\n",
            "unset START_A\n",
            "export SEEN_ZDOTDIR=${ZDOTDIR-none}\n",
        ],
    ),
    ("home/.zlogin", &["export ZLOGIN=1\n"]),
    ("home/zdot/.zshrc", &["export RC_A=zdot PATH=/zdot/bin:$PATH\n"]),
    ("home/zdot/.zprofile", &["export ZPROFILE=zdot\n"]),
];

const FISH: &[(&str, &[&str])] = &[
    (
        "home/.config/fish/config.fish",
        &[
            "set -gx RC_A fish\n",
            "set -gx PATH $HOME/rc/bin $PATH\n",
            "fish_add_path -g $HOME/added\n",
            "set -e START_A\n",
            "status is-login; and set -gx LOGIN_FISH 1\n",
            "status is-interactive; and set -gx INTERACTIVE_FISH 1\n",
            "set -q VSCODE_RESOLVING_ENVIRONMENT; and exit\n",
        ],
    ),
    ("home/.config/fish/conf.d/a.fish", &["set -gx CONF_D 1\n", "set -gx A fish\n"]),
];

const OTHERS: &[(&str, &str)] =
    &[("home/bash-env", "export BASH_ENV_READ=1\n"), ("home/sh-env", "export ENV_READ=1 RC_A=env\n")];

/// What makes the hidden probe come to nothing, by shell.
const FAILING: &[(&str, &str, &str)] = &[
    ("bash", "home/.profile", "[ -n \"$VSCODE_RESOLVING_ENVIRONMENT\" ] && exit 3\n"),
    ("bash", "home/.profile", "[ -n \"$VSCODE_RESOLVING_ENVIRONMENT\" ] && exec true\n"),
    ("bash", "home/.profile", "[ -n \"$VSCODE_RESOLVING_ENVIRONMENT\" ] && kill -9 $$\n"),
    ("bash", "home/.profile", "echo noise; echo noise >&2\n"),
    ("zsh", "home/.zshrc", "[[ -n $VSCODE_RESOLVING_ENVIRONMENT ]] && exit 1\n"),
    ("fish", "home/.config/fish/config.fish", "set -q VSCODE_RESOLVING_ENVIRONMENT; and exec true\n"),
    ("dash", "home/.profile", "[ -n \"$VSCODE_RESOLVING_ENVIRONMENT\" ] && exit 3\n"),
];

pub(super) fn write(chance: &mut Chance, shell: &str, files: &mut BTreeMap<String, String>) {
    for (family, all) in [("bash", BASH), ("zsh", ZSH), ("fish", FISH)] {
        // Other shells than the user's own are those of profiles.
        let own = shell.ends_with(family) || (family == "bash" && shell.ends_with("dash"));
        for (name, lines) in all {
            if !chance.once_in(if own { 4 } else { 2 }) {
                let text = chosen(chance, lines);
                files.insert((*name).to_owned(), text);
            }
        }
    }
    // A login bash reads this one in the place of .profile; not all homes have it.
    if chance.below(3) > 0 {
        files.remove("home/.bash_profile");
    }
    for (name, text) in OTHERS {
        files.insert((*name).to_owned(), (*text).to_owned());
    }
    if chance.once_in(8) {
        let family = shell.rsplit('/').next().unwrap_or_default();
        let all: Vec<_> = FAILING.iter().filter(|(of, ..)| *of == family).collect();
        if let Some((_, name, line)) = all.get(chance.below(all.len())) {
            files.entry((*name).to_owned()).or_default().push_str(line);
        }
    }
}

/// Some of the lines, in their order.
fn chosen(chance: &mut Chance, lines: &[&str]) -> String {
    lines.iter().filter(|_| chance.below(3) > 0).copied().collect()
}
