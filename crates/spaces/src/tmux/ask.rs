//! Asking a tmux server: environments of server and session, and the options that decide a pane.

use crate::derived::installed;
use model::Origin;
use system::{RunEnd, RunSpec, System, User};

pub(super) enum Change {
    Set(Vec<u8>, Vec<u8>),
    Unset(Vec<u8>),
}

pub(super) struct Server {
    pub(super) socket: String,
    pub(super) pid: u32,
    pub(super) version: String,
    pub(super) global: Vec<Change>,
    pub(super) session: Vec<Change>,
    pub(super) shell: String,
    pub(super) terminal: String,
    pub(super) command: String,
    files: Vec<String>,
}

/// What the server on this socket holds; `None` where it does not answer or nothing may be run.
pub(super) fn ask(system: &dyn System, user: &User, socket: &str) -> Option<Server> {
    let program = installed(system, "tmux").filter(|_| system.can_run())?;
    let say = |args: &[&str]| -> Option<Vec<u8>> {
        let mut all = vec!["-S".into(), socket.into()];
        all.extend(args.iter().map(|a| (*a).into()));
        let outcome = system.run(&RunSpec {
            program: program.clone(),
            args: all,
            env: vec![
                ("PATH".into(), "/usr/bin:/bin".into()),
                ("HOME".into(), user.home.as_str().into()),
                // tmux prints what is not ASCII as `_` unless the locale is UTF-8.
                ("LC_ALL".into(), "C.UTF-8".into()),
            ],
            cwd: "/".to_owned(),
            keep: 4 << 20,
            keep_stdout: true,
            ..RunSpec::default()
        });
        (outcome.end == RunEnd::Exited(0)).then_some(outcome.stdout)
    };
    let format =
        "#{pid}\n#{version}\n#{default-shell}\n#{default-terminal}\n#{config_files}\n#{default-command}";
    let facts = say(&["display-message", "-p", format])?;
    let facts = String::from_utf8_lossy(&facts).into_owned();
    let mut facts = facts.trim_end_matches('\n').splitn(6, '\n').map(str::to_owned);
    let mut next = || facts.next().unwrap_or_default();
    let pid = next().parse().ok()?;
    let (version, shell, terminal, files, command) = (next(), next(), next(), next(), next());
    Some(Server {
        socket: socket.to_owned(),
        pid,
        version,
        global: changes(&say(&["show-environment", "-g", "-s"])?),
        session: say(&["show-environment", "-s"]).map(|text| changes(&text)).unwrap_or_default(),
        shell,
        terminal,
        command,
        files: files.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
    })
}

/// `NAME="value"; export NAME;` and `unset NAME;`, a line each, where a value may go over several lines; `$`, a
/// backquote, `"` and a backslash have a backslash before them (tmux: cmd-show-environment.c).
fn changes(text: &[u8]) -> Vec<Change> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(b"unset ") {
            let end = after.iter().position(|&b| b == b'\n').unwrap_or(after.len());
            out.push(Change::Unset(
                after[..end].trim_ascii_end().strip_suffix(b";").unwrap_or(&after[..end]).to_vec(),
            ));
            rest = after.get(end + 1..).unwrap_or_default();
            continue;
        }
        let Some(equals) = rest.windows(2).position(|w| w == b"=\"") else { return out };
        let name = rest[..equals].to_vec();
        let mut value = Vec::new();
        let mut at = equals + 2;
        while let Some(&b) = rest.get(at) {
            at += 1;
            match b {
                b'"' => break,
                b'\\' => {
                    value.extend(rest.get(at));
                    at += 1;
                }
                b => value.push(b),
            }
        }
        out.push(Change::Set(name, value));
        let end =
            rest[at.min(rest.len())..].iter().position(|&b| b == b'\n').map_or(rest.len(), |n| at + n + 1);
        rest = &rest[end..];
    }
    out
}

impl Server {
    /// The line of a configuration file that sets the variable in the server to this value.
    pub(super) fn line_that_sets(&self, system: &dyn System, name: &[u8], value: &[u8]) -> Option<Origin> {
        self.files.iter().rev().find_map(|path| {
            let bytes = system.read(path).ok()?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let lines: Vec<(u32, &str)> = (1..).zip(text.lines()).collect();
            lines
                .into_iter()
                .rev()
                .find(|(_, line)| sets(line, name, value))
                .map(|(n, _)| Origin::line(path, n))
        })
    }
}

fn sets(line: &str, name: &[u8], value: &[u8]) -> bool {
    let mut words = line.split_whitespace();
    if !matches!(words.next(), Some("set-environment" | "setenv")) {
        return false;
    }
    let mut flags = words.by_ref().take_while(|w| w.starts_with('-') && w.contains('g'));
    if flags.next().is_none() {
        return false;
    }
    // The flag's own end was taken with it; the name is what stands behind.
    let rest = line.split_once(&format!(" {} ", String::from_utf8_lossy(name))).map(|(_, rest)| rest);
    let bare = rest.map(|r| r.trim().trim_matches(['"', '\'']));
    bare.is_some_and(|b| b.as_bytes() == value || b.contains('$'))
}

#[cfg(test)]
mod tests {
    use super::*;

    // As tmux 3.3a prints it.
    #[test]
    fn the_shell_form_of_an_environment() {
        let text = b"A=\"b\"; export A;\nunset DISPLAY;\nN=\"two\nlines \\\"q\\\" \\$x\"; export N;\nZ=\"\"; export Z;\n";
        let found: Vec<(String, Option<String>)> = changes(text)
            .into_iter()
            .map(|c| match c {
                Change::Set(n, v) => (n, Some(v)),
                Change::Unset(n) => (n, None),
            })
            .map(|(n, v)| {
                (
                    String::from_utf8_lossy(&n).into_owned(),
                    v.map(|v| String::from_utf8_lossy(&v).into_owned()),
                )
            })
            .collect();
        let set = |n: &str, v: &str| (n.to_owned(), Some(v.to_owned()));
        assert_eq!(
            found,
            [set("A", "b"), ("DISPLAY".into(), None), set("N", "two\nlines \"q\" $x"), set("Z", "")]
        );
    }

    #[test]
    fn lines_of_a_configuration() {
        assert!(sets("set-environment -g GOROOT \"/x\"", b"GOROOT", b"/x"));
        assert!(sets("setenv -g GOROOT $HOME/go", b"GOROOT", b"/home/ann/go"));
        assert!(!sets("setenv GOROOT /x", b"GOROOT", b"/x"));
        assert!(!sets("setenv -g GOPATH /x", b"GOROOT", b"/x"));
    }
}
