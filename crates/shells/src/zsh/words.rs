//! Words of a traced command, and names in text.
//!
//! zsh prints the words of a command quoted so that it could read them again (zsh: Src/utils.c `quotedzputs`).

/// The words, unquoted.
pub(super) fn split(command: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut rest = command.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b' ' | b'\t' => words.extend(word.take()),
            b'\'' => {
                let word = word.get_or_insert_default();
                word.extend(rest.by_ref().take_while(|&b| b != b'\''));
            }
            b'$' if rest.peek() == Some(&b'\'') => {
                rest.next();
                escaped(&mut rest, word.get_or_insert_default());
            }
            b'\\' => word.get_or_insert_default().extend(rest.next()),
            _ => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    words
}

/// The inside of `$'…'`.
fn escaped(rest: &mut std::iter::Peekable<impl Iterator<Item = u8>>, word: &mut Vec<u8>) {
    while let Some(byte) = rest.next() {
        match byte {
            b'\'' => return,
            b'\\' => match rest.next() {
                Some(b'n') => word.push(b'\n'),
                Some(b't') => word.push(b'\t'),
                Some(b'r') => word.push(b'\r'),
                Some(b'a') => word.push(7),
                Some(b'b') => word.push(8),
                Some(b'v') => word.push(11),
                Some(b'f') => word.push(12),
                Some(digit @ b'0'..=b'7') => {
                    let mut code = u32::from(digit - b'0');
                    for _ in 0..2 {
                        let Some(next) = rest.next_if(|b| (b'0'..=b'7').contains(b)) else { break };
                        code = code * 8 + u32::from(next - b'0');
                    }
                    word.push(code.to_le_bytes()[0]);
                }
                Some(b'C') => word.extend(control(rest)),
                Some(b'M') => word.extend(meta(rest)),
                Some(other) => word.push(other),
                None => return,
            },
            _ => word.push(byte),
        }
    }
}

/// `\C-x`.
fn control(rest: &mut std::iter::Peekable<impl Iterator<Item = u8>>) -> Option<u8> {
    rest.next_if_eq(&b'-')?;
    let letter = rest.next()?;
    Some(if letter == b'?' { 127 } else { letter & 31 })
}

/// `\M-x` or `\M-\C-x`.
fn meta(rest: &mut std::iter::Peekable<impl Iterator<Item = u8>>) -> Option<u8> {
    rest.next_if_eq(&b'-')?;
    let low = match rest.next()? {
        b'\\' => rest.next_if_eq(&b'C').and_then(|_| control(rest))?,
        byte => byte,
    };
    Some(low | 0x80)
}

/// Whether the command exports what it sets.
pub(super) fn exporting(command: &[u8]) -> bool {
    let words = split(command);
    let flagged = || words.iter().any(|w| w.first() == Some(&b'-') && w.contains(&b'x'));
    match words.first().map(Vec::as_slice) {
        Some(b"export") => true,
        Some(b"typeset" | b"declare") => flagged(),
        _ => false,
    }
}

/// Whether the text has a name as a whole word.
pub(super) fn mentions(text: &[u8], spellings: &[Vec<u8>]) -> bool {
    spellings.iter().any(|name| places(text, name).next().is_some())
}

/// Whether the text seems to change a name: `NAME=`, `NAME+=`, `NAME[…]=`, `${NAME:=…}`, or after a builtin that
/// takes names.
pub(super) fn changes(text: &[u8], spellings: &[Vec<u8>]) -> bool {
    const TAKERS: &[&[u8]] = &[
        b"export",
        b"typeset",
        b"declare",
        b"readonly",
        b"integer",
        b"local",
        b"unset",
        b"read",
        b"getopts",
        b"vared",
        b"set -A",
        b"printf -v",
        b"print -v",
        b"zstyle",
        b"sysread",
        b"strftime",
        b"float",
    ];
    let builtin = || TAKERS.iter().any(|taker| places(text, taker).next().is_some());
    spellings.iter().any(|name| {
        places(text, name).any(|at| {
            let after = &text[at + name.len()..];
            assigns(after) || (!text[..at].ends_with(b"$") && !text[..at].ends_with(b"${") && builtin())
        })
    })
}

/// Whether expanding the text's words changes a name: `${NAME:=…}`, or arithmetic.
pub(super) fn changes_by_expansion(text: &[u8], spellings: &[Vec<u8>]) -> bool {
    spellings.iter().any(|name| {
        places(text, name).any(|at| {
            let before = &text[..at];
            let after = &text[at + name.len()..];
            let in_braces =
                before.ends_with(b"${") || before.ends_with(b")") && find(before, b"${(").is_some();
            let default = [b":=".as_slice(), b"=", b"::="].iter().any(|op| after.starts_with(op));
            (in_braces && default) || (find(before, b"((").is_some() && find(after, b"))").is_some())
        })
    })
}

/// Whether the text has `$NAME` or `${NAME…}`, flags and `#` before the name included.
pub(super) fn expands(text: &[u8], spellings: &[Vec<u8>]) -> bool {
    spellings.iter().any(|name| {
        places(text, name).any(|at| {
            let before = &text[..at];
            let braced = before.iter().rposition(|&b| b == b'{').map(|open| &before[..open]);
            before.ends_with(b"$") || braced.is_some_and(|b| b.ends_with(b"$")) && !before.ends_with(b"}")
        })
    })
}

/// Whether the text defines a function of this name: `name ()` or `function name`.
pub(super) fn defines(text: &[u8], name: &[u8]) -> bool {
    text.windows(name.len().max(1)).enumerate().filter(|(_, window)| *window == name).any(|(at, _)| {
        let before = text[..at].trim_ascii_end();
        let keyword = before.len() < at && places(before, b"function").next().is_some();
        keyword || text[at + name.len()..].trim_ascii_start().starts_with(b"(")
    })
}

/// Whether the name that stands at this place is given a value right there.
pub(super) fn assigned_at(text: &[u8], at: usize, spellings: &[Vec<u8>]) -> bool {
    spellings.iter().any(|name| text[at..].strip_prefix(name.as_slice()).is_some_and(assigns))
}

fn assigns(after: &[u8]) -> bool {
    let after = match after.first() {
        Some(b'[') => after.iter().position(|&b| b == b']').map_or(after, |n| &after[n + 1..]),
        _ => after,
    };
    let operators: &[&[u8]] = &[b"=", b"+=", b":=", b"::=", b"++", b"-="];
    !after.starts_with(b"==") && operators.iter().any(|op| after.starts_with(op))
}

/// Where a name stands as a whole word, from 0.
pub(super) fn places<'a>(text: &'a [u8], name: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let is_word = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    text.windows(name.len().max(1))
        .enumerate()
        .filter(move |(at, window)| {
            *window == name
                && !is_word(at.checked_sub(1).and_then(|n| text.get(n)))
                && !is_word(text.get(at + name.len()))
        })
        .map(|(at, _)| at)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

/// Lower-case arrays that zsh ties to a variable (zshparam(1)).
const TIED: &[&str] = &[
    "PATH",
    "FPATH",
    "CDPATH",
    "MANPATH",
    "MAILPATH",
    "MODULE_PATH",
    "FIGNORE",
    "PSVAR",
    "ZSH_EVAL_CONTEXT",
];

/// How a variable may be spelled: its name, and the array tied to it.
pub(super) fn spellings(name: &[u8], tied: &[(Vec<u8>, Vec<u8>)]) -> Vec<Vec<u8>> {
    let mut all = vec![name.to_vec()];
    if TIED.iter().any(|t| t.as_bytes() == name) {
        all.push(name.to_ascii_lowercase());
    }
    all.extend(tied.iter().filter(|(scalar, _)| scalar == name).map(|(_, array)| array.clone()));
    all
}

/// The pair that `typeset -T SCALAR array` ties.
pub(super) fn tie(command: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    const TAKERS: &[&[u8]] = &[b"typeset ", b"export ", b"declare ", b"local "];
    if !TAKERS.iter().any(|taker| command.starts_with(taker)) {
        return None;
    }
    let words = split(command);
    let (_, rest) = words.split_first()?;
    if !rest.iter().any(|w| w.first() == Some(&b'-') && w.contains(&b'T')) {
        return None;
    }
    let mut names = rest.iter().filter(|w| w.first() != Some(&b'-'));
    let scalar = names.next()?.split(|&b| b == b'=').next()?.to_vec();
    let array = names.next()?.split(|&b| b == b'=').next()?.to_vec();
    Some((scalar, array))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: &str) -> Vec<Vec<u8>> {
        spellings(name.as_bytes(), &[])
    }

    #[test]
    fn words_come_back_as_they_were() {
        let words = split(br#"export $'a=x\ny\C-^' 'it'\''s' plain \a"#);
        assert_eq!(split(br"$'\M-C\M-)\M-\C-C'"), [b"\xc3\xa9\x83".to_vec()]);
        assert_eq!(
            words,
            [b"export".to_vec(), b"a=x\ny\x1e".to_vec(), b"it's".to_vec(), b"plain".to_vec(), b"a".to_vec()]
        );
    }

    #[test]
    fn a_name_counts_as_a_whole_word_and_by_the_array_tied_to_it() {
        assert!(mentions(b"path+=(/x)", &names("PATH")));
        assert!(!mentions(b"export GOPATH=1", &names("PATH")));
        assert!(changes(b"path+=(/x)", &names("PATH")));
        assert!(!changes(b"echo $PATH", &names("PATH")));
        assert!(changes(b"  read -r GOFLAGS", &names("GOFLAGS")));
        assert!(changes_by_expansion(b": ${GOCACHE:=/x}", &names("GOCACHE")));
        assert!(!changes_by_expansion(b": ${GOCACHE:-/x}", &names("GOCACHE")));
        assert!(expands(b"export A=${A:-x}", &names("A")) && expands(b"A=${(s.:.)A}:$B", &names("A")));
        assert!(!expands(b"export A=$B", &names("A")));
        assert!(defines(b"function a-b {", b"a-b") && defines(b"a-b () {", b"a-b"));
        assert!(!defines(b"a-b x", b"a-b"));
        assert_eq!(tie(b"typeset -xT LIB lib ':'"), Some((b"LIB".to_vec(), b"lib".to_vec())));
    }
}
