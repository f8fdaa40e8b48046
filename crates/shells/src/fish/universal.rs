//! `fish_variables`: the universal variables as fish stores them.
//!
//! Lines `SETUVAR [--export] [--path] NAME:VALUE`, the value escaped as `\xHH`, `\uHHHH`, `\UHHHHHHHH`, elements of a
//! list parted by an escaped `\x1e` (fish: src/env_universal_common.cpp `append_file_entry`, `full_escape`,
//! `encode_serialized`). Not here: writing them.

/// A stored variable and the line on which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Universal {
    pub name: String,
    pub exported: bool,
    pub elements: Vec<Vec<u8>>,
    /// Parted by `:` instead of a space when exported.
    pub is_path: bool,
    pub line: u32,
}

impl Universal {
    /// What a program is given.
    pub(super) fn joined(&self) -> Vec<u8> {
        self.elements.join(if self.is_path { &b":"[..] } else { &b" "[..] })
    }
}

pub(super) fn parse(bytes: &[u8]) -> Vec<Universal> {
    let text = String::from_utf8_lossy(bytes);
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let mut rest = line.strip_prefix("SETUVAR ")?;
            let (mut exported, mut is_path) = (false, false);
            while let Some(flag) = rest.strip_prefix("--") {
                let (flag, after) = flag.split_once(' ')?;
                exported |= flag == "export";
                is_path |= flag == "path";
                rest = after;
            }
            let (name, value) = rest.split_once(':')?;
            let value = unescape(value);
            let elements = match value.as_slice() {
                // A list without elements (fish: src/env_universal_common.cpp `ENV_NULL`).
                [0x1d] => Vec::new(),
                _ => value.split(|&b| b == 0x1e).map(<[u8]>::to_vec).collect(),
            };
            Some(Universal {
                name: name.to_owned(),
                exported,
                elements,
                is_path,
                line: u32::try_from(index).ok()? + 1,
            })
        })
        .collect()
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let escape = if c == '\\' { chars.next() } else { None };
        let digits = match escape {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            other => {
                push(&mut out, other.unwrap_or(c));
                continue;
            }
        };
        let hex: String = chars.by_ref().take(digits).collect();
        if let Some(c) = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32) {
            push(&mut out, c);
        }
    }
    out
}

/// A byte that was no character is kept as U+F600 + byte in fish (fish: src/common.h `ENCODE_DIRECT_BASE`).
fn push(out: &mut Vec<u8>, c: char) {
    let code = u32::from(c);
    match u8::try_from(code.wrapping_sub(0xF600)) {
        Ok(byte) => out.push(byte),
        Err(_) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_paths_and_escapes_are_read_as_fish_wrote_them() {
        // Written by fish 3.6.0: set -Ux A 'b c'; set -Ux --path P /x /y; set -U n.
        let found = parse(
            b"# This file contains fish universal variable definitions.\n# VERSION: 3.0\nSETUVAR --export A:b\\x20c\nSETUVAR --export --path P:/x\\x1e/y\nSETUVAR n:\\u00e9\nSETUVAR --export E:\\x1d\n",
        );
        assert_eq!(found.len(), 4);
        assert_eq!(found[3].joined(), b"");
        assert_eq!((found[0].line, found[0].joined()), (3, b"b c".to_vec()));
        assert_eq!((found[1].line, found[1].joined()), (4, b"/x:/y".to_vec()));
        assert!(!found[2].exported);
        assert_eq!(found[2].joined(), "é".as_bytes());
    }
}
