//! Programs named `go` that are not go: version managers' shims, wrappers, launchers.
//!
//! Known by their path and by the first bytes of their file. Where the file itself says which go it runs, that is
//! followed; a shim that decides anew in each folder is only named.

use crate::binary::Program;
use crate::file_path;
use crate::goroot::variable;
use model::{Folded, Origin};
use system::{Os, System};

/// A `go` that runs another.
pub(crate) struct Shim {
    pub(crate) name: String,
    /// The go that it runs, absolute, where that is fixed.
    pub(crate) target: Option<String>,
    /// The GOROOT that it sets for it.
    pub(crate) sets_goroot: Option<(String, Origin)>,
    /// Why it cannot run: the go that it stands for is not there.
    pub(crate) broken: Option<String>,
    /// Whether a go that it decides on is given the GOROOT of the environment, if there is one.
    pub(crate) keeps_goroot: bool,
}

impl Shim {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), target: None, sets_goroot: None, broken: None, keeps_goroot: false }
    }
}

impl Shim {
    /// Whether the go behind it is given another value than the environment has (go-nv/goenv: libexec/goenv-exec,
    /// libexec/goenv-sh-rehash: GOPATH too, unless GOENV_DISABLE_GOPATH is 1).
    pub(crate) fn replaces(&self, env: &Folded, name: &str) -> bool {
        match name {
            "GOROOT" => !self.keeps_goroot,
            "GOPATH" => {
                let left = variable(env, "GOENV_DISABLE_GOPATH").is_some_and(|(value, _)| value == "1");
                self.name == "goenv" && !left
            }
            _ => false,
        }
    }
}

/// As much of a script as is looked at.
const HEAD: usize = 4096;

/// Recognises the `go` at `launched`, whose symlinks lead to `resolved`; `program` if it is written in Go.
pub(crate) fn recognise(
    system: &dyn System,
    env: &Folded,
    launched: &str,
    resolved: &str,
    program: Option<&Program>,
) -> Option<Shim> {
    if let Some(package) = program.and_then(|p| p.package.as_deref()) {
        return other_go_program(system, env, package);
    }
    if program.is_some() {
        return None;
    }
    let slashed = launched.replace('\\', "/").to_lowercase();
    let mut shim = by_path(system, &slashed, launched, resolved).or_else(|| by_text(system, resolved))?;
    if let Some(target) = shim.target.as_deref().filter(|target| !system.exists(target)) {
        shim.broken = Some(format!("`{target}`, which does not exist"));
    }
    Some(shim)
}

/// A program written in Go which is not the go command.
fn other_go_program(system: &dyn System, env: &Folded, package: &str) -> Option<Shim> {
    if package == "cmd/go" {
        return None;
    }
    let Some(version) = package.strip_prefix("golang.org/dl/") else {
        return Some(Shim::named(package));
    };
    // golang/dl: internal/version/version.go Run, goroot: `$HOME/sdk/<version>`, GOROOT set to it.
    let os = system.os();
    let home = variable(env, if os == Os::Windows { "USERPROFILE" } else { "HOME" }).map(|(value, _)| value);
    let root = home.map(|home| file_path::join(os, &file_path::join(os, &home, "sdk"), version));
    let unpacked = |root: &String| system.exists(&file_path::join(os, root, ".unpacked-success"));
    let Some(root) = root.filter(unpacked) else {
        let broken = format!("{version}, which is not downloaded – `{version} download` does it");
        return Some(Shim { broken: Some(broken), ..Shim::named("golang.org/dl") });
    };
    let go = if os == Os::Windows { "bin/go.exe" } else { "bin/go" };
    let rule = Origin::rule("set by the wrapper", "golang/dl: internal/version/version.go Run");
    Some(Shim {
        target: Some(file_path::join(os, &root, go)),
        sets_goroot: Some((root, rule)),
        ..Shim::named("golang.org/dl")
    })
}

fn by_path(system: &dyn System, slashed: &str, launched: &str, resolved: &str) -> Option<Shim> {
    let os = system.os();
    let program = file_path::base(os, resolved).to_lowercase();
    let program = program.strip_suffix(".exe").unwrap_or(&program);
    // jdx/mise: src/shims.rs links each shim to the mise program.
    if program == "mise" || slashed.contains("/mise/shims/") {
        return Some(Shim::named("mise"));
    }
    // snapd: /snap/bin/NAME is a link to /usr/bin/snap, which runs /snap/NAME/current.
    if program == "snap" || slashed == "/snap/bin/go" {
        let root = system.canonicalize("/snap/go/current").ok();
        return Some(Shim { target: root.map(|r| r + "/bin/go"), ..Shim::named("snap") });
    }
    // asdf-community/asdf-golang: bin/exec-env sets GOROOT only where it is unset.
    if slashed.contains("/.asdf/shims/") {
        return Some(Shim { keeps_goroot: true, ..Shim::named("asdf") });
    }
    if slashed.contains("/.goenv/shims/") {
        return Some(Shim::named("goenv"));
    }
    if slashed.contains("/.proto/shims/") {
        return Some(Shim::named("proto"));
    }
    if slashed.contains("/scoop/shims/") {
        return Some(Shim { target: scoop_target(system, launched), ..Shim::named("scoop") });
    }
    if slashed.contains("/chocolatey/bin/") {
        return Some(Shim { keeps_goroot: true, ..Shim::named("chocolatey") });
    }
    None
}

/// Scoop keeps `path = "C:\…\go.exe"` in a `.shim` file beside the shim (ScoopInstaller/Scoop: lib/core.ps1 shim).
fn scoop_target(system: &dyn System, launched: &str) -> Option<String> {
    let stem = launched.rsplit_once('.').map_or(launched, |(stem, _)| stem);
    let text = String::from_utf8(system.read(&format!("{stem}.shim")).ok()?).ok()?;
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "path").then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Scripts.
fn by_text(system: &dyn System, resolved: &str) -> Option<Shim> {
    let head = system.read_at(resolved, 0, HEAD).ok()?;
    if !head.starts_with(b"#!") {
        return None;
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    // asdf-vm/asdf: the shim is a script with `# asdf-plugin: golang VERSION` and `exec … asdf exec "go" "$@"`.
    if text.contains("# asdf-plugin:") || text.contains("asdf exec") {
        return Some(Shim { keeps_goroot: true, ..Shim::named("asdf") });
    }
    // go-nv/goenv: libexec/goenv-rehash writes `exec "…/goenv" exec "$program" "$@"`, and libexec/goenv-exec sets
    // GOROOT whatever it was.
    if text.contains("goenv\" exec") || text.contains("goenv exec") {
        return Some(Shim::named("goenv"));
    }
    if text.contains("mise exec") || text.contains("mise x ") {
        return Some(Shim::named("mise"));
    }
    let target = (head.len() < HEAD).then(|| script_target(&text)).flatten();
    Some(Shim { target, ..Shim::named("script") })
}

/// The program of a script that does nothing but `exec /absolute/go "$@"`.
fn script_target(text: &str) -> Option<String> {
    let mut lines = text.lines().skip(1).map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    let (only, more) = (lines.next()?, lines.next());
    if more.is_some() {
        return None;
    }
    let command = only.strip_prefix("exec ").unwrap_or(only).trim().strip_suffix("\"$@\"")?.trim();
    let bare = command.strip_prefix('"').and_then(|c| c.strip_suffix('"')).unwrap_or(command);
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@".contains(c);
    (bare.starts_with('/') && bare.chars().all(plain)).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_script_of_one_literal_command_is_followed() {
        let target = |text: &str| script_target(text);
        assert_eq!(
            target("#!/bin/sh\n# mine\nexec /opt/go/bin/go \"$@\"\n").as_deref(),
            Some("/opt/go/bin/go")
        );
        assert_eq!(target("#!/bin/sh\n\"/opt/go/bin/go\" \"$@\"").as_deref(), Some("/opt/go/bin/go"));
        assert_eq!(target("#!/bin/sh\nGOFLAGS=-v exec /opt/go/bin/go \"$@\"\n"), None);
        assert_eq!(target("#!/bin/sh\nexec \"$HOME/go/bin/go\" \"$@\"\n"), None);
        assert_eq!(target("#!/bin/sh\nexport X=1\nexec /opt/go/bin/go \"$@\"\n"), None);
    }
}
