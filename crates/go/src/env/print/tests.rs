//! What the real go commands of these versions printed for the same values.

use super::*;

/// Two control characters, a form feed, a tab, a stray byte, a line separator, HTML, quotes, DEL, a surrogate, U+FFFD.
const WILD: &[u8] = b"a\x01\x08\x0c\t\xff\xe2\x80\xa8<>&\"\\\x7f\xed\xa0\x80\xef\xbf\xbd\xc3\xa9/'";

fn row<'a>(name: &'a str, value: &'a [u8]) -> Row<'a> {
    Row { name, value: Cow::Borrowed(value) }
}

fn wild_list(version: &str, os: Os) -> Printed {
    list(version, os, &[row("GOBIN", WILD)])
}

#[test]
fn json_by_version() {
    let wild = |version: &str| String::from_utf8(json(version, vec![row("GOBIN", WILD)])).expect("text");
    let before = r#""a\u0001\u0008\u000c\t\ufffd\u2028\u003c\u003e\u0026\"\\"#;
    let after = "\u{7f}\\ufffd\\ufffd\\ufffd\u{fffd}\u{e9}/'\"";
    for version in ["go1.11.13", "go1.21.13"] {
        assert_eq!(wild(version), format!("{{\n\t\"GOBIN\": {before}{after}\n}}\n"));
    }
    let shorter = before.replace("\\u0008\\u000c", "\\b\\f");
    for version in ["go1.22.12", "go1.26.11"] {
        assert_eq!(wild(version), format!("{{\n\t\"GOBIN\": {shorter}{after}\n}}\n"));
    }
    let newest = format!("{{\n\t\"GOBIN\": {shorter}{after}\n}}\n").replace("\\ufffd", "\u{fffd}");
    assert_eq!(wild("go1.27.0"), newest);
}

#[test]
fn json_has_each_name_once_and_in_order() {
    let rows =
        vec![row("GOOS", b"linux"), row("NO<SUCH", b""), row("GOARCH", b"amd64"), row("GOOS", b"linux")];
    let text = String::from_utf8(json("go1.24.0", rows)).expect("text");
    assert_eq!(text, "{\n\t\"GOARCH\": \"amd64\",\n\t\"GOOS\": \"linux\",\n\t\"NO\\u003cSUCH\": \"\"\n}\n");
    assert_eq!(json("go1.24.0", Vec::new()), b"{}\n");
}

#[test]
fn lists_for_a_shell_by_version() {
    let (double, single) =
        ([b"\"", WILD, b"\""].concat(), [b"'", &WILD[..WILD.len() - 1], br"'\'''"].concat());
    for version in ["go1.11.13", "go1.20.14"] {
        assert_eq!(wild_list(version, Os::Linux).stdout, [b"GOBIN=", &double[..], b"\n"].concat());
    }
    for version in ["go1.21.0", "go1.24.13"] {
        assert_eq!(wild_list(version, Os::Macos).stdout, [b"GOBIN=", &single[..], b"\n"].concat());
    }
    let line = "GOBIN='a\u{1}\u{8}\u{c}\t\u{fffd}\u{2028}<>&\"\\\u{7f}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{e9}/'\\'''\n";
    for version in ["go1.25.14", "go1.27.0"] {
        let printed = wild_list(version, Os::Linux);
        assert_eq!((String::from_utf8_lossy(&printed.stdout).as_ref(), printed.status), (line, 0));
    }
}

#[test]
fn lists_for_cmd_escape_since_1_21() {
    let rows =
        [row("GOFLAGS", "-x=\"a b\" 100% <>|&^ !'\u{e9}\u{200d}".as_bytes()), row("GOPROXY", b"off\r")];
    let old = list("go1.20.14", Os::Windows, &rows);
    assert_eq!(old.status, 0);
    assert!(old.stdout.ends_with(b"set GOPROXY=off\r\n"));
    let new = list("go1.26.10", Os::Windows, &rows);
    assert_eq!(
        String::from_utf8_lossy(&new.stdout),
        "set GOFLAGS=-x=\"a b\" 100%% ^<^>^|^&^^ !'\u{e9}\u{fffd}\nset GOPROXY=off\u{fffd}\n"
    );
    assert_eq!(new.status, 1);
    let said = "go: stripping unprintable or unescapable characters from";
    assert_eq!(new.stderr, format!("{said} %\"GOFLAGS\"%\n{said} %\"GOPROXY\"%\n"));
    // Byte by byte: é is a letter and a sign of Latin-1, of U+200D two bytes are controls.
    let middle = list("go1.24.13", Os::Windows, &[row("A", "\u{e9}\u{200d}".as_bytes())]);
    assert_eq!(middle.stdout, b"set A=\xc3\xa9\xe2\xef\xbf\xbd\xef\xbf\xbd\n");
}

#[test]
fn a_null_byte_ends_the_list() {
    let rows = [row("A", b"1"), row("B", b"\0"), row("C", b"3")];
    let printed = list("go1.27.0", Os::Linux, &rows);
    assert_eq!((printed.stdout.as_slice(), printed.status), (&b"A='1'\n"[..], 1));
    let text = "go: internal error: encountered null byte in environment variable B on non-plan9 platform\n";
    assert_eq!(printed.stderr, text);
    assert_eq!(list("go1.20.14", Os::Linux, &rows).stdout, b"A=\"1\"\nB=\"\0\"\nC=\"3\"\n");
}
