//! Settings as a tree: dotted keys taken apart, objects merged key by key.
//!
//! Not here: which keys of a file take part.

use crate::vscode::{Json, Setting};
use model::{Origin, Place};
use text::jsonc::{Node, Property, Value, number_text, pointer};
use text::lines::Lines;

/// Makes places of a file's ranges.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    pub(crate) path: &'a str,
    pub(crate) lines: &'a Lines,
}

/// A whole file (`tasks.json`), each part with its place; nothing where there is no value in it.
pub(crate) fn document(path: &str, bytes: &[u8]) -> Option<Setting> {
    let root = text::jsonc::read(bytes).root?;
    let lines = Lines::of(bytes);
    let places = Places { path, lines: &lines };
    let value = places.value(&root, &mut Vec::new());
    Some(Setting { value, origin: places.at(&root.range, &[]) })
}

impl Places<'_> {
    pub(crate) fn at(&self, range: &std::ops::Range<usize>, path: &[String]) -> Origin {
        let ((line, column), (end_line, end_column)) =
            (self.lines.place(range.start), self.lines.place(range.end));
        let place = Place { path: self.path.to_owned(), line, column, end_line, end_column };
        Origin::Setting { place, pointer: pointer(path.iter().map(String::as_str)) }
    }

    /// A property with all that is in it. Each part's place is its own: key and value of a property, an item of a list.
    pub(crate) fn property(&self, property: &Property, node: &Node, path: &mut Vec<String>) -> Setting {
        path.push(property.key.clone());
        let setting = Setting { value: self.value(node, path), origin: self.at(&property.range(), path) };
        path.pop();
        setting
    }

    pub(crate) fn value(&self, node: &Node, path: &mut Vec<String>) -> Json {
        match &node.value {
            Value::Null => Json::Null,
            Value::Bool(it) => Json::Bool(*it),
            Value::Number(number) => Json::Number(number_text(*number)),
            Value::String(text) => Json::Text(text.clone()),
            Value::Array(items) => Json::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(at, item)| {
                        path.push(at.to_string());
                        let setting =
                            Setting { value: self.value(item, path), origin: self.at(&item.range, path) };
                        path.pop();
                        setting
                    })
                    .collect(),
            ),
            Value::Object(object) => Json::Object(
                object
                    .effective()
                    .into_iter()
                    .map(|(property, node)| (property.key.clone(), self.property(property, node, path)))
                    .collect(),
            ),
        }
    }
}

/// Puts a value where its dotted key says (vscode: platform/configuration/common/configuration.ts `addToValueTree`). What
/// stood there before is replaced whole. Fails, with the key that is in the way, where the path goes through something
/// that is no object.
pub(crate) fn put(tree: &mut Vec<(String, Setting)>, key: &str, setting: Setting) -> Result<(), String> {
    let mut at = tree;
    let mut done = 0;
    while let Some(dot) = key[done..].find('.') {
        let segment = &key[done..done + dot];
        let index = match at.iter().position(|(name, _)| name == segment) {
            Some(index) => index,
            None => {
                let branch = Setting { value: Json::Object(Vec::new()), origin: setting.origin.clone() };
                at.push((segment.to_owned(), branch));
                at.len() - 1
            }
        };
        match &mut at[index].1.value {
            Json::Object(entries) => at = entries,
            _ => return Err(key[..done + dot].to_owned()),
        }
        done += dot + 1;
    }
    let last = &key[done..];
    match at.iter_mut().find(|(name, _)| name == last) {
        Some((_, earlier)) => *earlier = setting,
        None => at.push((last.to_owned(), setting)),
    }
    Ok(())
}

/// What a dotted key leads to.
pub(crate) fn find<'t>(tree: &'t [(String, Setting)], key: &str) -> Option<&'t Setting> {
    let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
    let setting = tree.iter().find(|(name, _)| name == first).map(|(_, setting)| setting)?;
    match rest {
        Some(rest) => find(setting.entries(), rest),
        None => Some(setting),
    }
}

/// A higher level over a lower one (vscode: platform/configuration/common/configurationModels.ts `mergeContents`):
/// objects key by key, everything else whole. An object that both have is said to come from the higher.
pub(crate) fn merge(below: &mut Vec<(String, Setting)>, above: Vec<(String, Setting)>) {
    for (name, setting) in above {
        match below.iter_mut().find(|(earlier, _)| *earlier == name) {
            None => below.push((name, setting)),
            Some((_, earlier)) => match (&mut earlier.value, setting.value) {
                (Json::Object(entries), Json::Object(over)) => {
                    merge(entries, over);
                    earlier.origin = setting.origin;
                }
                (value, over) => {
                    *value = over;
                    earlier.origin = setting.origin;
                }
            },
        }
    }
}
