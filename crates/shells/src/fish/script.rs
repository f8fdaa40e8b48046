//! The text of a fish file: which commands stand on which line, and in which function.
//!
//! A scanner, not a parser: it follows quotes, comments, substitutions and blocks (fish: src/ast.h, doc
//! language.rst), and is never wrong about lines. It is used to find the call site of a command that was traced.

/// A command of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub line: u32,
    /// In bytes, from 1.
    pub column: u32,
    pub word: String,
    /// As it is written, from the word to the end of the command.
    pub text: String,
    /// The pipeline before it on the same line, as written.
    pub before: String,
    /// Index into [`Script::functions`] of the innermost function that it stands in.
    pub function: Option<usize>,
    /// It stands between the parentheses of a command substitution.
    pub substituted: bool,
}

/// A function of a file: the lines from its head to its `end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Function {
    pub name: String,
    pub first: u32,
    pub last: u32,
}

/// A file, scanned.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    pub commands: Vec<Command>,
    pub functions: Vec<Function>,
    lines: Vec<String>,
}

impl Script {
    pub(super) fn line(&self, line: u32) -> Option<&str> {
        self.lines.get(usize::try_from(line).ok()?.checked_sub(1)?).map(String::as_str)
    }

    /// The innermost function around a line; its own head line counts.
    pub(super) fn function_at(&self, line: u32) -> Option<&Function> {
        self.functions.iter().filter(|f| f.first <= line && line <= f.last).max_by_key(|f| f.first)
    }

    /// Where `name` is written in that line, in bytes from 1; 0 where it is not, or in several commands that set it.
    pub(super) fn column(&self, line: u32, name: &str) -> u32 {
        let found = self.line(line).and_then(|text| written_in(text, name));
        found.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(0)
    }
}

/// Where `name` stands and is not expanded: the only place, or that of the only command with a `set` before it.
fn written_in(text: &str, name: &str) -> Option<usize> {
    let mut places: Vec<usize> = words_in(text, name).filter(|&at| !text[..at].ends_with('$')).collect();
    // One place a command: `set X X` names it where it stands first.
    let command = |at: usize| text[..at].rfind([';', '|', '&', '(']).map_or(0, |sign| sign + 1);
    places.dedup_by_key(|at| command(*at));
    if places.len() < 2 {
        return places.first().copied();
    }
    let mut sets = places.iter().filter(|&&at| words_in(&text[command(at)..at], "set").next().is_some());
    match (sets.next(), sets.next()) {
        (Some(&only), None) => Some(only),
        _ => None,
    }
}

/// Where `name` stands as a whole word, first.
pub(super) fn word_in(text: &str, name: &str) -> Option<usize> {
    words_in(text, name).next()
}

fn words_in<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name)
        .map(|(at, _)| at)
        .filter(move |&at| !text[..at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word))
}

/// Words after which a command still begins.
const PREFIXES: &[&str] =
    &["and", "or", "not", "!", "time", "command", "builtin", "if", "while", "else", "begin"];
const BLOCKS: &[&str] = &["if", "while", "for", "switch", "begin", "function"];

struct Scanner {
    script: Script,
    /// Open blocks; a function by its index.
    blocks: Vec<Option<usize>>,
    line: u32,
    line_start: usize,
    pipeline_start: usize,
    /// The word before, while a command still begins.
    prefix: Option<String>,
    /// The command that is being read: index into `commands`, and where it begins.
    open: Option<(usize, usize)>,
    /// `function` was read, its name comes.
    naming: bool,
    at_start: bool,
    /// Commands around an open substitution.
    outer: Vec<(Option<(usize, usize)>, usize)>,
}

pub(super) fn scan(bytes: &[u8]) -> Script {
    let text = String::from_utf8_lossy(bytes);
    let mut scanner = Scanner {
        script: Script { lines: text.lines().map(str::to_owned).collect(), ..Script::default() },
        blocks: Vec::new(),
        line: 1,
        line_start: 0,
        pipeline_start: 0,
        prefix: None,
        open: None,
        naming: false,
        at_start: true,
        outer: Vec::new(),
    };
    scanner.run(&text);
    scanner.script
}

impl Scanner {
    fn run(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'\n' => {
                    self.end_command(text, at, true);
                    self.newline(at);
                    at += 1;
                }
                b' ' | b'\t' | b'\r' => at += 1,
                b'#' => at += bytes[at..].iter().position(|&b| b == b'\n').unwrap_or(bytes.len() - at),
                b';' | b'&' => {
                    self.end_command(text, at, true);
                    at += 1;
                }
                b'|' => {
                    self.end_command(text, at, false);
                    at += 1;
                }
                b'(' => {
                    self.outer.push((self.open.take(), self.pipeline_start));
                    self.begin_command(at + 1);
                    at += 1;
                }
                b')' => {
                    self.end_command(text, at, true);
                    if let Some((open, pipeline)) = self.outer.pop() {
                        self.open = open;
                        self.pipeline_start = pipeline;
                    }
                    self.at_start = false;
                    at += 1;
                }
                b'\\' if bytes.get(at + 1) == Some(&b'\n') => {
                    self.newline(at + 1);
                    at += 2;
                }
                _ => at = self.word(text, at),
            }
        }
        self.end_command(text, bytes.len(), true);
    }

    fn newline(&mut self, at: usize) {
        self.line += 1;
        self.line_start = at + 1;
    }

    fn begin_command(&mut self, pipeline_start: usize) {
        self.at_start = true;
        self.prefix = None;
        self.pipeline_start = pipeline_start;
    }

    fn end_command(&mut self, text: &str, at: usize, pipeline_ends: bool) {
        if let Some((index, start)) = self.open.take()
            && let Some(command) = self.script.commands.get_mut(index)
        {
            text[start..at].trim_end().clone_into(&mut command.text);
        }
        self.naming = false;
        self.begin_command(if pipeline_ends { at + 1 } else { self.pipeline_start });
    }

    /// Reads one word, which ends where none of its characters belongs to it; returns where it ends.
    fn word(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        let (line, column) = (self.line, start - self.line_start);
        let mut at = start;
        let mut quote = None;
        while at < bytes.len() {
            let b = bytes[at];
            match quote {
                Some(_) if b == b'\\' => at += 1,
                Some(q) if b == q => quote = None,
                Some(_) => {}
                None if b == b'\'' || b == b'"' => quote = Some(b),
                None if b == b'\\' && bytes.get(at + 1) != Some(&b'\n') => at += 1,
                None if b"\n \t\r;&|()\\".contains(&b) => break,
                None => {}
            }
            if bytes.get(at) == Some(&b'\n') {
                self.newline(at);
            }
            at += 1;
        }
        let end = at.min(bytes.len());
        self.take_word(text, start, end, line, column);
        end
    }

    fn take_word(&mut self, text: &str, start: usize, end: usize, line: u32, column: usize) {
        let word = &text[start..end];
        if self.naming {
            self.naming = false;
            let function = Function { name: unquote(word), first: line, last: u32::MAX };
            self.script.functions.push(function);
            if let Some(block) = self.blocks.last_mut() {
                *block = Some(self.script.functions.len() - 1);
            }
            return;
        }
        if !self.at_start {
            return;
        }
        if is_assignment(word) {
            return;
        }
        let after_else = self.prefix.as_deref() == Some("else");
        if BLOCKS.contains(&word) && !(after_else && word == "if") {
            self.blocks.push(None);
        }
        if word == "end"
            && let Some(Some(function)) = self.blocks.pop()
        {
            self.script.functions[function].last = line;
        }
        self.naming = word == "function";
        if PREFIXES.contains(&word) {
            self.prefix = Some(word.to_owned());
            return;
        }
        self.at_start = false;
        let function = self.blocks.iter().rev().find_map(|b| *b);
        self.script.commands.push(Command {
            line,
            column: u32::try_from(column + 1).unwrap_or(0),
            word: unquote(word),
            text: String::new(),
            before: text.get(self.pipeline_start..start).unwrap_or_default().trim().to_owned(),
            function,
            substituted: !self.outer.is_empty(),
        });
        self.open = Some((self.script.commands.len() - 1, start));
    }
}

/// `NAME=value command`.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

fn unquote(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '\'' | '"' | '\\')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_where_it_is_set_not_where_it_is_read() {
        let text = "if test -z \"$A\"; set -gx A 1; end\nset A 1; set -a A 2\nset A $A A\necho A | read A\n";
        let script = scan(text.as_bytes());
        let columns: Vec<u32> = (1..=4).map(|line| script.column(line, "A")).collect();
        assert_eq!(columns, [26, 0, 5, 0]);
    }

    #[test]
    fn commands_know_their_line_and_function() {
        let script = scan(
            b"# x\nfunction pp --argument d\n    if true # end\n        set -gx PATH $d \\\n            $PATH\n    else if false\n    end\nend\n\npp (echo a; echo b) 'x\ny'; and pp z\nmise activate | source\nA=1 env | cat\n",
        );
        let found: Vec<(u32, &str, bool)> =
            script.commands.iter().map(|c| (c.line, c.word.as_str(), c.function.is_some())).collect();
        assert_eq!(
            found,
            [
                (2, "function", false),
                (3, "true", true),
                (4, "set", true),
                (6, "false", true),
                (7, "end", true),
                (8, "end", false),
                (10, "pp", false),
                (10, "echo", false),
                (10, "echo", false),
                (11, "pp", false),
                (12, "mise", false),
                (12, "source", false),
                (13, "env", false),
                (13, "cat", false),
            ]
        );
        assert_eq!(script.functions, [Function { name: "pp".to_owned(), first: 2, last: 8 }]);
        let source = script.commands.iter().find(|c| c.word == "source").expect("source is there");
        assert_eq!(source.before, "mise activate |");
        assert_eq!(script.commands[6].text, "pp (echo a; echo b) 'x\ny'");
    }
}
