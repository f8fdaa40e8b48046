//! Each shell's instrumented start against its own plain start on the same files.

use super::Line;
use super::homes;
use super::measure::{ms, ratio, shortest_by_turns};
use crate::failure::{Done, Failure};
use crate::needs;
use model::{Name, Value};
use shells::{Mode, Request, dialect, identify};
use std::path::Path;
use system::os::{HandOver, Real};
use system::{Limits, Size, System as _};

/// Shells whose origins come from an instrumented run; the others have staged runs.
const TRACED: &[&str] = &["bash", "zsh", "fish", "dash"];

/// Homes like the frameworks': at most this many times the plain start.
const FRAMEWORK_LIMIT: f64 = 1.5;

/// A home of 20,000 commands.
const MANY_LIMIT: f64 = 15.0;

pub(super) fn lines(program: &str, wanted: &dyn Fn(&str) -> bool, show: &mut dyn FnMut(Line)) -> Done {
    for shell in TRACED {
        for (kind, limit, runs, lay) in [
            ("framework-sized home", FRAMEWORK_LIMIT, 11, homes::framework as fn(&str, &Path) -> _),
            ("20,000 commands", MANY_LIMIT, 3, homes::many),
        ] {
            let name = format!("{shell}: {kind}, instrumented / plain");
            if !wanted(&name) {
                continue;
            }
            let home = tempfile::tempdir()?;
            lay(shell, home.path())?;
            show(one(&name, shell, home.path(), program, runs, limit)?);
        }
    }
    Ok(())
}

fn one(name: &str, shell: &str, home: &Path, program: &str, runs: usize, limit: f64) -> Done<Line> {
    let machine = || Real::with_hand_over(HandOver::Program(program.to_owned()));
    let system = machine();
    let request = request(&system, shell, home)?;
    let rules = dialect(request.shell.kind);
    let plain = system.run(&rules.plain(&request));
    if plain.environment.is_none() {
        return Err(Failure::new(format!("{shell}: the plain start came to no end ({:?})", plain.end)));
    }
    let (plain_time, traced_time) = shortest_by_turns(
        runs,
        || {
            system.run(&rules.plain(&request));
            Ok(())
        },
        || {
            // What a thread, or the machine, remembers of the files from one start to the next is not there yet.
            std::thread::scope(|scope| scope.spawn(|| rules.trace(&machine(), &request, &plain)).join())
                .map_err(|_| Failure::new("a thread ended in a panic"))?;
            Ok(())
        },
    )?;
    let detail = format!("{} / {}", ms(traced_time), ms(plain_time));
    Ok(Line { name: name.to_owned(), measured: ratio(traced_time, plain_time), limit, unit: "×", detail })
}

/// The everyday mode: interactive, on a terminal.
fn request(system: &Real, shell: &str, home: &Path) -> Done<Request> {
    let path = needs::find(shell).ok_or_else(|| Failure::new(format!("`{shell}` is not installed")))?;
    let found = identify(system, &path.display().to_string())
        .ok_or_else(|| Failure::new(format!("`{shell}` is no shell that the product knows")))?;
    let base = environment(home)
        .into_iter()
        .map(|(n, v)| (Name::from(n.as_str()), Value::from(v.as_str())))
        .collect();
    Ok(Request {
        shell: found,
        mode: Mode::INTERACTIVE,
        base,
        cwd: home.display().to_string(),
        arg0: None,
        terminal: Some(Size::default()),
        detached: false,
        options: Vec::new(),
        uid: system.user().uid,
        limits: Limits { cpu_ms: 120_000, idle_ms: 30_000, wall_ms: 120_000, ..Limits::default() },
    })
}

/// What shells of these homes start from.
pub(super) fn environment(home: &Path) -> Vec<(String, String)> {
    let home = home.display().to_string();
    let shrc = format!("{home}/.shrc");
    [
        ("HOME", home.as_str()),
        ("USER", "ann"),
        ("LOGNAME", "ann"),
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("TERM", "xterm-256color"),
        ("LANG", "C.UTF-8"),
        ("ENV", &shrc),
    ]
    .iter()
    .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
    .collect()
}
