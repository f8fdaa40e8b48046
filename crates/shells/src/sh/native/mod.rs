//! Origins by dash's own `set -x`.
//!
//! dash reads its files as it always does, and prints every simple command with its words expanded: no file, and as
//! Debian builds it no line (`--disable-lineno`). Those are found by walking the files along ([`walk`]); what the
//! commands did is then told as it is of bash. Where the trace might get where it does not belong ([`scan`]), where it
//! has a gap, where no way through the files fits, or more than one, nothing is said here, and bash stands in
//! (`super::emulation`).

mod code;
mod known;
mod pattern;
mod scan;
mod stream;
mod syntax;
mod walk;

use crate::bash::xtrace::{Mark, Question, Record, explain};
use crate::bash::{last_values, mode_options};
use crate::{Request, Trace, TraceEnd};
use model::{Layer, Name, Origin, Shadow, Value};
use scan::Scan;
use system::{RunEnd, RunOutcome, RunSpec, System};
use walk::{Kind, Walk, Walked, What};

/// What the shell itself tells of a start that came to its end; `None` where that is not enough.
pub(super) fn trace(
    system: &dyn System,
    request: &Request,
    plain: &RunOutcome,
    phases: &[Layer],
) -> Option<Trace> {
    let environment = plain.environment.as_deref()?;
    if plain.end != RunEnd::HandedOver || plain.read_terminal {
        return None;
    }
    let known = request.base.iter().chain(environment);
    let scan = Scan::new(system, &request.cwd, known.map(|(n, v)| (n.as_bytes(), v.as_bytes())));
    let startups = startups(request, environment, &scan);
    let files = scan.run(&startups)?;

    let mark = Mark::new(system.now_ms(), system.pid());
    let spec = spec(request, &mark);
    // The files are made ready for the walk while the shell runs.
    let (outcome, files) = std::thread::scope(|scope| {
        let outcome = scope.spawn(|| system.run(&spec));
        let files = code::of_files(files);
        // A panic there is ours.
        (outcome.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), files)
    });
    let mut end = outcome.environment?;
    end.retain(|(name, _)| !stream::is_ours(name));
    let printed = stream::commands(&outcome.stderr, &mark)?;
    let walked =
        Walk::new(system, &request.cwd, &printed, &startups, files).run(&stream::last_command(&mark))?;
    if walked.doubtful(&printed).any(may_write) {
        return None;
    }
    let told = told(&walked, &printed);
    let records: Vec<Record<'_>> = told.iter().map(Told::record).collect();
    let question = Question {
        system,
        base: &request.base,
        end: Some(&end),
        cwd: &request.cwd,
        watched: &[],
        phases,
        prompt_phase: None,
        posix: true,
    };
    let explained = explain(&question, &records);
    if !explained.unexplained.is_empty() {
        return None;
    }
    let shadow = stream::answer(&outcome.stderr, &mark).and_then(|a| shadow(&a, explained.shadow, &walked));
    let mut read = explained.files;
    read.extend(walked.files.iter().cloned());
    Some(Trace {
        phases: phases.to_vec(),
        changes: explained.changes,
        end: TraceEnd::Complete,
        last: last_values(&end, &request.base),
        files: read,
        shadow,
        problems: Vec::new(),
    })
}

/// The paths that each start-up file may have. ENV may be set by the files before.
fn startups(request: &Request, environment: &[(Name, Value)], scan: &Scan<'_>) -> Vec<Vec<String>> {
    let mut files = Vec::new();
    if request.mode.login {
        files.push(vec!["/etc/profile".to_owned()]);
        files.push(vec![format!("{}/.profile", request.home())]);
    }
    if request.mode.interactive {
        let later = environment.iter().find(|(name, _)| name.is("ENV")).map(|(_, value)| value);
        let mut paths: Vec<String> = [later, request.base_value("ENV")]
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .flat_map(|value| scan.named(value))
            .filter(|path| path.starts_with('/'))
            .collect();
        paths.dedup();
        files.push(paths);
    }
    files
}

/// The plain run with `set -x` on from the beginning (dash: src/main.c main reads the options before any file).
fn spec(request: &Request, mark: &Mark) -> RunSpec {
    let mut args: Vec<Value> = vec!["-x".into()];
    args.extend(mode_options(request));
    let asked = if request.mode.interactive { stream::QUESTION } else { "" };
    args.extend(["-c".into(), format!("{}\n{asked}@HANDOVER@", stream::last_command(mark)).into()]);
    let mut env = request.base.clone();
    env.retain(|(name, _)| !stream::is_ours(name));
    env.push(("PS4".into(), stream::ps4(mark).into()));
    env.push((stream::COUNTER.into(), "0".into()));
    RunSpec {
        program: request.shell.path.clone(),
        arg0: request.arg0.clone(),
        args,
        env,
        cwd: request.cwd.clone(),
        terminal: request.interactive_terminal(),
        separate_stderr: request.interactive_terminal().is_some(),
        limits: request.limits,
        ..RunSpec::default()
    }
}

fn only_reads(simple: &syntax::Simple, printed: &[u8]) -> bool {
    simple.assignments.is_empty() && !simple.source.contains(&b'=') && !may_write(printed)
}

/// Whether a command may write a variable.
fn may_write(printed: &[u8]) -> bool {
    const READERS: &[&[u8]] =
        &[b"[", b"test", b"true", b"false", b":", b"echo", b"printf", b"return", b"alias"];
    let text = printed.strip_prefix(b" ").unwrap_or(printed);
    let word = text.split(|b| b" \n".contains(b)).next().unwrap_or_default();
    !READERS.contains(&word)
}

/// A command as bash would have told of it.
struct Told {
    level: usize,
    depth: usize,
    line: u32,
    function: String,
    file: std::rc::Rc<str>,
    command: Vec<u8>,
    text: Vec<u8>,
}

impl Told {
    fn record(&self) -> Record<'_> {
        Record {
            level: self.level,
            pid: b"",
            depth: self.depth,
            line: self.line,
            function: self.function.as_bytes(),
            file: self.file.as_bytes(),
            command: &self.command,
            text: &self.text,
            watched: Vec::new(),
        }
    }

    /// From outside of every file.
    fn outside() -> Self {
        let text = b"builtin :".to_vec();
        Self {
            level: 1,
            depth: 0,
            line: 0,
            function: String::new(),
            file: "".into(),
            command: text.clone(),
            text,
        }
    }
}

fn told(walked: &Walked, printed: &[&[u8]]) -> Vec<Told> {
    let mut all = vec![Told::outside()];
    let mut startup = None;
    let mut commands = walked.commands(printed).peekable();
    while let Some(at) = commands.next() {
        let frame = at.frame;
        // What neither writes nor calls is of no interest, and there is much of it.
        let goes_on = commands.peek().is_some_and(|next| next.number == at.number);
        if goes_on && matches!(&at.what, What::Command { simple, printed, .. } if only_reads(simple, printed))
        {
            continue;
        }
        if frame.kind == Kind::Root {
            continue;
        }
        if startup != Some(frame.startup) {
            startup = Some(frame.startup);
            all.push(Told::outside());
        }
        let function = match &frame.kind {
            Kind::Function(name) => name.to_string(),
            Kind::Source => "source".to_owned(),
            Kind::Root | Kind::Eval => String::new(),
        };
        let mut tell = |line: u32, command: &[u8], text: Vec<u8>| {
            all.push(Told {
                level: frame.level,
                depth: frame.depth,
                line: frame.base + line,
                function: function.clone(),
                file: std::rc::Rc::clone(&frame.file),
                command: command.to_vec(),
                text,
            });
        };
        match at.what {
            What::Turn { name, line } => {
                let text = [b"for ", name, b" in"].concat();
                tell(line, &text.clone(), text);
            }
            What::Command { simple, printed, words } => {
                for text in as_bash_prints(simple, printed, &words) {
                    tell(simple.line, &simple.source, text);
                }
            }
        }
    }
    all
}

/// bash prints each assignment before a command by itself, and quotes what needs it.
fn as_bash_prints(simple: &syntax::Simple, printed: &[u8], words: &[std::ops::Range<usize>]) -> Vec<Vec<u8>> {
    let (assignments, rest) = words.split_at(simple.assignments.len());
    let mut texts = Vec::new();
    for range in assignments {
        let word = printed[range.clone()].strip_prefix(b" ").unwrap_or_default();
        let sign = word.iter().position(|&b| b == b'=').map_or(0, |at| at + 1);
        let (name, value) = word.split_at(sign);
        texts.push([name, &quoted(value)].concat());
    }
    let mut text: Vec<u8> = Vec::new();
    for (word, range) in simple.words.iter().zip(rest) {
        let out = &printed[range.clone()];
        let Some(out) = out.strip_prefix(b" ") else { continue };
        let files = word.pieces.iter().any(|p| matches!(p, syntax::Piece::Pattern(_)));
        let several = (word.splits || files) && pattern::assigned_name(word).is_none();
        let parts: Vec<&[u8]> = if several { out.split(|&b| b == b' ').collect() } else { vec![out] };
        for part in parts {
            if !text.is_empty() {
                text.push(b' ');
            }
            text.extend(quoted(part));
        }
    }
    if !text.is_empty() {
        texts.push(text);
    }
    texts
}

fn quoted(word: &[u8]) -> Vec<u8> {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_-./:=+,@%^[]".contains(b);
    if !word.is_empty() && word.iter().all(plain) {
        return word.to_vec();
    }
    let mut out = vec![b'\''];
    for &byte in word {
        match byte {
            b'\'' => out.extend_from_slice(b"'\\''"),
            byte => out.push(byte),
        }
    }
    out.push(b'\'');
    out
}

/// An alias or function `go`: what the shell says, and where that was made.
fn shadow(answer: &str, alias: Option<Shadow>, walked: &Walked) -> Option<Shadow> {
    if answer.contains("alias") {
        return alias;
    }
    let origin = walked.function("go").map(|(path, line)| Origin::line(path, line));
    answer.contains("function").then(|| Shadow {
        kind: "function".to_owned(),
        text: "go () ".to_owned(),
        origin,
    })
}
