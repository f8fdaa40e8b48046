//! The options of sudoers that bear on the environment, as they hold for one caller, host and target.

use super::Call;
use super::who::{Matcher, canonical_host};
use crate::accounts;
use model::{Origin, Problem};
use system::{ReadError, System, User};
use text::sudoers::{Change, Line, Scope, read};

pub(super) const SUDOERS: &str = "/etc/sudoers";
/// `MAX_SUDOERS_DEPTH` of toke.l.
const MAX_DEPTH: usize = 128;

/// A flag or value and where it was decided.
#[derive(Clone, Debug)]
pub(super) struct Decided<T> {
    pub(super) value: T,
    pub(super) origin: Origin,
}

#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) env_reset: Decided<bool>,
    pub(super) always_set_home: Decided<bool>,
    pub(super) set_logname: Decided<bool>,
    pub(super) secure_path: Option<Decided<String>>,
    pub(super) exempt_group: Option<String>,
    pub(super) env_file: Option<Decided<String>>,
    pub(super) restricted_env_file: Option<Decided<String>>,
    pub(super) env_keep: Vec<String>,
    pub(super) env_check: Vec<String>,
    pub(super) env_delete: Vec<String>,
    pub(super) pam_session: bool,
    pub(super) pam_setcred: bool,
    fqdn: bool,
    pub(super) runas_default: String,
    pub(super) problems: Vec<Problem>,
    /// Why sudoers could not be read; what is compiled in then stands.
    pub(super) unreadable: Option<String>,
}

fn compiled_in(what: &str) -> Origin {
    Origin::rule(what, "sudo: plugins/sudoers/defaults.c init_defaults, env.c init_envtables")
}

impl Options {
    fn new(system: &dyn System) -> Self {
        let flag = |value: bool, what: &str| Decided { value, origin: compiled_in(what) };
        Self {
            env_reset: flag(true, "env_reset is on unless sudoers turns it off"),
            always_set_home: flag(false, "always_set_home is off unless sudoers turns it on"),
            set_logname: flag(true, "set_logname is on unless sudoers turns it off"),
            secure_path: None,
            exempt_group: None,
            env_file: None,
            restricted_env_file: None,
            env_keep: owned(KEEP),
            env_check: owned(CHECK),
            env_delete: owned(DELETE),
            pam_session: true,
            pam_setcred: true,
            fqdn: is_debian(system),
            runas_default: "root".to_owned(),
            problems: Vec::new(),
            unreadable: None,
        }
    }

    fn apply(&mut self, name: &str, change: &Change, origin: &Origin) {
        let on = *change == Change::On;
        let flag = || Decided { value: on, origin: origin.clone() };
        let text = || match change {
            Change::Set(text) => Some(Decided { value: text.clone(), origin: origin.clone() }),
            _ => None,
        };
        match name {
            "env_reset" => self.env_reset = flag(),
            "always_set_home" => self.always_set_home = flag(),
            "set_logname" => self.set_logname = flag(),
            "fqdn" => self.fqdn = on,
            "pam_session" => self.pam_session = on,
            "pam_setcred" => self.pam_setcred = on,
            "secure_path" => self.secure_path = text(),
            "env_file" => self.env_file = text(),
            "restricted_env_file" => self.restricted_env_file = text(),
            "exempt_group" => self.exempt_group = text().map(|t| t.value),
            "runas_default" => self.runas_default = text().map_or_else(|| "root".to_owned(), |t| t.value),
            "env_keep" => change_list(&mut self.env_keep, change),
            "env_check" => change_list(&mut self.env_check, change),
            "env_delete" => change_list(&mut self.env_delete, change),
            _ => {}
        }
    }
}

/// Debian and Ubuntu compile sudo with `--with-fqdn` (debian/rules).
fn is_debian(system: &dyn System) -> bool {
    system.exists("/etc/debian_version")
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| (*s).to_owned()).collect()
}

fn change_list(list: &mut Vec<String>, change: &Change) {
    let words =
        |text: &str| text.split([' ', '\t']).filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    match change {
        Change::On => {}
        Change::Off => list.clear(),
        Change::Set(text) => *list = words(text),
        Change::Add(text) => list.extend(words(text)),
        Change::Remove(text) => {
            let gone = words(text);
            list.retain(|w| !gone.contains(w));
        }
    }
}

/// Reads sudoers for this call; `target` is not looked at where only `runas_default` is wanted.
pub(super) fn read_options(system: &dyn System, caller: &User, target: Option<&User>) -> Options {
    let mut options = Options::new(system);
    let mut lines = Vec::new();
    if let Err(error) = collect(system, SUDOERS, 0, &mut lines, &mut options.problems) {
        options.unreadable = Some(format!("`{SUDOERS}` {error}"));
        return options;
    }
    // `runas_default` and `fqdn` are early defaults: they hold before anything else is looked at.
    let matching = |scopes: &[Scope], options: &mut Options| {
        let host = canonical_host(system, options.fqdn);
        for (line, path) in &lines {
            let Line::Defaults { scope, members, options: changes, line } = line else { continue };
            if !scopes.contains(scope) {
                continue;
            }
            let who = Matcher::new(system, &lines, &host);
            let holds = match scope {
                Scope::All => true,
                Scope::User => who.user(members, caller),
                Scope::Runas => target.is_some_and(|t| who.user(members, t)),
                Scope::Host => who.host(members),
                Scope::Command => false,
            };
            if holds {
                for (name, change) in changes {
                    options.apply(name, change, &Origin::line(path, *line));
                }
            }
        }
    };
    let mut early = options.clone();
    matching(&[Scope::All], &mut early);
    options.fqdn = early.fqdn;
    // One pass in the order of the file, whatever the scope: a later `env_keep =` undoes an earlier line for a target.
    matching(&[Scope::All, Scope::Host, Scope::User, Scope::Runas], &mut options);
    note_commands(&lines, &mut options);
    options
}

fn note_commands(lines: &[(Line, String)], options: &mut Options) {
    for (line, path) in lines {
        match line {
            Line::Defaults { scope: Scope::Command, line, .. } => {
                let message = "Defaults for single commands are not applied, as the command is not known";
                options
                    .problems
                    .push(Problem::info("sudoers-command-defaults", message).at(Origin::line(path, *line)));
            }
            Line::Bad { line, reason } => {
                let message = format!("`{path}`:{line} does nothing – {reason}");
                options
                    .problems
                    .push(Problem::warning("sudoers-line-bad", message).at(Origin::line(path, *line)));
            }
            _ => {}
        }
    }
}

fn collect(
    system: &dyn System,
    path: &str,
    depth: usize,
    lines: &mut Vec<(Line, String)>,
    problems: &mut Vec<Problem>,
) -> Result<(), ReadError> {
    let bytes = system.read(path)?;
    if depth > MAX_DEPTH {
        return Ok(());
    }
    let absolute = |name: &str| {
        let name = name.replace("%h", &system.host_name());
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if name.starts_with('/') { name } else { format!("{folder}/{name}") }
    };
    let mut include = |file: &str, lines: &mut Vec<(Line, String)>| {
        if let Err(error) = collect(system, file, depth + 1, lines, problems) {
            let message = format!("`{file}` {error}, so what it changes is not known");
            problems.push(Problem::warning("sudoers-unreadable", message).at(Origin::file(file)));
        }
    };
    for line in read(&bytes) {
        match line {
            Line::Include { path, .. } => include(&absolute(&path), lines),
            Line::IncludeFolder { path, .. } => {
                let folder = absolute(&path);
                for name in system.read_dir(&folder).unwrap_or_default() {
                    // Files with a dot or a tilde at the end are editors' and package managers' leftovers.
                    if !name.contains('.') && !name.ends_with('~') {
                        include(&format!("{folder}/{name}"), lines);
                    }
                }
            }
            line => lines.push((line, path.to_owned())),
        }
    }
    Ok(())
}

/// What the options say of one call.
pub(super) fn is_exempt(options: &Options, system: &dyn System, call: &Call<'_>) -> bool {
    let Some(group) = &options.exempt_group else { return false };
    accounts::groups_of(system, call.caller).iter().any(|g| g.name == *group)
}

const DELETE: &[&str] = &[
    "IFS",
    "CDPATH",
    "LOCALDOMAIN",
    "RES_OPTIONS",
    "HOSTALIASES",
    "NLSPATH",
    "PATH_LOCALE",
    "LD_*",
    "_RLD*",
    "TERMINFO",
    "TERMINFO_DIRS",
    "TERMPATH",
    "TERMCAP",
    "ENV",
    "BASH_ENV",
    "PS4",
    "GLOBIGNORE",
    "BASHOPTS",
    "SHELLOPTS",
    "JAVA_TOOL_OPTIONS",
    "PERLIO_DEBUG",
    "PERLLIB",
    "PERL5LIB",
    "PERL5OPT",
    "PERL5DB",
    "FPATH",
    "NULLCMD",
    "READNULLCMD",
    "ZDOTDIR",
    "TMPPREFIX",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONINSPECT",
    "PYTHONUSERBASE",
    "RUBYLIB",
    "RUBYOPT",
    "*=()*",
];

const CHECK: &[&str] = &["COLORTERM", "LANG", "LANGUAGE", "LC_*", "LINGUAS", "TERM", "TZ"];

const KEEP: &[&str] = &[
    "COLORS",
    "DISPLAY",
    "DPKG_COLORS",
    "HOSTNAME",
    "KRB5CCNAME",
    "LS_COLORS",
    "PATH",
    "PS1",
    "PS2",
    "XAUTHORITY",
    "XAUTHORIZATION",
    "XDG_CURRENT_DESKTOP",
];
