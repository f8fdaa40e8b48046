//! Words of the shell, in two spellings: as bash prints them under `set -x`, and as they stand in source text.
//!
//! Not a parser of the shell's language: only words and their quotes.

/// Words as `set -x` prints them, unquoted (bash: print_cmd.c xtrace_print_word_list: plain, `'…'` or `$'…'`).
pub(crate) fn printed_words(text: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        while let Some(stripped) = rest.strip_prefix(b" ") {
            rest = stripped;
        }
        if rest.is_empty() {
            return words;
        }
        let (word, after) = printed_word(rest);
        words.push(word);
        rest = after;
    }
}

/// A value as an assignment is printed: one word to the end of the text, spaces and all where it is not quoted.
pub(crate) fn printed_value(text: &[u8]) -> Vec<u8> {
    let (word, rest) = printed_word(text);
    if rest.is_empty() { word } else { text.to_vec() }
}

fn printed_word(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut word = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b' ' => break,
            b'\'' => {
                let end = text[at + 1..].iter().position(|&b| b == b'\'').map_or(text.len(), |i| at + 1 + i);
                word.extend_from_slice(&text[at + 1..end]);
                at = (end + 1).min(text.len());
            }
            b'$' if text.get(at + 1) == Some(&b'\'') => at = ansi_c(text, at + 2, &mut word),
            b'\\' if at + 1 < text.len() => {
                word.push(text[at + 1]);
                at += 2;
            }
            byte => {
                word.push(byte);
                at += 1;
            }
        }
    }
    (word, &text[at..])
}

/// The inside of `$'…'` as bash writes it (lib/sh/strtrans.c ansic_quote); gives the index behind the quote.
fn ansi_c(text: &[u8], mut at: usize, word: &mut Vec<u8>) -> usize {
    while at < text.len() {
        match text[at] {
            b'\'' => return at + 1,
            b'\\' if at + 1 < text.len() => {
                let escaped = text[at + 1];
                at += 2;
                match escaped {
                    b'E' | b'e' => word.push(0x1b),
                    b'a' => word.push(7),
                    b'v' => word.push(11),
                    b'b' => word.push(8),
                    b'f' => word.push(12),
                    b'n' => word.push(b'\n'),
                    b'r' => word.push(b'\r'),
                    b't' => word.push(b'\t'),
                    b'0'..=b'7' => {
                        let digits = text[at - 1..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b));
                        let (mut value, mut count) = (0u32, 0);
                        for digit in digits {
                            value = value * 8 + u32::from(digit - b'0');
                            count += 1;
                        }
                        word.push((value & 0xff) as u8);
                        at += count - 1;
                    }
                    other => word.push(other),
                }
            }
            byte => {
                word.push(byte);
                at += 1;
            }
        }
    }
    at
}

/// Words of a simple command in source text, quotes and expansions left in them.
pub(crate) fn source_words(text: &[u8]) -> Vec<&[u8]> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if text[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let end = at + source_word_len(&text[at..]);
        words.push(&text[at..end]);
        at = end;
    }
    words
}

/// Length of the word at the start of source text: to the first blank or operator outside quotes and expansions.
pub(crate) fn source_word_len(text: &[u8]) -> usize {
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b' ' | b'\t' | b'\n' => break,
            b';' | b'&' | b'|' if at > 0 => break,
            b'\\' => at += 2,
            b'\'' => at = past(text, at + 1, b'\''),
            b'"' => at = past_double(text, at + 1),
            b'`' => at = past_backquote(text, at + 1),
            b'$' if text.get(at + 1) == Some(&b'\'') => at = past_escaped(text, at + 2, b'\''),
            b'$' if matches!(text.get(at + 1), Some(b'(' | b'{')) => at = past_nested(text, at + 1),
            b'(' => at = past_nested(text, at),
            _ => at += 1,
        }
    }
    at.clamp(1, text.len().max(1))
}

fn past(text: &[u8], from: usize, quote: u8) -> usize {
    text[from.min(text.len())..].iter().position(|&b| b == quote).map_or(text.len(), |i| from + i + 1)
}

fn past_escaped(text: &[u8], mut at: usize, quote: u8) -> usize {
    while at < text.len() && text[at] != quote {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

fn past_backquote(text: &[u8], at: usize) -> usize {
    past_escaped(text, at, b'`')
}

fn past_double(text: &[u8], mut at: usize) -> usize {
    while at < text.len() {
        match text[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            b'`' => at = past_backquote(text, at + 1),
            b'$' if matches!(text.get(at + 1), Some(b'(' | b'{')) => at = past_nested(text, at + 1),
            _ => at += 1,
        }
    }
    text.len()
}

/// From an opening bracket to behind its closing one.
fn past_nested(text: &[u8], open: usize) -> usize {
    let close = if text[open] == b'(' { b')' } else { b'}' };
    let mut at = open + 1;
    while at < text.len() {
        match text[at] {
            b if b == close => return at + 1,
            b'\\' => at += 2,
            b'\'' => at = past(text, at + 1, b'\''),
            b'"' => at = past_double(text, at + 1),
            b'`' => at = past_backquote(text, at + 1),
            b'(' if close == b')' => at = past_nested(text, at),
            b'$' if matches!(text.get(at + 1), Some(b'(' | b'{')) => at = past_nested(text, at + 1),
            _ => at += 1,
        }
    }
    text.len()
}

/// The name at the start of an assignment word, and what is behind its `=` or `+=`.
pub(crate) fn split_assignment(word: &[u8]) -> Option<(&[u8], bool, &[u8])> {
    let name = name_len(word);
    if name == 0 {
        return None;
    }
    match &word[name..] {
        [b'=', value @ ..] => Some((&word[..name], false, value)),
        [b'+', b'=', value @ ..] => Some((&word[..name], true, value)),
        _ => None,
    }
}

/// Length of the variable name at the start.
pub(crate) fn name_len(bytes: &[u8]) -> usize {
    if bytes.first().is_none_or(u8::is_ascii_digit) {
        return 0;
    }
    bytes.iter().take_while(|&&b| is_name_byte(b)).count()
}

pub(crate) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_words_are_what_bash_printed() {
        let words = printed_words(b"export 'A=it'\\''s' $'B=\\303\\244\\n\\E' plain ''");
        let expected: Vec<&[u8]> = vec![b"export", b"A=it's", b"B=\xc3\xa4\n\x1b", b"plain", b""];
        assert_eq!(words, expected);
        assert_eq!(printed_value(b"$'\\377\\376'"), b"\xff\xfe");
    }

    #[test]
    fn source_words_keep_their_expansions_whole() {
        let words = source_words(b"A=$(echo \"a b\" ')') export B=\"$(x \"y z\")\" ${C:=d e} `f g` \\  h");
        let expected: Vec<&[u8]> = vec![
            b"A=$(echo \"a b\" ')')",
            b"export",
            b"B=\"$(x \"y z\")\"",
            b"${C:=d e}",
            b"`f g`",
            b"\\ ",
            b"h",
        ];
        assert_eq!(words, expected);
    }

    #[test]
    fn a_word_in_a_line_ends_at_an_operator() {
        assert_eq!(source_word_len(b"GOFLAGS=-mod=mod; fi"), 16);
        assert_eq!(source_word_len(b"X=\"a;b\"&& y"), 7);
    }
}
