//! GitHub workflows: `go-version` and `go-version-file` of actions/setup-go.
//!
//! Read line by line, not as YAML: block and flow lists of scalars, quotes, comments, and `${{ matrix.X }}` or
//! `${{ env.X }}` where the same file gives X literally. Not here: anchors, includes, composite actions.

use super::{Wanted, offset};

/// What is asked of setup-go, and the lists that such an expression names.
pub fn read(bytes: &[u8]) -> Vec<Wanted> {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let Some((key, _)) = key_of(line).filter(|(k, _)| matches!(*k, "go-version" | "go-version-file"))
        else {
            continue;
        };
        for wanted in values(&lines, n, key) {
            match expression(&wanted.value) {
                Some(named) => {
                    let found = resolve(&lines, named, key);
                    if found.is_empty() { out.push(wanted) } else { out.extend(found) }
                }
                None => out.push(wanted),
            }
        }
    }
    out.sort_by_key(|w| (w.line, w.column));
    out.dedup();
    out
}

/// The key of `  - key: value`, and what follows the colon.
fn key_of(line: &str) -> Option<(&str, &str)> {
    let body = line.trim_start().trim_start_matches("- ").trim_start();
    let (key, rest) = body.split_once(':')?;
    let key = key.trim_matches(['"', '\'']);
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some((key, rest))
}

/// `X` of `${{ matrix.X }}` or `${{ env.X }}`.
fn expression(value: &str) -> Option<&str> {
    let inner = value.strip_prefix("${{")?.strip_suffix("}}")?.trim();
    inner.strip_prefix("matrix.").or_else(|| inner.strip_prefix("env."))
}

/// What the same file gives to that name anywhere.
fn resolve(lines: &[&str], name: &str, key: &str) -> Vec<Wanted> {
    let of = |n: usize| values(lines, n, key);
    let named = |line: &&str| key_of(line).is_some_and(|(k, _)| k == name);
    let found = (0..lines.len()).filter(|&n| named(&lines[n])).flat_map(of);
    found.filter(|w| !w.value.starts_with("${{")).collect()
}

/// The scalars of the key in line `n`: its own, those of a flow list, or those of the block list below.
fn values(lines: &[&str], n: usize, key: &str) -> Vec<Wanted> {
    let Some((_, rest)) = key_of(lines[n]) else { return Vec::new() };
    let plain = rest.trim();
    if let Some(list) = plain.strip_prefix('[') {
        let list = list.split(']').next().unwrap_or_default();
        return list.split(',').filter_map(|item| scalar(lines[n], item, n, key)).collect();
    }
    if !plain.is_empty() && !plain.starts_with('#') {
        return scalar(lines[n], rest, n, key).into_iter().collect();
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(lines[n]);
    let below = lines.iter().enumerate().skip(n + 1).take_while(|(_, line)| {
        line.trim().is_empty() || (line.trim_start().starts_with('-') && indent(line) >= own)
    });
    below.filter_map(|(m, line)| scalar(line, line.trim_start().strip_prefix('-')?, m, key)).collect()
}

/// One scalar, without quotes and comment. A number that is not quoted loses its last zeros (YAML 1.2.2, 10.3.2: a
/// float; actions/setup-go, README: "quoting").
fn scalar(line: &str, text: &str, n: usize, key: &str) -> Option<Wanted> {
    let text = text.trim();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => text[1..].split(quote).next()?,
        None if text.starts_with("${{") => text.find("}}").map_or(text, |end| &text[..end + 2]),
        None => text.split(" #").next()?.trim(),
    };
    if value.is_empty() {
        return None;
    }
    let at = offset(line, value);
    let mut wanted = Wanted::new(key, value, n, at, at + value.len());
    if quote.is_none()
        && let Some((whole, fraction)) = value.split_once('.')
        && [whole, fraction].iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
        && fraction.ends_with('0')
    {
        let fraction = fraction.trim_end_matches('0');
        let dot = if fraction.is_empty() { "" } else { "." };
        wanted.read_as = Some(format!("{whole}{dot}{fraction}"));
    }
    Some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(String, String, u32, u32)> {
        let of = |w: Wanted| (w.key, w.read_as.unwrap_or(w.value), w.line, w.column);
        read(text.as_bytes()).into_iter().map(of).collect()
    }

    fn row(key: &str, value: &str, line: u32, column: u32) -> (String, String, u32, u32) {
        (key.to_owned(), value.to_owned(), line, column)
    }

    #[test]
    fn versions_of_steps() {
        let text = "    steps:\n      - uses: actions/setup-go@v5\n        with:\n          go-version: '1.22.x' # ours\n          check-latest: true\n      - uses: actions/setup-go@v5\n        with: \n          go-version-file: \"go.mod\"\n";
        assert_eq!(
            shown(text),
            [row("go-version", "1.22.x", 4, 24), row("go-version-file", "go.mod", 8, 29)]
        );
    }

    #[test]
    fn a_number_loses_its_zeros() {
        assert_eq!(shown("go-version: 1.20\n"), [row("go-version", "1.2", 1, 13)]);
        assert_eq!(shown("go-version: '1.20'\n"), [row("go-version", "1.20", 1, 14)]);
        assert_eq!(shown("go-version: 1.20.0\n"), [row("go-version", "1.20.0", 1, 13)]);
    }

    #[test]
    fn a_matrix_and_the_environment() {
        let text = "env:\n  GO: '1.19'\nmatrix:\n  go: ['1.21', \"1.22\"]\n  old:\n    - 1.18\n    - '1.17'\nwith:\n  go-version: ${{ matrix.go }}\n  go-version: ${{ env.GO }}\n  go-version: ${{ matrix.old }}\n  go-version: ${{ inputs.go }}\n";
        let values: Vec<String> = shown(text).into_iter().map(|(_, value, ..)| value).collect();
        assert_eq!(values, ["1.19", "1.21", "1.22", "1.18", "1.17", "${{ inputs.go }}"]);
    }
}
