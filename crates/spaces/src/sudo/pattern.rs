//! Patterns of `env_keep`, `env_check` and `env_delete` (sudo: plugins/sudoers/env_pattern.c, env.c).

/// Whether a pattern matches `name=value`, and whether it spoke of the value too.
fn matches(pattern: &[u8], variable: &[u8]) -> Option<bool> {
    let separator = variable.iter().position(|&b| b == b'=').unwrap_or(variable.len());
    let at = |n: usize| variable.get(n).copied();
    let star = pattern.iter().position(|&b| b == b'*');
    let mut len = star.unwrap_or(pattern.len());
    if variable.get(..len) != Some(&pattern[..len]) {
        return None;
    }
    let matched = match star {
        None => len == separator || at(len).is_none(),
        Some(mut cp) => {
            let mut saw_separator = false;
            loop {
                match pattern.get(cp) {
                    None => break len == separator || at(len).is_none(),
                    Some(b'*') => {
                        while pattern.get(cp) == Some(&b'*') {
                            cp += 1;
                        }
                        let Some(&next) = pattern.get(cp) else { break true };
                        saw_separator |= next == b'=';
                        while (saw_separator || len != separator) && at(len).is_some_and(|b| b != next) {
                            len += 1;
                        }
                    }
                    Some(_) => {}
                }
                if at(len) != pattern.get(cp).copied() {
                    break false;
                }
                cp += 1;
                len += 1;
            }
        }
    };
    matched.then_some(len > separator + 1)
}

/// Whether a list matches; LOGNAME and USER stand for each other.
pub(super) fn in_list(list: &[String], name: &[u8], value: &[u8]) -> Option<bool> {
    let one = |variable: &[u8]| list.iter().find_map(|p| matches(p.as_bytes(), variable));
    if name == b"LOGNAME" || name == b"USER" {
        return list
            .iter()
            .find_map(|p| matches(p.as_bytes(), b"LOGNAME").or_else(|| matches(p.as_bytes(), b"USER")));
    }
    one(&[name, b"=", value].concat())
}

/// Whether a value of TZ is harmless (sudo: env.c `tz_is_safe`).
pub(super) fn tz_is_safe(value: &[u8]) -> bool {
    let value = value.strip_prefix(b":").unwrap_or(value);
    if value.starts_with(b"/") && !value.starts_with(b"/usr/share/zoneinfo/") {
        return false;
    }
    value.iter().all(|b| b.is_ascii_graphic())
        && !value.split(|&b| b == b'/').any(|part| part == b"..")
        && value.len() < 4096
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, name: &str, value: &str) -> Option<bool> {
        in_list(&[pattern.to_owned()], name.as_bytes(), value.as_bytes())
    }

    // Seen with Debian 12's sudo 1.9.13p3 and `Defaults env_keep`.
    #[test]
    fn patterns() {
        assert_eq!(found("GO*", "GOPATH", "/x"), Some(false));
        assert_eq!(found("GO", "GOPATH", "/x"), None);
        assert_eq!(found("GOPATH", "GOPATH", "/x"), Some(false));
        assert_eq!(found("*PATH", "GOPATH", "/x"), Some(false));
        assert_eq!(found("A=b", "A", "b"), Some(true));
        assert_eq!(found("A=b", "A", "c"), None);
        assert_eq!(found("*=()*", "BASH_FUNC_x%%", "() { :; }"), Some(true));
        assert_eq!(found("USER", "LOGNAME", "x"), Some(false));
        assert!(tz_is_safe(b"Europe/Berlin") && !tz_is_safe(b"/etc/passwd") && !tz_is_safe(b"a/../b"));
    }
}
