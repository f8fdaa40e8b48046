//! A file that is changed: where its lines begin and end, and where one more fits in.
//!
//! Not here: what is to be changed.

use super::new::{self, New, Style};
use crate::edit::{BOM, Edit, line_end};
use crate::jsonc::scan::{Scanner, Token};
use crate::jsonc::{Document, Node, Object, Property, Value};
use std::ops::Range;

/// A file that is changed.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    eol: &'static [u8],
    /// What a level is indented by.
    unit: Vec<u8>,
}

/// What indents where the file does not tell (vscode: `editor.tabSize`, `editor.insertSpaces`).
const UNIT: &[u8] = b"    ";

impl<'a> File<'a> {
    pub(super) fn new(bytes: &'a [u8], document: &Document) -> Self {
        let mut file = Self { bytes, eol: line_end(bytes), unit: UNIT.to_vec() };
        if let Some(unit) = document.root.as_ref().and_then(|root| file.unit_below(root)) {
            file.unit = unit;
        }
        file
    }

    pub(super) fn style<'s>(&'s self, indent: &'s [u8]) -> Style<'s> {
        Style { eol: self.eol, unit: &self.unit, indent }
    }

    fn line_start(&self, at: usize) -> usize {
        let start = self.bytes[..at].iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(0, |at| at + 1);
        if start == 0 && self.bytes.starts_with(BOM) { BOM.len().min(at) } else { start }
    }

    /// The blanks that begin the line of an offset.
    pub(super) fn indent_at(&self, at: usize) -> &'a [u8] {
        let start = self.line_start(at);
        let len = self.bytes[start..at].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        &self.bytes[start..start + len]
    }

    /// Whether nothing but blanks stands before an offset on its line.
    fn begins_line(&self, at: usize) -> bool {
        self.line_start(at) + self.indent_at(at).len() == at
    }

    /// By how much the first child that begins a line is indented, against its parent.
    fn unit_below(&self, node: &Node) -> Option<Vec<u8>> {
        let mut left = vec![node];
        while let Some(node) = left.pop() {
            let outer = self.indent_at(node.range.start);
            let children: Vec<(usize, Option<&Node>)> = match &node.value {
                Value::Object(Object { properties }) => {
                    properties.iter().map(|p| (p.key_range.start, p.value.as_ref())).collect()
                }
                Value::Array(items) => items.iter().map(|item| (item.range.start, Some(item))).collect(),
                _ => continue,
            };
            for (start, child) in children.iter().rev() {
                if self.begins_line(*start)
                    && let Some(unit) = self.indent_at(*start).strip_prefix(outer)
                    && !unit.is_empty()
                {
                    return Some(unit.to_vec());
                }
                left.extend(child);
            }
        }
        None
    }

    pub(super) fn first_value(&self, value: &New) -> Edit {
        let mut text = Vec::new();
        let end = self.bytes.len();
        if end > 0 && self.bytes != BOM && self.line_start(end) != end {
            text.extend_from_slice(self.eol);
        }
        text.extend(value.laid_out(Some(&self.style(b""))));
        Edit::insert(end, text)
    }

    pub(super) fn add_property(&self, node: &Node, object: &Object, key: &str, value: &New) -> Vec<Edit> {
        let ranges: Vec<Range<usize>> = object.properties.iter().map(Property::range).collect();
        self.add(node, &ranges, &|style| {
            let mut text = new::quoted(key);
            text.extend_from_slice(b": ");
            text.extend(value.laid_out(style));
            text
        })
    }

    pub(super) fn add_item(&self, node: &Node, items: &[Node], value: &New) -> Vec<Edit> {
        let ranges: Vec<Range<usize>> = items.iter().map(|item| item.range.clone()).collect();
        self.add(node, &ranges, &|style| value.laid_out(style))
    }

    /// One more behind the last child. `text` lays the new one out, in lines or, without a style, in one.
    fn add(
        &self,
        node: &Node,
        children: &[Range<usize>],
        text: &dyn Fn(Option<&Style<'_>>) -> Vec<u8>,
    ) -> Vec<Edit> {
        let Some(last) = children.last() else { return vec![self.add_first(node, text)] };
        let comma = self.comma_after(last.end, node.range.end);
        let after = comma.map_or(last.end, |at| at + 1);
        let lines = children.iter().find(|child| self.begins_line(child.start));
        let Some(model) = lines else {
            let mut new = if comma.is_some() { b" ".to_vec() } else { b", ".to_vec() };
            new.extend(text(None));
            if comma.is_some() {
                new.push(b',');
            }
            return vec![Edit::insert(after, new)];
        };
        let indent = self.indent_at(model.start);
        let mut new = self.eol.to_vec();
        new.extend_from_slice(indent);
        new.extend(text(Some(&self.style(indent))));
        if comma.is_some() {
            new.push(b',');
        }
        let (behind, blanks) = self.behind_line(after, node.range.end - 1);
        if comma.is_none() && blanks == (after..behind) {
            return vec![Edit::replace(blanks, [b",".as_slice(), &new].concat())];
        }
        let mut edits = vec![Edit::insert(behind, new)];
        if comma.is_none() {
            edits.insert(0, Edit::insert(last.end, ","));
        }
        edits
    }

    /// The first child of an object or array.
    fn add_first(&self, node: &Node, text: &dyn Fn(Option<&Style<'_>>) -> Vec<u8>) -> Edit {
        let outer = self.indent_at(node.range.start);
        let indent = [outer, self.unit.as_slice()].concat();
        let mut new = indent.clone();
        new.extend(text(Some(&self.style(&indent))));
        let inside = node.range.start + 1..node.range.end - 1;
        let is_empty = self.bytes[inside.clone()].iter().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
        if !is_empty && self.begins_line(inside.end) {
            // Comments come before it.
            new.extend_from_slice(self.eol);
            return Edit::insert(self.line_start(inside.end), new);
        }
        let new = [self.eol, &new, self.eol, outer].concat();
        if is_empty { Edit::replace(inside, new) } else { Edit::insert(inside.end, new) }
    }

    /// Where the comma is that follows an offset, if one does before `end`.
    fn comma_after(&self, at: usize, end: usize) -> Option<usize> {
        let mut scanner = Scanner::new(&self.bytes[at..end]);
        loop {
            match scanner.scan() {
                Token::Comma => return Some(at + scanner.range().start),
                Token::LineComment | Token::BlockComment | Token::LineBreak | Token::Blank => {}
                _ => return None,
            }
        }
    }

    /// The end of what belongs to the line of an offset, comments included, before `limit`; and the blanks at that end.
    fn behind_line(&self, at: usize, limit: usize) -> (usize, Range<usize>) {
        let mut scanner = Scanner::new(&self.bytes[at..limit]);
        let mut blanks = at..at;
        loop {
            match scanner.scan() {
                Token::Blank => blanks = at + scanner.range().start..at + scanner.range().end,
                Token::LineComment | Token::BlockComment => {
                    let end = at + scanner.range().end;
                    blanks = end..end;
                }
                Token::LineBreak => return (at + scanner.range().start, blanks),
                // The closing bracket is on this line: the blanks before it stay there.
                _ => return (blanks.start, blanks.start..blanks.start),
            }
        }
    }

    /// Without some of the children: they, a comma each, and the lines that are then empty.
    pub(super) fn take_away(&self, node: &Node, children: &[Range<usize>], goes: &[bool]) -> Vec<Edit> {
        let stays_until = goes.iter().rposition(|goes| !goes);
        let mut edits = Vec::new();
        for (at, child) in children.iter().enumerate().filter(|(at, _)| goes[*at]) {
            let comma = self.comma_after(child.end, node.range.end);
            let mut end = child.end;
            match comma {
                Some(comma) if self.is_blank(child.end..comma) => end = comma + 1,
                Some(comma) => edits.push(Edit::delete(comma..comma + 1)),
                None => {}
            }
            edits.push(Edit::delete(self.with_blanks(child.start, end, node)));
            // The last one has no comma: that of the last one that stays goes.
            let is_last = at + 1 == children.len();
            if let (None, true, Some(stays)) = (comma, is_last, stays_until)
                && let Some(comma) = self.comma_after(children[stays].end, node.range.end)
            {
                edits.push(Edit::delete(comma..comma + 1));
            }
        }
        joined(edits)
    }

    fn is_blank(&self, range: Range<usize>) -> bool {
        self.bytes[range].iter().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// A range that goes away, with its whole line if there is nothing else on it, else with blanks on one side.
    fn with_blanks(&self, start: usize, end: usize, node: &Node) -> Range<usize> {
        let blank = |b: &u8| matches!(b, b' ' | b'\t');
        let behind = end + self.bytes[end..].iter().take_while(|b| blank(b)).count();
        let ends_line = matches!(self.bytes.get(behind), Some(b'\n' | b'\r'));
        if self.begins_line(start) && ends_line {
            let line = self.line_start(start);
            // The line's end in front goes, so that a last line keeps its own; the first line has none.
            if line > node.range.start {
                let before = if self.bytes[..line].ends_with(b"\r\n") { line - 2 } else { line - 1 };
                return before..behind;
            }
        }
        let before = start - self.bytes[..start].iter().rev().take_while(|b| blank(b)).count();
        match self.bytes.get(behind) {
            // Blanks before it go where it was the last thing on its line or in its brackets.
            Some(b'\n' | b'\r') => before..end,
            Some(b'}' | b']') => before..end,
            _ => start..behind,
        }
    }
}

/// Edits in order, those that touch made one.
fn joined(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out: Vec<Edit> = Vec::new();
    for edit in edits {
        match out.last_mut() {
            Some(last) if edit.range.start <= last.range.end => {
                last.range.end = last.range.end.max(edit.range.end);
            }
            _ => out.push(edit),
        }
    }
    out
}
