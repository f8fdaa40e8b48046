//! Lists of words as the go command splits and joins them (go: src/cmd/internal/quoted/quoted.go).

/// A quote that is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unterminated(char);

impl std::fmt::Display for Unterminated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unterminated {} string", self.0)
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Words separated by blanks; quotes count only where a word begins, and nothing is escaped inside them.
pub(super) fn split(text: &str) -> Result<Vec<String>, Unterminated> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_blank);
        let Some(first) = rest.chars().next() else { return Ok(words) };
        let (word, after) = if first == '"' || first == '\'' {
            rest[1..].split_once(first).ok_or(Unterminated(first))?
        } else {
            rest.split_at(rest.find(is_blank).unwrap_or(rest.len()))
        };
        words.push(word.to_owned());
        rest = after;
    }
}

/// Words that [`split`] gives back; where one holds both quotes, simply with blanks between them (go:
/// src/cmd/go/internal/envcmd/env.go `ExtraEnvVarsCostly`).
pub(super) fn join(words: &[String]) -> String {
    let quoted: Option<Vec<String>> = words
        .iter()
        .map(|word| match (word.contains(is_blank), word.contains('\''), word.contains('"')) {
            (false, false, false) => Some(word.clone()),
            (_, false, _) => Some(format!("'{word}'")),
            (_, true, false) => Some(format!("\"{word}\"")),
            (_, true, true) => None,
        })
        .collect();
    quoted.unwrap_or_else(|| words.to_vec()).join(" ")
}

/// Go's `strings.Fields`, which came before: blanks of Unicode separate, quotes are nothing.
pub(super) fn fields(text: &str) -> Vec<String> {
    text.split(is_unicode_space).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Go's `unicode.IsSpace`.
pub(super) fn is_unicode_space(c: char) -> bool {
    c.is_whitespace()
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_of_lists() {
        let split = |text: &str| super::split(text).map(|w| w.join("|")).map_err(|e| e.to_string());
        assert_eq!(split("  -a 'b c'd \"e'f\" g\"h"), Ok("-a|b c|d|e'f|g\"h".to_owned()));
        assert_eq!(split("a 'b"), Err("unterminated ' string".to_owned()));
        let join = |words: &[&str]| super::join(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(join(&["a", "b c", "d'e"]), "a 'b c' \"d'e\"");
        assert_eq!(join(&["a b", "c'\""]), "a b c'\"");
    }
}
