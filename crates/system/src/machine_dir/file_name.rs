//! Names of files in a machine's folder for paths and run keys of the machine.
//!
//! Not here: which files there are.

use crate::Os;
use crate::memory::{path_parts, render_path};

/// Characters that some file system refuses in a name, and the one that marks them.
fn is_refused(c: char) -> bool {
    c.is_control() || matches!(c, '%' | '\\' | '/' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// One part of a path as a file name that every file system takes.
fn encode(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let last = part.char_indices().next_back().map_or(0, |(at, _)| at);
    for (at, c) in part.char_indices() {
        // Windows drops a dot or space at the end of a name.
        if is_refused(c) || (at == last && matches!(c, '.' | ' ')) {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// `%41` becomes `A`; a `%` without two hexadecimal digits stays.
fn decode(name: &str) -> String {
    let bytes = name.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| name.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| name.to_owned())
}

/// The parts below `root/` for an absolute path of the machine.
pub(crate) fn path_to_file_name(os: Os, path: &str) -> Vec<String> {
    let parts = path_parts(os, path, "/");
    if os != Os::Windows {
        return parts.iter().map(|p| encode(p)).collect();
    }
    let mut out = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        match part.strip_prefix(r"\\") {
            Some(share) if index == 0 => {
                out.push("UNC".to_owned());
                out.extend(share.split('\\').map(encode));
            }
            _ if index == 0 => out.push(part.trim_end_matches(':').to_owned()),
            _ => out.push(encode(part)),
        }
    }
    out
}

/// The inverse of [`path_to_file_name`]; empty for what stands above any path (`root/UNC`).
pub(crate) fn file_name_to_path(os: Os, parts: &[String]) -> String {
    let mut decoded: Vec<String> = parts.iter().map(|p| decode(p)).collect();
    if os == Os::Windows {
        if decoded.first().is_some_and(|p| p == "UNC") {
            if decoded.len() < 3 {
                return String::new();
            }
            let share = format!(r"\\{}\{}", decoded[1], decoded[2]);
            decoded.splice(..3, [share]);
        } else if let Some(drive) = decoded.first_mut() {
            drive.push(':');
        }
    }
    render_path(os, &decoded)
}

/// `bash:login` is `bash+login`.
pub(crate) fn run_key_to_file_name(key: &str) -> String {
    encode(&key.replace('+', "%2B").replace(':', "+")).replace("%252B", "%2B")
}

pub(crate) fn decode_run_key(name: &str) -> String {
    decode(&name.replace('+', ":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_and_key_comes_back() {
        for (os, path, name) in [
            (Os::Linux, "/etc/environment", "etc/environment"),
            (Os::Linux, "/home/ann/100%: a?/x.", "home/ann/100%25%3A a%3F/x%2E"),
            (Os::Windows, r"C:\Program Files\Go", "C/Program Files/Go"),
            (Os::Windows, r"\\server\share\go", "UNC/server/share/go"),
        ] {
            let parts = path_to_file_name(os, path);
            assert_eq!(parts.join("/"), name);
            assert_eq!(file_name_to_path(os, &parts), path);
        }
        for (key, name) in [("bash:login", "bash+login"), ("vscode:task/a+b:%c", "vscode+task%2Fa%2Bb+%25c")]
        {
            assert_eq!(run_key_to_file_name(key), name);
            assert_eq!(decode_run_key(name), key);
        }
    }
}
