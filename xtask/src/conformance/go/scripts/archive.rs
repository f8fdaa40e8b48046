//! Script files: a text archive, and the words of its lines.
//!
//! Not here: what the commands do.

/// A script and the files that come with it.
pub(in crate::conformance::go) struct Archive {
    pub(in crate::conformance::go) script: Vec<String>,
    pub(in crate::conformance::go) files: Vec<(String, String)>,
}

/// go: src/internal/txtar/archive.go `Parse`: files begin with a line `-- NAME --`.
pub(in crate::conformance::go) fn parse(text: &str) -> Archive {
    let mut archive = Archive { script: Vec::new(), files: Vec::new() };
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let name = bare.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (name, archive.files.last_mut()) {
            (Some(name), _) => archive.files.push((name.trim().to_owned(), String::new())),
            (None, Some((_, content))) => content.push_str(line),
            (None, None) => archive.script.push(bare.to_owned()),
        }
    }
    archive
}

/// What a line expects of its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::conformance::go) enum Wanted {
    Success,
    Failure,
    Either,
}

/// A piece of a word; in quotes, no variable is expanded.
#[derive(Clone, Debug)]
pub(in crate::conformance::go) struct Piece {
    pub(in crate::conformance::go) text: String,
    pub(in crate::conformance::go) quoted: bool,
}

#[derive(Clone, Debug)]
pub(in crate::conformance::go) struct Line {
    pub(in crate::conformance::go) wanted: Wanted,
    /// `[!GOOS:windows]` is `(false, "GOOS:windows")`.
    pub(in crate::conformance::go) conditions: Vec<(bool, String)>,
    pub(in crate::conformance::go) command: String,
    pub(in crate::conformance::go) words: Vec<Vec<Piece>>,
}

/// go: src/cmd/internal/script/engine.go `parse`. `None` for a comment or a blank line.
pub(in crate::conformance::go) fn line(text: &str) -> Result<Option<Line>, String> {
    let mut line =
        Line { wanted: Wanted::Success, conditions: Vec::new(), command: String::new(), words: Vec::new() };
    for word in words(text)? {
        let bare = match word.as_slice() {
            [Piece { text, quoted: false }] if line.command.is_empty() => Some(text.as_str()),
            _ => None,
        };
        match bare {
            Some("!") => line.wanted = Wanted::Failure,
            Some("?") => line.wanted = Wanted::Either,
            Some(text) => match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(condition) => line.conditions.push(match condition.strip_prefix('!') {
                    Some(rest) => (false, rest.trim().to_owned()),
                    None => (true, condition.to_owned()),
                }),
                None => text.clone_into(&mut line.command),
            },
            None => line.words.push(word),
        }
    }
    Ok((!line.command.is_empty()).then_some(line))
}

fn words(text: &str) -> Result<Vec<Vec<Piece>>, String> {
    let (mut words, mut word, mut piece) = (Vec::new(), Vec::<Piece>::new(), String::new());
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    loop {
        let next = chars.next();
        match next {
            None | Some(' ' | '\t' | '\r' | '#') if !quoted => {
                if !piece.is_empty() {
                    word.push(Piece { text: std::mem::take(&mut piece), quoted: false });
                }
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                // `#` ends the line only between words, which is where we are if nothing was read of one.
                if matches!(next, None | Some('#')) {
                    return Ok(words);
                }
            }
            None => return Err("unterminated quoted argument".to_owned()),
            Some('\'') if quoted && chars.peek() == Some(&'\'') => {
                chars.next();
                piece.push('\'');
            }
            Some('\'') => {
                if quoted || !piece.is_empty() {
                    word.push(Piece { text: std::mem::take(&mut piece), quoted });
                }
                quoted = !quoted;
            }
            Some(c) => piece.push(c),
        }
    }
}
