//! Changing a file of settings: the bytes that a property or an item is set or taken away by.
//!
//! In the manner of VS Code's own editing (vscode: base/common/jsonEdit.ts `setProperty`): a new property comes last,
//! lines and indentation are those of the file, a comma too many stays one. Unlike it, lines that hold something else
//! are never laid out anew, no comment is moved or lost, and of a name that is written twice the property that counts is
//! set, and all are taken away. Not here: which key of a file is to be changed.

mod file;
#[cfg(test)]
mod generated;
mod new;
#[cfg(test)]
mod tests;

pub use new::New;

use super::{Document, Problem, ProblemKind, Property, Value, read};
use crate::edit::Edit;
use file::File;
use std::fmt;
use std::ops::Range;

/// A step down a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

/// Why nothing is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The file is broken: where it is read otherwise than it looks, nothing may be added.
    Broken(Problem),
    /// A step leads into something that is no object or no list. What it is instead stands at `range`.
    InTheWay { range: Range<usize> },
    /// A list has no such item.
    NoItem { range: Range<usize>, len: usize },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Broken(problem) => {
                let Problem { line, column, kind, .. } = problem;
                write!(f, "line {line}, column {column}: {kind} – the file must be repaired first")
            }
            Refused::InTheWay { .. } => f.write_str("the file has a value of another kind there"),
            Refused::NoItem { len, .. } => write!(f, "the list has {len} items"),
        }
    }
}

impl std::error::Error for Refused {}

/// Sets what `path` leads to, and makes the objects on the way. The item behind the last one of a list adds one.
pub fn set(bytes: &[u8], path: &[Step<'_>], value: &New) -> Result<Vec<Edit>, Refused> {
    let document = readable(bytes)?;
    let file = File::new(bytes, &document);
    let Some(root) = &document.root else {
        return Ok(vec![file.first_value(&value.below(path))]);
    };
    let mut node = root;
    for (at, step) in path.iter().enumerate() {
        let next = match (step, &node.value) {
            (Step::Key(key), Value::Object(object)) => match object.get(key) {
                Some(next) => next,
                None => return Ok(file.add_property(node, object, key, &value.below(&path[at + 1..]))),
            },
            (Step::Item(index), Value::Array(items)) => match items.get(*index) {
                Some(next) => next,
                None if *index == items.len() => {
                    return Ok(file.add_item(node, items, &value.below(&path[at + 1..])));
                }
                None => return Err(Refused::NoItem { range: node.range.clone(), len: items.len() }),
            },
            _ => return Err(Refused::InTheWay { range: node.range.clone() }),
        };
        node = next;
    }
    let style = file.style(file.indent_at(node.range.start));
    Ok(vec![Edit::replace(node.range.clone(), value.laid_out(Some(&style)))])
}

/// Takes away what `path` leads to: all properties of that name, or an item. No edits where there is none.
pub fn remove(bytes: &[u8], path: &[Step<'_>]) -> Result<Vec<Edit>, Refused> {
    let document = readable(bytes)?;
    let file = File::new(bytes, &document);
    let (Some(mut node), Some((last, way))) = (document.root.as_ref(), path.split_last()) else {
        return Ok(Vec::new());
    };
    for step in way {
        let next = match (step, &node.value) {
            (Step::Key(key), Value::Object(object)) => object.get(key),
            (Step::Item(index), Value::Array(items)) => items.get(*index),
            _ => return Err(Refused::InTheWay { range: node.range.clone() }),
        };
        let Some(next) = next else { return Ok(Vec::new()) };
        node = next;
    }
    match (last, &node.value) {
        (Step::Key(key), Value::Object(object)) => {
            let ranges: Vec<Range<usize>> = object.properties.iter().map(Property::range).collect();
            let goes: Vec<bool> = object.properties.iter().map(|p| p.key == *key).collect();
            Ok(file.take_away(node, &ranges, &goes))
        }
        (Step::Item(index), Value::Array(items)) => {
            let ranges: Vec<Range<usize>> = items.iter().map(|item| item.range.clone()).collect();
            let goes: Vec<bool> = (0..items.len()).map(|at| at == *index).collect();
            Ok(file.take_away(node, &ranges, &goes))
        }
        _ => Err(Refused::InTheWay { range: node.range.clone() }),
    }
}

/// The tree, if the file is whole. One of nothing but comments is, too.
fn readable(bytes: &[u8]) -> Result<Document, Refused> {
    let document = read(bytes);
    let is_empty = |p: &Problem| {
        document.root.is_none() && p.kind == ProblemKind::ValueExpected && p.range.start == bytes.len()
    };
    match document.problems.iter().find(|p| !is_empty(p)) {
        Some(problem) => Err(Refused::Broken(problem.clone())),
        None => Ok(document),
    }
}
