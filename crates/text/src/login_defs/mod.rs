//! `/etc/login.defs` and `/etc/default/su`, as their two readers see them: shadow's login and util-linux' su do not
//! agree on comments, quotes and `=`.

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    pub value: Vec<u8>,
    pub line: u32,
}

/// The last setting of that name.
pub fn last<'a>(settings: &'a [Setting], name: &str) -> Option<&'a Setting> {
    settings.iter().rev().find(|s| s.name == name)
}

fn numbered(bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    (1..).zip(bytes.split(|&b| b == b'\n'))
}

fn position(bytes: &[u8], is_it: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&b| is_it(b)).unwrap_or(bytes.len())
}

/// As shadow's programs read it (shadow 4.13: getdef.c `def_load`): name, blanks, value up to a quote.
pub fn read_shadow(bytes: &[u8]) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (line, text) in numbered(bytes) {
        let text = text.trim_ascii_end();
        let text = &text[position(text, |b| b != b' ' && b != b'\t')..];
        if text.is_empty() || text[0] == b'#' {
            continue;
        }
        let name_end = position(text, |b| b == b' ' || b == b'\t');
        if name_end == text.len() {
            continue;
        }
        let rest = &text[name_end + 1..];
        let value = &rest[position(rest, |b| !matches!(b, b' ' | b'"' | b'\t'))..];
        let value = value[..position(value, |b| b == b'"')].to_vec();
        settings.push(Setting { name: String::from_utf8_lossy(&text[..name_end]).into_owned(), value, line });
    }
    settings
}

/// As util-linux' su reads it (util-linux 2.38: logindefs.c `logindefs_load_file`): `#` cuts anywhere, blanks, `=`
/// and quotes stand between name and value and may end the value. Names ignore case; they are given in upper case.
pub fn read_util_linux(bytes: &[u8]) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (line, text) in numbered(bytes) {
        let text = &text[..position(text, |b| b == b'#')];
        let text = text.trim_ascii_start();
        let name_end = position(text, |b| b.is_ascii_whitespace() || b == b'=');
        if name_end == 0 {
            continue;
        }
        let rest = text.get(name_end + 1..).unwrap_or_default();
        let mut value = &rest[position(rest, |b| !(b.is_ascii_whitespace() || b == b'=' || b == b'"'))..];
        // The C code stops at the first byte, so a value is never trimmed to nothing.
        while let [head @ .., last] = value
            && !head.is_empty()
            && (last.is_ascii_whitespace() || *last == b'"')
        {
            value = head;
        }
        let name = String::from_utf8_lossy(&text[..name_end]).to_ascii_uppercase();
        settings.push(Setting { name, value: value.to_vec(), line });
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(settings: &[Setting], name: &str) -> Option<String> {
        last(settings, name).map(|s| String::from_utf8_lossy(&s.value).into_owned())
    }

    // Seen with Debian 12's login and su over these lines; the last duplicate wins in both.
    #[test]
    fn the_two_readers() {
        let text = b"# c\nENV_PATH\tPATH=/a:/b  \nENV_SUPATH \"PATH=/s\" # why\nFLAG\nENV_ROOTPATH=/r\nENV_PATH PATH=/c\n";
        let shadow = read_shadow(text);
        assert_eq!(value(&shadow, "ENV_PATH").as_deref(), Some("PATH=/c"));
        assert_eq!(value(&shadow, "ENV_SUPATH").as_deref(), Some("PATH=/s"));
        assert_eq!(value(&shadow, "FLAG"), None);
        assert_eq!(value(&shadow, "ENV_ROOTPATH"), None);
        let su = read_util_linux(text);
        assert_eq!(value(&su, "ENV_SUPATH").as_deref(), Some("PATH=/s"));
        assert_eq!(value(&su, "ENV_ROOTPATH").as_deref(), Some("/r"));
        assert_eq!(value(&su, "FLAG").as_deref(), Some(""));
        assert_eq!(last(&su, "ENV_PATH").map(|s| s.line), Some(6));
    }
}
