//! Files, whole and broken, and what is read of them.

use super::*;

/// The tree as text: what counts, in JavaScript's order.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(",")),
        Value::Object(object) => {
            let properties = object.effective();
            let texts = properties.iter().map(|(p, node)| format!("{}:{}", p.key, shown(node)));
            format!("{{{}}}", texts.collect::<Vec<_>>().join(","))
        }
        _ => node.to_js_string().unwrap_or_default(),
    }
}

fn values(text: &str) -> String {
    read(text.as_bytes()).root.as_ref().map(shown).unwrap_or_default()
}

fn faults(text: &str) -> Vec<ProblemKind> {
    read(text.as_bytes()).problems.iter().map(|p| p.kind).collect()
}

#[test]
fn comments_and_commas_too_many_are_no_problem() {
    let text = "\u{FEFF}// a\n{ /* b */ \"x\": 1, // c\n \"y\"\u{A0}: [true, null,],\u{2028}\"z\": {},\n}\n";
    assert_eq!(values(text), "{x:1,y:[true,null],z:{}}");
    assert_eq!(faults(text), []);
}

#[test]
fn ranges_are_those_of_the_bytes() {
    let text = b"{\n  \"k\": [1, {\"a\": -2.5e3}],\n  \"\xC3\xA4\": \"v\" }";
    let root = read(text).root.expect("an object");
    let property = root.as_object().and_then(|o| o.property("k")).expect("k");
    assert_eq!(&text[property.range()], b"\"k\": [1, {\"a\": -2.5e3}]");
    assert_eq!(&text[property.key_range.clone()], b"\"k\"");
    assert_eq!(&text[root.get("k").expect("k").range.clone()], b"[1, {\"a\": -2.5e3}]");
    let number = &root.get("k").and_then(Node::as_array).expect("k")[1];
    assert_eq!(
        number.get("a").map(|n| (&n.value, &text[n.range.clone()])),
        Some((&Value::Number(-2500.0), &b"-2.5e3"[..]))
    );
    assert_eq!(root.range, 0..text.len());
    assert_eq!(root.get("ä").and_then(Node::as_str), Some("v"));
}

#[test]
fn the_last_duplicate_that_has_a_value_counts() {
    assert_eq!(values(r#"{"a":1,"b":2,"a":3}"#), "{a:3,b:2}");
    assert_eq!(values(r#"{"a":1,"a":}"#), "{a:1}");
    assert_eq!(values(r#"{"b":1,"10":2,"9":3,"01":4}"#), "{9:3,10:2,b:1,01:4}");
    let root = read(br#"{"a":1,"a":2}"#).root.expect("an object");
    assert_eq!(root.as_object().map(|o| o.properties.len()), Some(2));
}

#[test]
fn strings() {
    assert_eq!(values(r#"["\"\\\/\b\f\n\r\t\u00e4"]"#), "[\"\\\"\\\\/\\u{8}\\u{c}\\n\\r\\tä\"]");
    assert_eq!(
        values(r#"["\ud83d\ude00", "\ud83d", "\ude00x", "\ud83d\ud83d\ude00", "\ud83dx"]"#),
        "[\"😀\",\"\u{FFFD}\",\"\u{FFFD}x\",\"\u{FFFD}😀\",\"\u{FFFD}x\"]"
    );
    assert_eq!(values(r#"["\u12x", "a\qb", "a\😀b"]"#), "[\"x\",\"ab\",\"a\u{FFFD}b\"]");
    assert_eq!(values("[\"a\tb\", \"open\n, 2]"), "[\"a\\tb\",\"open\",2]");
    assert_eq!(read(b"[\"a\xFFb\"]").root.as_ref().map(shown).as_deref(), Some("[\"a\u{FFFD}b\"]"));
    assert_eq!(faults("[\"a\tb\"]"), [ProblemKind::InvalidCharacter]);
}

#[test]
fn numbers() {
    assert_eq!(
        values("[0, -0, 1.5, 1e3, 1E-7, 1e21, 123456789012345680000, 1e400]"),
        "[0,0,1.5,1000,1e-7,1e+21,123456789012345680000,Infinity]"
    );
    assert_eq!(values("[1., 2e, 03, -, 4x]"), "[0,2,0,3,4]");
}

// Where the real parser stops: each line was given to `parse` of VS Code 1.99.3.
#[test]
fn broken_files() {
    let cases = [
        (r#"{"a":1 "b":2}"#, "{a:1,b:2}"),
        (r#"{"a" {"b":1}, "c":2}"#, "{}"),
        (r#"{"a": tru, "b":1}"#, "{b:1}"),
        (r#"{'a': 1, "b": 2}"#, "{b:2}"),
        (r#"{a: 1, "b": 2}"#, "{b:2}"),
        (r#"{"a":1,,"b":2}"#, "{a:1,b:2}"),
        (r#"{"a":[1,,2}, "b":3"#, "{a:[1,2,\"b\"]}"),
        (r#"{"a":{"b":1, "c":2"#, "{a:{b:1,c:2}}"),
        (r#"{"a":1} {"b":2}"#, "{a:1}"),
        (r#"{"a":1}, "b":2}"#, "{a:1}"),
        (r#"{"a":"x, "b":1"#, "{a:\"x, \"}"),
        (r#"{"a":1, /* "b":2}"#, "{a:1}"),
        ("[1 2 3]", "[1,2,3]"),
        ("", ""),
        ("// only", ""),
        ("}", ""),
        ("7", "7"),
    ];
    for (text, expected) in cases {
        assert_eq!(values(text), expected, "{text}");
    }
}

#[test]
fn problems_have_a_place() {
    let problems = read(b"{\n  \"a\": 1\n  \"b\": 2\n").problems;
    let shown: Vec<_> = problems.iter().map(|p| (p.kind, p.line, p.column)).collect();
    assert_eq!(shown, [(ProblemKind::CommaExpected, 3, 3), (ProblemKind::CloseBraceExpected, 4, 1)]);
}

#[test]
fn no_file_is_too_deep() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let text = format!("{{\"b\":{}1{},\"c\":2}}", open.repeat(200_000), close.repeat(200_000));
        let document = read(text.as_bytes());
        let kinds: Vec<_> = document.problems.iter().map(|p| p.kind).collect();
        assert_eq!(kinds, [ProblemKind::TooDeep]);
        let root = document.root.expect("an object");
        assert_eq!(root.get("c").map(|n| &n.value), Some(&Value::Number(2.0)));
        read(open.repeat(200_000).as_bytes());
    }
}

#[test]
fn pointers() {
    assert_eq!(pointer(["go.toolsEnvVars", "a/b~c"]), "/go.toolsEnvVars/a~1b~0c");
    assert_eq!(pointer([]), "");
}
