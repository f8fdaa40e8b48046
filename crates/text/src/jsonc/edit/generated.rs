//! Five hundred generated files, each with something set, added and taken away.

use super::*;
use crate::edit::apply;
use crate::jsonc::Node;
use crate::jsonc::scan::{Scanner, Token};

/// Numbers that follow from a seed (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % n
    }

    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

struct Written<'c> {
    chance: &'c mut Chance,
    eol: &'static str,
    unit: &'static str,
    text: String,
    /// Comments are numbered, so that one that moves is seen.
    comments: usize,
}

impl Written<'_> {
    fn comment(&mut self, may_end_line: bool) {
        self.comments += 1;
        let comment = format!("/* c{} {} */", self.comments, self.chance.pick(&["", "\"a\": 1,", "}", "//"]));
        match self.chance.below(if may_end_line { 3 } else { 2 }) {
            0 => self.text.push_str(&comment),
            1 => self.text.push_str(&comment.replace(' ', &format!("{}  ", self.eol))),
            _ => self.text.push_str(&format!("// c{} ,{{{}", self.comments, self.eol)),
        }
    }

    /// Blanks where they may stand, or nothing.
    fn space(&mut self) {
        if self.chance.once_in(12) {
            self.comment(false);
        }
        let blanks = self.chance.pick(&["", "", " ", "  ", "\t"]);
        self.text.push_str(blanks);
    }

    fn value(&mut self, level: usize) {
        match self.chance.below(if level < 3 { 9 } else { 6 }) {
            0 => self.text.push_str("null"),
            1 => self.text.push_str("true"),
            2 => self.text.push_str("-1.5e3"),
            3 => self.text.push_str("\"ä \\\" , } // x\""),
            4 => self.text.push_str("[]"),
            5 => self.text.push_str("{}"),
            6 | 7 => self.brackets(level, "{", "}"),
            _ => self.brackets(level, "[", "]"),
        }
    }

    fn brackets(&mut self, level: usize, open: &str, close: &str) {
        let in_lines = !self.chance.once_in(4);
        self.text.push_str(open);
        let count = self.chance.below(5);
        for at in 0..count {
            if in_lines {
                if self.chance.once_in(6) {
                    self.space();
                    self.comment(true);
                }
                if !self.chance.once_in(9) {
                    self.text.push_str(self.eol);
                    self.text.push_str(&self.unit.repeat(level + 1));
                }
            } else {
                self.space();
            }
            if open == "{" {
                let key = self.chance.pick(&["a", "go.goroot", "b", "c d", "go.toolsEnvVars", "e\\n"]);
                self.text.push_str(&format!("\"{key}\""));
                self.space();
                self.text.push(':');
                self.space();
            }
            self.value(level + 1);
            self.space();
            if at + 1 < count || self.chance.once_in(3) {
                self.text.push(',');
            }
            if in_lines && self.chance.once_in(6) {
                self.space();
                self.comment(true);
            }
        }
        if in_lines {
            self.text.push_str(self.eol);
            self.text.push_str(&self.unit.repeat(level));
        }
        self.text.push_str(close);
    }
}

fn file(chance: &mut Chance) -> String {
    let eol = if chance.once_in(3) { "\r\n" } else { "\n" };
    let unit = if chance.once_in(3) { "\t" } else { "  " };
    let start = if chance.once_in(5) { "\u{FEFF}" } else { "" };
    let mut file = Written { chance, eol, unit, text: start.to_owned(), comments: 0 };
    if file.chance.once_in(3) {
        file.comment(true);
    }
    file.brackets(0, "{", "}");
    if file.chance.once_in(2) {
        file.text.push_str(eol);
    }
    file.text
}

/// All comments but those within some ranges.
fn comments(text: &str, except: &[Range<usize>]) -> Vec<String> {
    let mut scanner = Scanner::new(text.as_bytes());
    let mut found = Vec::new();
    loop {
        match scanner.scan() {
            Token::End => return found,
            Token::LineComment | Token::BlockComment => {
                let range = scanner.range();
                if !except.iter().any(|e| e.start <= range.start && range.end <= e.end) {
                    found.push(text[range].to_owned());
                }
            }
            _ => {}
        }
    }
}

/// Every value that has no parts, with the way to it, but those at `except` and below.
fn values(text: &str, except: &[Step<'_>]) -> Vec<String> {
    fn walk(node: &Node, way: &str, except: &str, found: &mut Vec<String>) {
        if way == except {
            return;
        }
        match &node.value {
            Value::Object(object) => {
                for property in &object.properties {
                    if let Some(value) = &property.value {
                        walk(value, &format!("{way}/{}", property.key), except, found);
                    }
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    walk(item, &format!("{way}/{at}"), except, found);
                }
            }
            value => found.push(format!("{way} {value:?}")),
        }
    }
    let except: String = except
        .iter()
        .map(|step| match step {
            Step::Key(key) => format!("/{key}"),
            Step::Item(at) => format!("/{at}"),
        })
        .collect();
    let mut found = Vec::new();
    if let Some(root) = &read(text.as_bytes()).root {
        walk(root, "", &except, &mut found);
    }
    found
}

/// Where the properties of a name, or only their values, are.
fn ranges(text: &str, key: &str, range: fn(&Property) -> Range<usize>) -> Vec<Range<usize>> {
    let root = read(text.as_bytes()).root;
    let object = root.as_ref().and_then(Node::as_object);
    object.into_iter().flat_map(|o| &o.properties).filter(|p| p.key == key).map(range).collect()
}

fn value_at(text: &str, key: &str) -> Option<Value> {
    read(text.as_bytes()).root?.get(key).map(|node| node.value.clone())
}

fn changed(text: &str, edits: &[Edit], goes: &[Range<usize>], what: &str) -> String {
    let after = apply(text.as_bytes(), edits).unwrap_or_else(|e| panic!("{what}: {e}\n{text}"));
    let after = String::from_utf8(after).expect("utf-8");
    let problems = read(after.as_bytes()).problems;
    assert!(problems.is_empty(), "{what}: {problems:?}\n{text}\n--- after\n{after}");
    assert_eq!(comments(&after, &[]), comments(text, goes), "{what}: comments\n{text}\n--- after\n{after}");
    after
}

#[test]
fn bytes_outside_of_an_edit_stay() {
    let mut chance = Chance(0x1234_5678_9abc_def1);
    let new = New::Object(vec![("X".to_owned(), New::Text("1".to_owned()))]);
    for number in 0..500 {
        let text = file(&mut chance);
        assert!(read(text.as_bytes()).problems.is_empty(), "file {number} is broken\n{text}");
        for key in ["a", "go.goroot", "new"] {
            let path = [Step::Key(key)];
            let edits = set(text.as_bytes(), &path, &new).expect("whole");
            let what = format!("file {number}, set {key}");
            let had = value_at(&text, key).is_some();
            let own = ranges(&text, key, |p| p.value.as_ref().map_or(0..0, |node| node.range.clone()));
            let replaced = own.last().cloned().into_iter().collect::<Vec<_>>();
            let after = changed(&text, &edits, &replaced, &what);
            if own.len() < 2 {
                assert_eq!(values(&after, &path), values(&text, &path), "{what}\n{text}\n--- after\n{after}");
            }
            assert!(
                matches!(value_at(&after, key), Some(Value::Object(_))),
                "{what}\n{text}\n--- after\n{after}"
            );
            if !had {
                // Only blanks are replaced.
                let replaced =
                    |edit: &Edit| text[edit.range.clone()].trim_matches([' ', '\t', '\r', '\n']).is_empty();
                assert!(edits.iter().all(replaced), "{what}: {edits:?}\n{text}");
            }
            let edits = remove(text.as_bytes(), &path).expect("whole");
            let what = format!("file {number}, take away {key}");
            let after = changed(&text, &edits, &ranges(&text, key, Property::range), &what);
            assert_eq!(value_at(&after, key), None, "{what}\n{text}\n--- after\n{after}");
            assert_eq!(values(&after, &path), values(&text, &path), "{what}\n{text}\n--- after\n{after}");
            assert_eq!(edits.is_empty(), !had, "{what}");
        }
    }
}
