//! The integration of the shell in a terminal: what the editor adds to the shell's start, and what its script does after
//! the shell's own start-up files.
//!
//! The script is not run here. The shell is started on the same files in the same order, and what the script then does to
//! variables is computed: it reads `VSCODE_ENV_REPLACE`, `VSCODE_ENV_PREPEND` and `VSCODE_ENV_APPEND`, applies them and
//! takes its own variables away. (vscode: platform/terminal/node/terminalEnvironment.ts getShellIntegrationInjection,
//! workbench/contrib/terminal/common/scripts/shellIntegration-bash.sh, -rc.zsh, -login.zsh, .fish.) Not here: pwsh.

use super::profile::Profile;
use crate::trace::Trace;
use crate::vscode::main_process::PER_RUN;
use crate::vscode::{Change, Flavour, Mutator, Window};
use model::{Folded, Layer, Origin};
use system::Os;

const INJECT: &str = "vscode: platform/terminal/node/terminalEnvironment.ts getShellIntegrationInjection";

/// A shell that has a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Bash,
    Zsh,
    Fish,
}

/// A start with the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Injected {
    pub(super) script: Script,
    pub(super) login: bool,
}

/// Whether the script is run; the reason where it is not.
pub(super) fn injected(window: &Window<'_>, profile: &Profile) -> Result<Injected, String> {
    let enabled = window.settings.get("terminal.integrated.shellIntegration.enabled", None);
    if enabled.and_then(|s| s.bool()) == Some(false) {
        return Err("terminal.integrated.shellIntegration.enabled is false".to_owned());
    }
    let name = profile.path.rsplit('/').next().unwrap_or_default();
    let script = match name {
        "bash" => Script::Bash,
        "zsh" => Script::Zsh,
        "fish" => Script::Fish,
        _ => return Err(format!("there is no integration for {name}")),
    };
    let args: Vec<&str> =
        profile.args.iter().map(String::as_str).filter(|a| !matches!(*a, "-i" | "--interactive")).collect();
    match args.as_slice() {
        [] if profile.args.is_empty() => Ok(Injected { script, login: false }),
        ["-l" | "--login"] => Ok(Injected { script, login: true }),
        _ => Err("the profile has arguments of its own".to_owned()),
    }
}

/// Variables with which the shell is started.
pub(super) fn inject(
    trace: &mut Trace,
    window: &Window<'_>,
    injected: Injected,
    mutators: &[Mutator],
    home: &str,
) {
    let rule = |what: &str| Origin::rule(what, INJECT);
    trace.layer("injection", "shell integration", rule("set for the integration's script"));
    trace.set(b"VSCODE_INJECTION", b"1", rule("the script reads the start-up files itself"));
    trace.stand_in(b"VSCODE_NONCE", b"nonce", PER_RUN, rule("the script proves itself by it"));
    let reports = window.settings.get("terminal.integrated.shellIntegration.environmentReporting", None);
    if reports.and_then(|s| s.bool()) == Some(true) {
        trace.set(
            b"VSCODE_SHELL_ENV_REPORTING",
            b"PATH,VIRTUAL_ENV,HOME,SHELL,PWD",
            rule("which variables the script tells"),
        );
    }
    match injected.script {
        Script::Bash => {
            let stable: &[u8] = if window.editor.flavour == Flavour::Insiders { b"0" } else { b"1" };
            trace.set(b"VSCODE_STABLE", stable, rule("the product's quality"));
            if injected.login {
                trace.set(b"VSCODE_SHELL_LOGIN", b"1", rule("the script reads a login shell's files"));
            }
        }
        Script::Zsh => {
            // The script's own folder is only there for zsh itself; every file of the user's sees this one.
            let folder = trace.get("ZDOTDIR").map_or_else(|| home.as_bytes().to_vec(), <[u8]>::to_vec);
            trace.set(b"USER_ZDOTDIR", &folder, rule("the folder of the user's start-up files"));
            trace.set(b"ZDOTDIR", &folder, rule("what the script sets it to for the user's files"));
        }
        Script::Fish => {}
    }
    let macos = window.context.system.os() == Os::Macos;
    if injected.script == Script::Fish || (macos && injected.login) {
        let prefix: Vec<u8> = mutators
            .iter()
            .filter(|m| m.variable.is("PATH") && m.change == Change::Prepend)
            .flat_map(|m| m.value.as_bytes().to_vec())
            .collect();
        if !prefix.is_empty() {
            trace.set(b"VSCODE_PATH_PREFIX", &prefix, rule("the script puts it in front once more"));
        }
    }
}

/// What the script does when the start-up files were read.
pub(super) fn after(folded: &Folded, injected: Injected) -> Vec<Layer> {
    let script = match injected.script {
        Script::Bash => "shellIntegration-bash.sh",
        Script::Zsh => "shellIntegration-rc.zsh",
        Script::Fish => "shellIntegration.fish",
    };
    let reference = format!("vscode: workbench/contrib/terminal/common/scripts/{script}");
    let rule = |what: &str| Origin::rule(what, reference.clone());
    let mut trace = Trace::over(folded);
    trace.layer("integration", "shell integration's script", rule("after the start-up files"));
    // Of bash and zsh login shells alone; fish's own lists are always in front of PATH.
    if injected.login || injected.script == Script::Fish {
        if let Some(prefix) = trace.get("VSCODE_PATH_PREFIX").map(<[u8]>::to_vec) {
            let path = [prefix.as_slice(), trace.get("PATH").unwrap_or_default()].concat();
            trace.set(b"PATH", &path, rule("the prefix of extensions, once more"));
        }
        trace.unset(b"VSCODE_PATH_PREFIX", rule("applied"));
    }
    for (key, change) in [
        (b"VSCODE_ENV_REPLACE".as_slice(), Change::Replace),
        (b"VSCODE_ENV_PREPEND", Change::Prepend),
        (b"VSCODE_ENV_APPEND", Change::Append),
    ] {
        let Some(text) = trace.value(key).map(<[u8]>::to_vec) else { continue };
        for (name, value) in items(&text) {
            let old = trace.value(&name).unwrap_or_default().to_vec();
            let new = match change {
                Change::Replace => value,
                Change::Prepend => [value, old].concat(),
                Change::Append => [old, value].concat(),
            };
            trace.set(&name, &new, rule("what extensions change, once more"));
        }
        trace.unset(key, rule("applied"));
    }
    trace.unset(b"VSCODE_SHELL_ENV_REPORTING", rule("read by the script"));
    trace.unset(b"VSCODE_NONCE", rule("read by the script"));
    if !trace.has(b"VSCODE_PYTHON_AUTOACTIVATE_GUARD") {
        trace.set(b"VSCODE_PYTHON_AUTOACTIVATE_GUARD", b"1", rule("that Python is activated once"));
    }
    match injected.script {
        Script::Bash => {
            for name in [b"VSCODE_INJECTION".as_slice(), b"VSCODE_STABLE", b"VSCODE_SHELL_LOGIN"] {
                trace.unset(name, rule("read by the script"));
            }
        }
        Script::Zsh => zsh(&mut trace, injected.login, &rule),
        Script::Fish => {}
    }
    trace.into_layers()
}

fn zsh(trace: &mut Trace, login: bool, rule: &dyn Fn(&str) -> Origin) {
    // A .zshenv may have moved it.
    if let Some(folder) = trace.get("ZDOTDIR").map(<[u8]>::to_vec)
        && trace.get("USER_ZDOTDIR") != Some(folder.as_slice())
    {
        trace.set(b"USER_ZDOTDIR", &folder, rule("the folder of the user's start-up files"));
    }
    if login {
        trace.set(b"VSCODE_PROFILE_INITIALIZED", b"1", rule("that .zprofile is read once"));
        trace.set(b"VSCODE_LOGIN_INITIALIZED", b"1", rule("that .zlogin is read once"));
    }
}

/// `A=1:B=2`, the values as `echo -e` prints them.
fn items(text: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    text.split(|&b| b == b':')
        .filter_map(|item| {
            let at = item.iter().position(|&b| b == b'=')?;
            Some((item[..at].to_vec(), escapes(&item[at + 1..])))
        })
        .collect()
}

/// The escapes of `echo -e` that are met: `\xHH`, `\\`, and the usual letters.
fn escapes(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let hex = |n: usize| text.get(at + n).and_then(|&b| char::from(b).to_digit(16));
        match (text[at], text.get(at + 1)) {
            (b'\\', Some(b'x')) if hex(2).is_some() => {
                let digits = [hex(2), hex(3)];
                let value = digits.iter().flatten().fold(0, |sum, digit| sum * 16 + digit);
                out.push(u8::try_from(value).unwrap_or(b'?'));
                at += 2 + digits.iter().take_while(|d| d.is_some()).count();
            }
            (b'\\', Some(&letter)) if b"\\nte".contains(&letter) => {
                out.push(match letter {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'e' => 0x1b,
                    other => other,
                });
                at += 2;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    // `$(…)` takes line ends off the end.
    while out.last() == Some(&b'\n') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_as_the_script_reads_them() {
        let read: Vec<(String, String)> = items(b"PATH=/g/bin\\x3a:X=a=b\\\\c:bad")
            .into_iter()
            .map(|(n, v)| (String::from_utf8(n).expect("text"), String::from_utf8(v).expect("text")))
            .collect();
        let expected = [("PATH", "/g/bin:"), ("X", "a=b\\c")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(read, expected);
    }
}
