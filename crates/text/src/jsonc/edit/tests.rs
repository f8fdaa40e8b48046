//! Changes, each with the whole file before and after.

use super::*;
use crate::edit::apply;

fn key(key: &str) -> Step<'_> {
    Step::Key(key)
}

fn bar() -> New {
    New::Text("bar".to_owned())
}

fn after(text: &str, edits: Result<Vec<Edit>, Refused>) -> String {
    let edits = edits.expect("not refused");
    let bytes = apply(text.as_bytes(), &edits).expect("in range");
    String::from_utf8(bytes).expect("utf-8")
}

fn set_in(text: &str, path: &[Step<'_>], value: &New) -> String {
    after(text, set(text.as_bytes(), path, value))
}

fn removed(text: &str, path: &[Step<'_>]) -> String {
    after(text, remove(text.as_bytes(), path))
}

// The situations are those of node-jsonc-parser's own tests of edits (MIT, Microsoft), which VS Code edits settings by.
// Where the answer is another than there, a comment says so.
#[test]
fn a_property_is_set() {
    let x = "{\n  \"x\": \"y\"\n}";
    assert_eq!(set_in(x, &[key("x")], &bar()), "{\n  \"x\": \"bar\"\n}");
    assert_eq!(set_in("true", &[], &bar()), "\"bar\"");
    let object = New::Object(vec![("key".to_owned(), New::Bool(true))]);
    assert_eq!(set_in(x, &[key("x")], &object), "{\n  \"x\": {\n    \"key\": true\n  }\n}");
    let two = "{\n  \"a\": \"b\",  \"x\": \"y\"\n}";
    assert_eq!(set_in(two, &[key("a")], &New::Null), "{\n  \"a\": null,  \"x\": \"y\"\n}");
    let nested = "{\n  \"x\": {\n    \"a\": 1,\n    \"b\": true\n  }\n}\n";
    assert_eq!(set_in(nested, &[key("x")], &bar()), "{\n  \"x\": \"bar\"\n}\n");
    let expected = "{\n  \"x\": {\n    \"a\": 1,\n    \"b\": \"bar\"\n  }\n}\n";
    assert_eq!(set_in(nested, &[key("x"), key("b")], &bar()), expected);
}

#[test]
fn a_property_is_added_last() {
    // Where the file shows no indentation, it is four blanks, as everywhere in VS Code.
    assert_eq!(set_in("{}", &[key("foo")], &bar()), "{\n    \"foo\": \"bar\"\n}");
    let deep = "{\n    \"foo\": {\n        \"foo2\": \"bar\"\n    }\n}";
    assert_eq!(set_in("{}", &[key("foo"), key("foo2")], &bar()), deep);
    assert_eq!(set_in("{\n}", &[key("foo")], &bar()), "{\n    \"foo\": \"bar\"\n}");
    assert_eq!(set_in("  {\n  }", &[key("foo")], &bar()), "  {\n      \"foo\": \"bar\"\n  }");
    let x = "{\n  \"x\": \"y\"\n}";
    assert_eq!(set_in(x, &[key("foo")], &bar()), "{\n  \"x\": \"y\",\n  \"foo\": \"bar\"\n}");
    let nested = "{\n  \"x\": {\n    \"a\": 1,\n    \"b\": true\n  }\n}\n";
    let expected = "{\n  \"x\": {\n    \"a\": 1,\n    \"b\": true,\n    \"c\": \"bar\"\n  }\n}\n";
    assert_eq!(set_in(nested, &[key("x"), key("c")], &bar()), expected);
    let expected = "{\n  \"x\": {\n    \"a\": 1,\n    \"b\": true\n  },\n  \"c\": \"bar\"\n}\n";
    assert_eq!(set_in(nested, &[key("c")], &bar()), expected);
    let blanks = "{\n  \"a\": [\n    {\n    } \n  ]  \n}";
    assert_eq!(
        set_in(blanks, &[key("foo")], &bar()),
        "{\n  \"a\": [\n    {\n    } \n  ],\n  \"foo\": \"bar\"\n}"
    );
    let list = "{\n    \"foo\": [\n        \"bar\"\n    ]\n}";
    assert_eq!(set_in("", &[key("foo"), Step::Item(0)], &bar()), list);
    // There, the comment ends up behind the object.
    assert_eq!(set_in("//comment", &[key("foo"), Step::Item(0)], &bar()), format!("//comment\n{list}"));
}

#[test]
fn a_property_is_taken_away() {
    assert_eq!(removed("{\n  \"x\": \"y\"\n}", &[key("x")]), "{\n}");
    let two = "{\n  \"x\": \"y\", \"a\": []\n}";
    assert_eq!(removed(two, &[key("x")]), "{\n  \"a\": []\n}");
    assert_eq!(removed(two, &[key("a")]), "{\n  \"x\": \"y\"\n}");
    assert_eq!(removed(two, &[key("none")]), two);
    assert_eq!(removed(two, &[key("none"), key("x")]), two);
}

#[test]
fn items() {
    let x = "{\n  \"x\": [1, 2, 3],\n  \"y\": 0\n}";
    let number = |n: u32| New::Number(n.to_string());
    let at = |n: usize| [key("x"), Step::Item(n)];
    assert_eq!(set_in(x, &at(0), &number(6)), "{\n  \"x\": [6, 2, 3],\n  \"y\": 0\n}");
    assert_eq!(set_in(x, &at(2), &number(4)), "{\n  \"x\": [1, 2, 4],\n  \"y\": 0\n}");
    // There, the list is laid out anew, an item a line.
    assert_eq!(set_in(x, &at(3), &number(3)), "{\n  \"x\": [1, 2, 3, 3],\n  \"y\": 0\n}");
    assert!(matches!(set(x.as_bytes(), &at(4), &number(3)), Err(Refused::NoItem { len: 3, .. })));
    assert_eq!(set_in("[\n]", &[Step::Item(0)], &number(1)), "[\n    1\n]");
    assert_eq!(set_in("[\n  1,\n  2\n]", &[Step::Item(2)], &bar()), "[\n  1,\n  2,\n  \"bar\"\n]");
    // There, `[]`.
    assert_eq!(removed("[\n  1\n]", &[Step::Item(0)]), "[\n]");
    assert_eq!(removed("[\n  1,\n  2,\n  3\n]", &[Step::Item(1)]), "[\n  1,\n  3\n]");
    assert_eq!(removed("[\n  1,\n  2,\n  \"bar\"\n]", &[Step::Item(2)]), "[\n  1,\n  2\n]");
    // There, the comma too many goes with it.
    assert_eq!(removed("[\n  1,\n  \"foo\",\n  \"bar\",\n]", &[Step::Item(2)]), "[\n  1,\n  \"foo\",\n]");
    let comment = "// This is a comment\n[\n  1,\n  \"foo\",\n  \"bar\"\n]";
    assert_eq!(removed(comment, &[Step::Item(2)]), "// This is a comment\n[\n  1,\n  \"foo\"\n]");
    // There, the object is indented by the brackets that are open on its line.
    let object = New::Object(vec![("a".to_owned(), number(1)), ("b".to_owned(), number(2))]);
    let expected = "{\n  \"x\": [{\n    \"a\": 1,\n    \"b\": 2\n  }, 2, 3],\n  \"y\": 0\n}";
    assert_eq!(set_in(x, &at(0), &object), expected);
}

#[test]
fn comments_and_line_ends_stay() {
    let text = "\u{FEFF}{\r\n\t// a\r\n\t\"a\": 1, // one\r\n\t/* b */ \"b\": 2 // two\r\n\t// end\r\n}\r\n";
    let added = "\u{FEFF}{\r\n\t// a\r\n\t\"a\": 1, // one\r\n\t/* b */ \"b\": 2, // two\r\n\t\"c\": {\r\n\t\t\"d\": \"bar\"\r\n\t}\r\n\t// end\r\n}\r\n";
    assert_eq!(set_in(text, &[key("c"), key("d")], &bar()), added);
    let gone = "\u{FEFF}{\r\n\t// a\r\n\t\"a\": 1 // one\r\n\t/* b */ // two\r\n\t// end\r\n}\r\n";
    assert_eq!(removed(text, &[key("b")]), gone);
    let gone = "\u{FEFF}{\r\n\t// a\r\n\t// one\r\n\t/* b */ \"b\": 2 // two\r\n\t// end\r\n}\r\n";
    assert_eq!(removed(text, &[key("a")]), gone);
    assert_eq!(set_in("{ // only\n}", &[key("c")], &bar()), "{ // only\n    \"c\": \"bar\"\n}");
    assert_eq!(set_in("{ /* c */ }", &[key("c")], &bar()), "{ /* c */ \n    \"c\": \"bar\"\n}");
}

#[test]
fn commas_too_many_stay() {
    assert_eq!(set_in("{\n  \"a\": 1,\n}", &[key("c")], &bar()), "{\n  \"a\": 1,\n  \"c\": \"bar\",\n}");
    assert_eq!(set_in("{ \"a\": 1, }", &[key("c")], &bar()), "{ \"a\": 1, \"c\": \"bar\", }");
    assert_eq!(removed("{\n  \"a\": 1,\n  \"b\": 2,\n}", &[key("b")]), "{\n  \"a\": 1,\n}");
    assert_eq!(removed("{ \"a\": 1, \"b\": 2 }", &[key("b")]), "{ \"a\": 1 }");
    assert_eq!(removed("{ \"a\": 1, \"b\": 2 }", &[key("a")]), "{ \"b\": 2 }");
    assert_eq!(removed("{ \"a\": 1 }", &[key("a")]), "{ }");
    assert_eq!(removed("{\"a\": 1 /* x */, /* y */ \"b\": 2}", &[key("a")]), "{/* x */ /* y */ \"b\": 2}");
}

#[test]
fn a_name_that_is_written_twice() {
    let text = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"a\": 3\n}";
    assert_eq!(set_in(text, &[key("a")], &bar()), "{\n  \"a\": 1,\n  \"b\": 2,\n  \"a\": \"bar\"\n}");
    assert_eq!(removed(text, &[key("a")]), "{\n  \"b\": 2\n}");
}

#[test]
fn a_broken_file_is_left_alone() {
    let refused = set(b"{\n  \"a\" 1\n}", &[key("a")], &bar()).expect_err("broken");
    assert_eq!(refused.to_string(), "line 2, column 7: expected `:` – the file must be repaired first");
    assert!(matches!(remove(b"{", &[key("a")]), Err(Refused::Broken(_))));
    assert!(matches!(set(b", 1", &[key("a")], &bar()), Err(Refused::Broken(_))));
    assert!(matches!(set(b"{\"a\": 1}", &[key("a"), key("b")], &bar()), Err(Refused::InTheWay { .. })));
    assert!(matches!(set(b"[]", &[key("a")], &bar()), Err(Refused::InTheWay { .. })));
}
