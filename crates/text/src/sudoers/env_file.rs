//! `env_file` and `restricted_env_file` of sudoers: sudo's own reading of `NAME=value` (env.c `env_file_next_local`).

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    pub line: u32,
}

pub fn read_env_file(bytes: &[u8]) -> Vec<Setting> {
    (1..).zip(bytes.split(|&b| b == b'\n')).filter_map(|(line, text)| setting(text, line)).collect()
}

fn blank(b: &u8) -> bool {
    *b == b' ' || *b == b'\t'
}

fn setting(text: &[u8], line: u32) -> Option<Setting> {
    let end = text.iter().rposition(|&b| b != b'\r').map_or(0, |n| n + 1);
    let text = &text[..end];
    let text = &text[..text.iter().position(|&b| b == b'#').unwrap_or(text.len())];
    let start = text.iter().position(|b| !blank(b))?;
    let end = text.iter().rposition(|b| !blank(b))? + 1;
    let mut text = &text[start..end];
    if let Some(rest) = text.strip_prefix(b"export")
        && rest.first().is_some_and(u8::is_ascii_whitespace)
    {
        text = rest.trim_ascii_start();
    }
    let equals = text.iter().position(|&b| b == b'=').filter(|at| *at > 0)?;
    let value = match &text[equals + 1..] {
        [b'\'', inner @ .., b'\''] | [b'"', inner @ .., b'"'] => inner,
        value => value,
    };
    Some(Setting { name: text[..equals].to_vec(), value: value.to_vec(), line })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen with Debian 12's sudo 1.9.13p3.
    #[test]
    fn settings() {
        let found = read_env_file(b"A=1 \r\nexport\tB='two words'\n# c\nC = x\nD=\"a\" b\nE=a#b\n=x\n");
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        let pairs: Vec<_> = found.iter().map(|s| (text(&s.name), text(&s.value), s.line)).collect();
        let expected =
            [("A", "1 ", 1), ("B", "two words", 2), ("C ", " x", 4), ("D", "\"a\" b", 5), ("E", "a", 6)];
        let expected: Vec<_> =
            expected.iter().map(|(a, b, n)| ((*a).to_owned(), (*b).to_owned(), *n)).collect();
        assert_eq!(pairs[1..], expected[1..]);
        assert_eq!(pairs[0].1, "1");
    }
}
