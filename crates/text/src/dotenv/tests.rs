//! Lines and references as the extension itself reads them.

use super::*;

fn globals(name: &str) -> Option<String> {
    let known = [("HOME", "/h"), ("B", "gb"), ("_X", "u"), ("X", "xx")];
    known.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
}

fn all(text: &str) -> Vec<(String, String)> {
    let assignments = read(text.as_bytes(), &globals);
    effective(&assignments).into_iter().map(|a| (a.name.clone(), a.value.clone())).collect()
}

fn last(text: &str) -> Option<(String, String)> {
    all(text).pop()
}

// The vectors were run with the extension's own two expressions under Node 20, and hold in a real debuggee.
#[test]
fn lines() {
    let cases = [
        ("A=1   ", "A", "1   "),
        ("A=1\r", "A", "1"),
        ("A=\"x\"  ", "A", "x\"  "),
        ("export A=2", "A", "2"),
        ("exportA=2", "exportA", "2"),
        (" A = b ", "A", "b "),
        ("A=\"a\\nb\"", "A", "a\nb"),
        ("A=a\\nb", "A", "a\\nb"),
        ("A=\"x\" # c", "A", "x\" # c"),
        ("A=x # c", "A", "x # c"),
        ("A='x", "A", "x"),
        ("A=a=b", "A", "a=b"),
        ("A.b-c=1", "A.b-c", "1"),
        ("A=", "A", ""),
        ("A=\"", "A", ""),
        ("A=\"\"", "A", ""),
        ("A='\"x\"'", "A", "\"x\""),
        ("export = 5", "export", "5"),
        ("\u{FEFF}A=1", "A", "1"),
        ("\u{A0}export\u{3000}A\u{2003}=\u{A0}1", "A", "1"),
        ("A= \r x", "A", "x"),
        ("A=1\u{2028} ", "A", "1"),
    ];
    for (line, name, value) in cases {
        assert_eq!(last(line), Some((name.to_owned(), value.to_owned())), "{line:?}");
    }
    for line in ["# A=1", "=1", "A", "A=1\rB", "export A B=1", "ä=1", ""] {
        assert_eq!(last(line), None, "{line:?}");
    }
}

#[test]
fn references() {
    let cases = [
        ("A=${HOME}/x", "/h/x"),
        ("A=$HOME/x", "$HOME/x"),
        ("A=~/x", "~/x"),
        ("A=\\${HOME}", "${HOME}"),
        ("A=${_X}", "${_X}"),
        ("A=${X-1}", "${X-1}"),
        ("A=${}", "${}"),
        ("A=${HOME}${X-1}", "${HOME}${X-1}"),
        ("A=${HOME}${1A}", "/h${1A}"),
        ("A=${HOME}\\${X-1}", "/h${X-1}"),
        ("A=${NONE}!", "!"),
        ("A=$${X}}", "$xx}"),
        ("A=${${X}}", "${${X}}"),
        ("A=${X", "${X"),
        ("A=\\$5", "$5"),
        ("B=\nA=${B}", "gb"),
        ("X=1\nA=${X}", "1"),
        ("A=1\nA=${A}2", "12"),
        ("A=${valueOf}", "function valueOf() { [native code] }"),
    ];
    for (line, value) in cases {
        assert_eq!(last(line).map(|(_, value)| value).as_deref(), Some(value), "{line:?}");
    }
}

#[test]
fn uses_tell_where_values_are_from() {
    let assignments = read(b"C=1\nA=${C}${X}${NO}", &globals);
    let uses: Vec<_> = assignments[1].uses.iter().map(|u| (u.name.as_str(), u.from)).collect();
    assert_eq!(uses, [("C", Found::File), ("X", Found::Environment), ("NO", Found::Nowhere)]);
}

#[test]
fn places_are_those_of_the_bytes() {
    let text = b"\xEF\xBB\xBF# c\r\n export A = \"\xFFb\" \r\nB=1";
    let found = read(text, &globals);
    let ranges: Vec<&[u8]> = found.iter().map(|a| &text[a.range.clone()]).collect();
    assert_eq!(ranges, [&b"A = \"\xFFb\" "[..], b"B=1"]);
    let places: Vec<_> = found.iter().map(|a| (a.line, a.column, a.end_column)).collect();
    assert_eq!(places, [(2, 9, 18), (3, 1, 4)]);
    assert_eq!(found[0].value, "\u{FFFD}b\" ");
}
