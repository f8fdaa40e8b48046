//! Which start of a shell a live process comes from: the nearest shell among its ancestors, and that shell's mode as
//! its arguments tell it.
//!
//! Not here: the environment, which the process was given and which may be compared with what that mode gives.

use model::SpaceId;
use shells::{Mode, ShellKind};
use system::{Os, Process, System};

/// The nearest ancestor that is a login or interactive shell, and the space that a start like its own has; an
/// interactive one is at its prompt where that is a space of its own. A shell that only runs a command or a script
/// hands on what it was given, so that it counts only where there is no other.
pub fn started_by(system: &dyn System, pid: u32) -> Option<(u32, SpaceId)> {
    let mut seen = vec![pid];
    let mut command = None;
    let mut next = system.process(pid)?.parent;
    while let Some(process) = system.process(next).filter(|p| !seen.contains(&p.pid)) {
        if let Some(id) = shell_space(system, &process) {
            if id.variant() != Some(Mode::COMMAND.variant()) {
                return Some((process.pid, id));
            }
            command = command.or(Some((process.pid, id)));
        }
        seen.push(process.pid);
        next = process.parent;
    }
    command
}

fn shell_space(system: &dyn System, process: &Process) -> Option<SpaceId> {
    let arg0 = process.args.first()?.to_text().into_owned();
    // The name that it was called by decides (`sh` is often a link to another shell); a path is looked up as it is.
    let program = arg0.trim_start_matches('-');
    let path = if program.starts_with('/') { program } else { process.exe.as_deref().unwrap_or(program) };
    let shell = shells::identify(system, path)?;
    let family = program.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(&shell.family);
    let arguments: Vec<String> = process.args.iter().skip(1).map(|a| a.to_text().into_owned()).collect();
    let mode = mode(&arguments, arg0.starts_with('-'));
    let everyday = mode.interactive && mode.login == (system.os() == Os::Macos);
    let variant = if everyday && shell.kind.has_prompt() && shell.kind != ShellKind::BashAsSh {
        "prompt"
    } else {
        mode.variant()
    };
    Some(SpaceId::new(family, variant))
}

/// Login and interactive from arguments, as sh, bash, zsh, dash, ksh and fish read them (bash: shell.c
/// parse_shell_options; zsh: init.c parseopts; fish: fish.rs fish_parse_opt). A shell without a command or a script
/// is taken to have a terminal.
pub(crate) fn mode(arguments: &[String], dashed: bool) -> Mode {
    /// Options that take the next argument.
    const TAKES_NEXT: &[&str] = &["--rcfile", "--init-file", "--init-command", "-o", "+o", "-O", "+O", "-C"];
    let (mut login, mut interactive, mut command) = (dashed, false, false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--login" => login = true,
            "--interactive" => interactive = true,
            "--command" => {
                command = true;
                break;
            }
            "--" | "-" => {
                command |= rest.next().is_some();
                break;
            }
            long if TAKES_NEXT.contains(&long) => drop(rest.next()),
            long if long.starts_with("--") => command |= long.starts_with("--command="),
            short if short.starts_with('-') => {
                login |= short.contains('l');
                interactive |= short.contains('i');
                if short.contains('c') {
                    command = true;
                    // What follows may still be options (`sh -c -l text`), but no shell is started so by hand.
                    break;
                }
            }
            plus if plus.starts_with('+') => {}
            _script => {
                command = true;
                break;
            }
        }
    }
    Mode { login, interactive: interactive || !command, prompt: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(line: &str) -> &'static str {
        let mut words = line.split(' ').map(str::to_owned);
        let dashed = words.next().is_some_and(|w| w.starts_with('-'));
        mode(&words.collect::<Vec<_>>(), dashed).variant()
    }

    #[test]
    fn a_shell_that_only_runs_a_command_hands_on_what_it_was_given() {
        let process = |pid: u32, parent: u32, args: &[&str]| Process {
            pid,
            parent,
            uid: 1000,
            name: args[0].to_owned(),
            exe: None,
            args: args.iter().map(|a| model::Value::from(*a)).collect(),
            started_ms: 0,
            same_namespace: true,
            cwd: None,
        };
        let machine = system::memory::MemorySystem::linux()
            .process(process(10, 1, &["-zsh"]), Vec::new())
            .process(process(11, 10, &["sh", "-c", "make"]), Vec::new())
            .process(process(12, 11, &["make"]), Vec::new())
            .process(process(20, 1, &["/bin/sh", "/etc/rc"]), Vec::new())
            .process(process(21, 20, &["gopls"]), Vec::new());
        let started = |pid| started_by(&machine, pid).map(|(shell, id)| (shell, id.to_string()));
        assert_eq!(started(12), Some((10, "zsh:login-interactive".to_owned())));
        assert_eq!(started(21), Some((20, "sh:command".to_owned())));
        assert_eq!(started(10), None);
    }

    #[test]
    fn the_mode_that_arguments_tell() {
        assert_eq!(variant("bash"), "interactive");
        assert_eq!(variant("-zsh"), "login-interactive");
        assert_eq!(variant("bash -l"), "login-interactive");
        assert_eq!(variant("sh -c go"), "command");
        assert_eq!(variant("bash -lc go"), "login");
        assert_eq!(variant("zsh -i -l -c env"), "login-interactive");
        assert_eq!(variant("bash --init-file /x/shellIntegration-bash.sh"), "interactive");
        assert_eq!(variant("bash script.sh -i"), "command");
        assert_eq!(variant("fish --login --command env"), "login");
        assert_eq!(variant("zsh -o extendedglob"), "interactive");
    }
}
