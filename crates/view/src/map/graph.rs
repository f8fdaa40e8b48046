//! The spaces as a graph, for Mermaid and Graphviz: who inherits from whom, and which columns agree.
//!
//! Not here: values; a picture of them is the matrix.

use super::rows::{Chosen, Matrix, matrix};
use crate::groups::letter;
use crate::spell;
use model::{Atlas, Space};
use std::fmt::Write as _;

struct Node {
    lines: Vec<String>,
    group: Option<usize>,
    dashed: bool,
}

fn nodes(matrix: &Matrix<'_>) -> Vec<Node> {
    let node = |(index, space): (usize, &Space)| {
        let group = matrix.groups.iter().position(|g| g.members.contains(&index));
        let head = group.map_or_else(|| space.id.to_string(), |n| format!("{}  {}", letter(n), space.id));
        let mut lines = vec![head];
        if !space.evidence.has_values() {
            lines.push(space.evidence.as_str().to_owned());
        } else if let Some(go) = &space.go {
            let version = match (&go.path, &go.version) {
                (None, _) => "no go".to_owned(),
                (Some(_), Some(version)) => format!("go {version}"),
                (Some(path), None) => spell::printable(path.as_bytes(), None, None),
            };
            lines.push(version);
        }
        Node { lines, group, dashed: !space.evidence.has_values() }
    };
    matrix.folded.spaces().iter().enumerate().map(node).collect()
}

/// Pairs of parent and child, by index.
fn edges<'a>(matrix: &'a Matrix<'_>) -> impl Iterator<Item = (usize, usize)> + 'a {
    let spaces = matrix.folded.spaces();
    spaces
        .iter()
        .enumerate()
        .filter_map(|(child, space)| Some((matrix.folded.index(space.parent.as_ref()?)?, child)))
}

/// A Mermaid flow chart. Labels are quoted, and what Mermaid reads inside quotes is written as entities.
pub fn map_mermaid(atlas: &Atlas, chosen: &Chosen) -> String {
    let matrix = matrix(atlas, chosen);
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('#', "#35;")
    };
    let mut out = String::from("flowchart LR\n");
    for (n, node) in nodes(&matrix).iter().enumerate() {
        let label = node.lines.iter().map(|l| escape(l)).collect::<Vec<_>>().join("<br/>");
        let _ = writeln!(out, "  s{n}[\"{label}\"]");
    }
    for (parent, child) in edges(&matrix) {
        let _ = writeln!(out, "  s{parent} --> s{child}");
    }
    for (n, node) in nodes(&matrix).iter().enumerate() {
        if node.group.is_some_and(|g| g > 0) {
            let _ = writeln!(out, "  style s{n} stroke-width:3px");
        } else if node.dashed {
            let _ = writeln!(out, "  style s{n} stroke-dasharray:4");
        }
    }
    out
}

/// A Graphviz digraph.
pub fn map_dot(atlas: &Atlas, chosen: &Chosen) -> String {
    let matrix = matrix(atlas, chosen);
    let escape = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut out =
        String::from("digraph gowhence {\n  rankdir=LR;\n  node [shape=box, fontname=\"monospace\"];\n");
    for (n, node) in nodes(&matrix).iter().enumerate() {
        let label = node.lines.iter().map(|l| escape(l)).collect::<Vec<_>>().join("\\n");
        let style = match node {
            Node { dashed: true, .. } => ", style=dashed",
            Node { group: Some(g), .. } if *g > 0 => ", penwidth=2",
            Node { .. } => "",
        };
        let _ = writeln!(out, "  s{n} [label=\"{label}\"{style}];");
    }
    for (parent, child) in edges(&matrix) {
        let _ = writeln!(out, "  s{parent} -> s{child};");
    }
    out.push_str("}\n");
    out
}
