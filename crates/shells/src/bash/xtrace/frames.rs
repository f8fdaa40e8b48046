//! Which files, functions and generated texts a traced command runs in, rebuilt from the records.
//!
//! bash tells of each command how many functions and files are active and how deep it is in evaluated text; the
//! command before the depth grew is the call. Not here: what the commands do.

use super::record::Record;
use super::words::is_name_byte;
use std::collections::BTreeMap;

const EVALS: &[&[u8]] = &[b"eval ", b"builtin eval ", b"command eval "];
const SOURCES: &[&[u8]] = &[b". ", b"source ", b"builtin .", b"builtin source ", b"command ."];

/// A line of a real file, or of text that was generated at that line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// Absolute path; empty for text that is in no file (the run's own script, what is typed, a prompt hook).
    pub(crate) path: String,
    pub(crate) line: u32,
    /// Line in the generated text, from 1.
    pub(crate) generated_line: Option<u32>,
    /// The function from whose first line `line` counts: so an interactive bash counts in a function that no file
    /// called (bash: execute_cmd.c ADJUST_LINE_NUMBER).
    pub(crate) within: Option<String>,
}

impl Site {
    pub(crate) fn to_place(&self) -> model::Place {
        model::Place::line(self.path.clone(), self.line)
    }
}

#[derive(Clone, Debug)]
pub(crate) enum FrameKind {
    /// A sourced file.
    Source {
        path: String,
    },
    Function {
        name: String,
    },
    /// Text that `eval` or the like ran, or a file that is none (`/dev/fd/63`).
    Generated {
        how: &'static str,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    level: usize,
    depth: usize,
    pub(crate) kind: FrameKind,
    /// Where it was called; `None` from outside of every file.
    pub(crate) call: Option<Site>,
    /// The line that the call's record gave, from which bash numbers evaluated text.
    call_line: u32,
    pub(crate) call_command: &'a [u8],
}

/// Generated text that was evaluated, to find functions that it defined.
#[derive(Debug)]
struct Evaluated<'a> {
    file: String,
    site: Site,
    line: u32,
    text: &'a [u8],
}

#[derive(Debug)]
pub(crate) struct Frames<'a> {
    pub(crate) stack: Vec<Frame<'a>>,
    own_level: usize,
    own_depth: usize,
    own_file: &'a [u8],
    cwd: String,
    /// Relative and unreal file names, as they were when they first appeared.
    paths: BTreeMap<&'a [u8], String>,
    pipes: BTreeMap<String, Site>,
    evaluated: Vec<Evaluated<'a>>,
    last: Option<Record<'a>>,
}

impl<'a> Frames<'a> {
    /// `first` is a record of the run's own script.
    pub(crate) fn new(first: Option<&Record<'a>>, cwd: &str) -> Self {
        Self {
            stack: Vec::new(),
            own_level: first.map_or(1, |r| r.level),
            own_depth: first.map_or(0, |r| r.depth),
            own_file: first.map_or(b"", |r| r.file),
            cwd: cwd.to_owned(),
            paths: BTreeMap::new(),
            pipes: BTreeMap::new(),
            evaluated: Vec::new(),
            last: None,
        }
    }

    /// Follows the shell to this record. Gives the file that was newly sourced from outside of every file.
    pub(crate) fn enter(&mut self, record: &Record<'a>) -> Option<String> {
        while self.stack.last().is_some_and(|f| f.level > record.level || f.depth > record.depth) {
            self.stack.pop();
        }
        if record.depth < self.own_depth {
            // The run's script was a sourced file and has ended: this is a prompt.
            (self.own_level, self.own_depth) = (1, 0);
        }
        let (level, depth) =
            self.stack.last().map_or((self.own_level, self.own_depth), |f| (f.level, f.depth));
        let mut started = None;
        if record.depth > depth {
            let kind = self.new_file_or_function(record);
            if self.stack.is_empty()
                && let FrameKind::Source { path } = &kind
            {
                started = Some(path.clone());
            }
            self.push(record, kind);
        } else if record.level > level {
            let how = match self.last.as_ref().map(|r| r.text) {
                Some(text) if EVALS.iter().any(|e| text.starts_with(e)) => "eval",
                Some(_) if self.stack.is_empty() => "prompt hook",
                _ => "generated text",
            };
            self.push(record, FrameKind::Generated { how });
        }
        self.note_directory();
        self.note_generated(record);
        self.last = Some(record.clone());
        started
    }

    /// Text that is about to be evaluated: it may only define functions, and then no command of it is seen now.
    fn note_generated(&mut self, record: &Record<'a>) {
        let eval = EVALS.iter().any(|e| record.text.starts_with(e));
        let piped = || {
            let words = super::words::printed_words(record.text);
            words.into_iter().skip(1).find(|w| w.starts_with(b"/dev/fd/") || w.starts_with(b"/proc/self/fd/"))
        };
        if eval {
            if let Some(site) = self.site(record) {
                let file = self.path(record.file);
                self.evaluated.push(Evaluated { file, site, line: record.line, text: record.text });
            }
        } else if SOURCES.iter().any(|s| record.text.starts_with(s))
            && let (Some(site), Some(file)) = (self.site(record), piped())
        {
            self.pipes.insert(String::from_utf8_lossy(&file).into_owned(), site);
        }
    }

    fn new_file_or_function(&mut self, record: &Record<'a>) -> FrameKind {
        if record.function != b"source" && !record.function.is_empty() {
            return FrameKind::Function { name: String::from_utf8_lossy(record.function).into_owned() };
        }
        let path = self.path(record.file);
        if path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/") || path == "/dev/stdin" {
            FrameKind::Generated { how: "source" }
        } else {
            FrameKind::Source { path }
        }
    }

    fn push(&mut self, record: &Record<'a>, kind: FrameKind) {
        let last = self.last.clone();
        let call = last.as_ref().and_then(|r| self.site(r));
        let call_line = last.as_ref().map_or(0, |r| r.line);
        let call_command = last.map_or(&b""[..], |r| r.command);
        self.stack.push(Frame {
            level: record.level,
            depth: record.depth,
            kind,
            call,
            call_line,
            call_command,
        });
    }

    /// Follows `cd` with a plain argument, for relative names of sourced files.
    fn note_directory(&mut self) {
        let Some(last) = &self.last else { return };
        if let Some(argument) = last.text.strip_prefix(b"cd ") {
            let word = super::words::printed_words(argument).pop().unwrap_or_default();
            if let Ok(folder) = String::from_utf8(word)
                && folder != "-"
            {
                self.cwd = join(&self.cwd, &folder);
            }
        }
    }

    fn path(&mut self, file: &'a [u8]) -> String {
        if let Some(path) = self.paths.get(file) {
            return path.clone();
        }
        let path = join(&self.cwd, &String::from_utf8_lossy(file));
        self.paths.insert(file, path.clone());
        path
    }

    /// Where the record stands, given that the stack is at it. `None` outside of every file.
    pub(crate) fn site(&mut self, record: &Record<'a>) -> Option<Site> {
        let Some(frame) = self.stack.last() else {
            return (record.file != self.own_file && !record.file.is_empty()).then(|| Site {
                path: self.path(record.file),
                line: record.line,
                generated_line: None,
                within: None,
            });
        };
        match &frame.kind {
            FrameKind::Source { path } => {
                Some(Site { path: path.clone(), line: record.line, generated_line: None, within: None })
            }
            FrameKind::Function { name } => {
                let outside = self.own_depth == 0
                    && !self.stack.iter().any(|f| matches!(f.kind, FrameKind::Source { .. }));
                let within = outside.then(|| name.clone());
                let path = self.path(record.file);
                if let Some(site) = self.pipes.get(&path) {
                    return Some(Site { generated_line: Some(record.line), ..site.clone() });
                }
                (!record.file.is_empty()).then_some(Site {
                    path,
                    line: record.line,
                    generated_line: None,
                    within,
                })
            }
            FrameKind::Generated { how } => {
                let line = match *how {
                    "source" => record.line,
                    // bash numbers evaluated text on from the line of the `eval`.
                    _ => record.line.saturating_sub(frame.call_line) + 1,
                };
                frame.call.clone().map(|site| Site { generated_line: Some(line), ..site })
            }
        }
    }

    /// The innermost function, and where the chain of functions that led to it was called from a file's own text.
    pub(crate) fn function(&self) -> Option<(&str, Option<&Site>)> {
        let FrameKind::Function { name } = &self.stack.last()?.kind else { return None };
        let mut call = None;
        for frame in self.stack.iter().rev() {
            match frame.kind {
                FrameKind::Function { .. } | FrameKind::Generated { .. } => {
                    call = frame.call.as_ref().or(call);
                }
                FrameKind::Source { .. } => break,
            }
        }
        Some((name, call))
    }

    /// Whether a function runs, sourced files inside it and around it left out of account; the number of it in the
    /// stack tells one call from another.
    pub(crate) fn function_scope(&self) -> Option<usize> {
        self.stack.iter().rposition(|f| matches!(f.kind, FrameKind::Function { .. }))
    }

    /// The evaluated text that defined a function, and the line in it, for a line that bash counted on from an
    /// `eval`, or from the function's own first line.
    pub(crate) fn definition(&self, name: &str, site: &Site) -> Option<Site> {
        self.evaluated.iter().rev().filter(|e| e.file == site.path).find_map(|evaluated| {
            let (first, _) = function_lines(evaluated.text, name).next()?;
            let line = match site.within {
                Some(_) => first + site.line - 1,
                None => (site.line + 1).checked_sub(evaluated.line)?,
            };
            Some(Site { generated_line: Some(line), ..evaluated.site.clone() })
        })
    }

    /// Every real file that was seen.
    pub(crate) fn files(&self) -> Vec<String> {
        let own = String::from_utf8_lossy(self.own_file).into_owned();
        self.paths
            .values()
            .filter(|p| p.starts_with('/') && !p.starts_with("/dev/") && **p != own)
            .cloned()
            .collect()
    }
}

/// Lines of a text, from 1, where a function of this name is defined, each with what follows its name.
pub(super) fn function_lines<'t>(text: &'t [u8], name: &str) -> impl Iterator<Item = (u32, &'t [u8])> {
    let name = name.as_bytes().to_vec();
    text.split(|&b| b == b'\n').zip(1..).filter_map(move |(line, number)| {
        let at = line.windows(name.len().max(1)).position(|w| w == name)?;
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        let by_word = before.trim_ascii_end().ends_with(b"function");
        let whole = !before.last().is_some_and(|&b| is_name_byte(b) || b == b'-');
        (whole && (by_word || after.trim_ascii_start().starts_with(b"("))).then_some((number, after))
    })
}

fn join(folder: &str, path: &str) -> String {
    if path.is_empty() || path.starts_with('/') {
        return path.to_owned();
    }
    let path = path.strip_prefix("./").unwrap_or(path);
    format!("{}/{path}", folder.trim_end_matches('/'))
}
