//! The place of a traced command in the files: line and column, call site, and whether the text there agrees.
//!
//! zsh's own numbers are right but for four cases: a statement over several lines, text given to `eval`, functions
//! that were defined by such text, and whatever runs inside `emulate sh -c` (where EVAL_LINENO is off and the number
//! is that of the line after the whole top-level command).

use super::calls::{Calls, Scope};
use super::source::{Sources, is_pipe};
use super::words;
use model::{Place, Via};

/// Where a command stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) place: Place,
    pub(super) via: Option<Via>,
    /// The text at the place, or the command as it was traced, has the name.
    pub(super) fits: bool,
}

pub(super) struct Finder<'a> {
    pub(super) calls: &'a Calls<'a>,
    pub(super) sources: &'a Sources<'a>,
    pub(super) cwd: &'a str,
    /// For each live record: it ran under sh's or ksh's options.
    pub(super) emulated: &'a [bool],
}

impl Finder<'_> {
    /// The place of the command of a live record, as far as it concerns a variable.
    pub(super) fn spot(&self, at: usize, spellings: &[Vec<u8>]) -> Spot {
        let record = self.calls.live[at];
        let traced = words::mentions(record.text, spellings);
        let mut spot = match self.calls.scope(at) {
            Scope::Eval => self.evaluated(at, spellings),
            Scope::Function => self.in_function(at, spellings),
            Scope::File | Scope::CommandLine => self.in_file(at, spellings),
        };
        spot.fits |= traced;
        spot
    }

    /// The call site of a record in the files: where a human would look for it.
    pub(super) fn site(&self, at: usize) -> Place {
        self.spot(at, &[]).place
    }

    pub(super) fn file(&self, at: usize) -> String {
        self.absolute(&text(&self.calls.live[at].file), self.calls.caller(at))
    }

    /// A file's path as zsh has it, made absolute: beside the file that named it, or in the working folder.
    pub(super) fn absolute(&self, name: &str, caller: Option<usize>) -> String {
        if name.starts_with('/') {
            return name.to_owned();
        }
        let tail = name.trim_start_matches("./");
        let parent = caller.map(|n| self.file(n));
        let beside =
            parent.as_deref().and_then(|p| p.rsplit_once('/')).map(|(folder, _)| format!("{folder}/{tail}"));
        let here = format!("{}/{tail}", self.cwd.trim_end_matches('/'));
        match beside {
            Some(beside)
                if self.sources.line(&here, 1).is_empty() && !self.sources.line(&beside, 1).is_empty() =>
            {
                beside
            }
            _ => here,
        }
    }

    /// Whether the line has a word. zsh does not print `exec` in front of what it traces.
    pub(super) fn has_word(&self, place: &Place, word: &[u8]) -> bool {
        words::places(&self.sources.line(&place.path, place.line), word).next().is_some()
    }

    fn in_file(&self, at: usize, spellings: &[Vec<u8>]) -> Spot {
        let record = self.calls.live[at];
        let path = self.file(at);
        if is_pipe(&path) {
            let place =
                self.calls.caller(at).map_or_else(|| Place::line(path, record.line), |n| self.site(n));
            let via =
                Via { how: "source".to_owned(), place: place.clone(), generated_line: Some(record.line) };
            return Spot { place, via: Some(via), fits: false };
        }
        let line = if self.emulated[at] { record.line.saturating_sub(1) } else { record.line };
        self.in_lines(&path, line, self.emulated[at], spellings, None)
    }

    fn in_function(&self, at: usize, spellings: &[Vec<u8>]) -> Spot {
        let record = self.calls.live[at];
        let path = self.file(at);
        let call = self.calls.caller(at).map(|n| self.site(n));
        let name = text(&record.scope);
        let how = if name == "(anon)" { "anonymous function".to_owned() } else { format!("function {name}") };
        if let Some((place, generated_line)) = self.defined_by_eval(at, &path) {
            let via = Via {
                how,
                place: call.unwrap_or_else(|| place.clone()),
                generated_line: Some(generated_line),
            };
            return Spot { place, via: Some(via), fits: false };
        }
        let via = call.map(|place| Via { how, place, generated_line: None });
        if self.emulated[at] {
            let definition = record.line.saturating_sub(record.inner_line).saturating_sub(1);
            return self.in_lines(&path, definition, true, spellings, via);
        }
        self.in_lines(&path, record.line, false, spellings, via)
    }

    /// Looks for the name from `line` to the end of its statement, or backwards where the number is that of the end.
    fn in_lines(
        &self,
        path: &str,
        line: u32,
        backwards: bool,
        spellings: &[Vec<u8>],
        via: Option<Via>,
    ) -> Spot {
        let test = |text: &[u8]| words::mentions(text, spellings);
        let found = if spellings.is_empty() {
            None
        } else if backwards {
            self.sources.last(path, line.saturating_sub(super::source::STATEMENT_LINES), line, test)
        } else {
            self.sources.first(path, line, self.sources.statement_end(path, line), test)
        };
        let place = self.place(path, found.unwrap_or(line), spellings);
        Spot { place, via, fits: found.is_some() }
    }

    /// Text given to `eval`: the call site, or the line in it if the text stands there literally.
    fn evaluated(&self, at: usize, spellings: &[Vec<u8>]) -> Spot {
        let record = self.calls.live[at];
        let Some(caller) = self.calls.caller(at) else {
            return Spot { place: Place::line(self.file(at), record.line), via: None, fits: false };
        };
        let call = self.spot(caller, &[]);
        let place = call.place;
        let generated_line = record.inner_line.max(1);
        let literal = place.line + generated_line - 1;
        let test = |text: &[u8]| words::changes(text, spellings);
        let found = call.via.as_ref().is_none_or(|v| v.generated_line.is_none()).then(|| {
            let end = self.sources.statement_end(&place.path, place.line);
            self.sources
                .first(&place.path, literal, literal.min(end), test)
                .or_else(|| self.sources.first(&place.path, place.line, end, test))
        });
        let found = found.flatten();
        let via = Via { how: "eval".to_owned(), place: place.clone(), generated_line: Some(generated_line) };
        let place = found.map_or(place.clone(), |line| self.place(&place.path, line, spellings));
        Spot { place, via: Some(via), fits: found.is_some() }
    }

    /// The `eval` whose text defined the function that a record runs in, and the line in that text. Such a function
    /// is numbered on from the line of the `eval`, where the file has something else.
    fn defined_by_eval(&self, at: usize, path: &str) -> Option<(Place, u32)> {
        let record = self.calls.live[at];
        let definition = record.line.saturating_sub(record.inner_line);
        let name = text(&record.scope);
        let near = |line: u32| words::defines(&self.sources.line(path, line), name.as_bytes());
        // `name ()` stands on the line that is counted from, or shortly before its brace.
        let literal = name == "(anon)" || (definition.saturating_sub(2)..=definition).any(near);
        let autoloaded = record.inner_line == record.line;
        if literal || autoloaded {
            return None;
        }
        let evals: Vec<usize> = (0..at)
            .filter(|&n| self.calls.scope(n) == Scope::Eval && self.file(n) == path)
            .filter_map(|n| self.calls.caller(n))
            .filter(|&n| self.calls.live[n].line <= definition)
            .collect();
        // The text that was evaluated stands in the record of the `eval`.
        let defining = |&&n: &&usize| {
            let command = words::split(self.calls.live[n].text);
            let text = command.get(1..).unwrap_or_default().join(&b' ');
            let line = usize::try_from(definition - self.calls.live[n].line).unwrap_or(0);
            let near = text.split(|&b| b == b'\n').skip(line.saturating_sub(2)).take(2);
            near.into_iter().any(|l| words::defines(l, name.as_bytes()))
        };
        let eval = *evals
            .iter()
            .rfind(defining)
            .or_else(|| evals.iter().max_by_key(|&&n| (self.calls.live[n].line, n)))?;
        let generated = record.line - self.calls.live[eval].line;
        Some((self.site(eval), generated.max(1)))
    }

    /// A line with the column of the name, where it stands there once as something that is changed. A line that
    /// assigns to it twice (`case … a) X=1;; b) X=2;; esac`) does not tell which of the two it was.
    pub(super) fn place(&self, path: &str, line: u32, spellings: &[Vec<u8>]) -> Place {
        let text = self.sources.line(path, line);
        let mut place = Place::line(path, line);
        let mut columns: Vec<usize> = spellings
            .iter()
            .flat_map(|name| {
                words::places(&text, name)
                    .filter(|at| words::changes(&text[*at..], std::slice::from_ref(name)))
                    .collect::<Vec<_>>()
            })
            .collect();
        columns.sort_unstable();
        let mut assigned = columns.iter().filter(|&&at| words::assigned_at(&text, at, spellings));
        let column = match (assigned.next(), assigned.next()) {
            (Some(_), Some(_)) => None,
            (Some(only), None) => Some(only),
            _ => columns.iter().find(|&&at| !text[..at].ends_with(b"$") && !text[..at].ends_with(b"${")),
        };
        if let Some(&first) = column {
            place.column = u32::try_from(first + 1).unwrap_or(0);
        }
        place
    }
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
