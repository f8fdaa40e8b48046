//! The few lines of go that readers stand for, written down once more as they stand there.

/// go: src/cmd/go/internal/cfg/cfg.go `readEnvFile`: keys and values of the lines that count, in order.
pub(super) fn env_file(bytes: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut rest = bytes;
    let mut pairs = Vec::new();
    while !rest.is_empty() {
        let end = rest.iter().position(|b| *b == b'\n');
        let (line, behind) = end.map_or((rest, &rest[rest.len()..]), |end| (&rest[..end], &rest[end + 1..]));
        rest = behind;
        let Some(equals) = line.iter().position(|b| *b == b'=') else { continue };
        if line[0] < b'A' || b'Z' < line[0] {
            continue;
        }
        pairs.push((line[..equals].to_vec(), line[equals + 1..].to_vec()));
    }
    pairs
}

/// go: src/cmd/go/internal/gover/gomod.go `GoModLookup`.
pub(super) fn go_mod(bytes: &[u8], key: &str) -> Option<Vec<u8>> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let line = trim_space(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
        let Some(value) = line.strip_prefix(key.as_bytes()) else { continue };
        if !matches!(value.first(), Some(b' ' | b'\t')) {
            continue;
        }
        let comment = value.windows(2).position(|two| two == b"//").unwrap_or(value.len());
        return Some(trim_space(&value[..comment]).to_vec());
    }
    None
}

/// go: src/bytes/bytes.go `TrimSpace`: what unicode calls white space, in bytes that are UTF-8.
fn trim_space(bytes: &[u8]) -> &[u8] {
    const SPACES: &[&str] = &[
        "\t", "\n", "\x0b", "\x0c", "\r", " ", "\u{85}", "\u{a0}", "\u{1680}", "\u{2000}", "\u{2001}",
        "\u{2002}", "\u{2003}", "\u{2004}", "\u{2005}", "\u{2006}", "\u{2007}", "\u{2008}", "\u{2009}",
        "\u{200a}", "\u{2028}", "\u{2029}", "\u{202f}", "\u{205f}", "\u{3000}",
    ];
    let mut bytes = bytes;
    while let Some(shorter) = SPACES.iter().find_map(|space| bytes.strip_prefix(space.as_bytes())) {
        bytes = shorter;
    }
    while let Some(shorter) = SPACES.iter().find_map(|space| bytes.strip_suffix(space.as_bytes())) {
        bytes = shorter;
    }
    bytes
}
