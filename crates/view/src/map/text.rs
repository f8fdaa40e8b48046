//! The map as text: one screen, readable in black and white and at 80 columns.
//!
//! Order: baseline, heading, matrix, who stands in which column, entries of PATH that differ, what is most worth
//! knowing, problems. Not here: what is worth knowing (`notes`).

use super::blocks::blocks;
use super::drawn::{Drawn, drawn_row, is_path};
use super::entries::delta;
use super::notes::{Note, notes};
use super::rows::{Chosen, Matrix, matrix};
use crate::folded::own_shell;
use crate::groups::{legend, letter, silent};
use crate::layout::{hanging, pad, shorten_middle, width, wrap};
use crate::paint::{Ink, paint};
use crate::{Options, spell};
use model::{Atlas, Entry, Severity, Space};
use std::sync::Arc;

/// The matrix of the machine, with what is most worth knowing beneath it.
pub fn map_text(atlas: &Atlas, chosen: &Chosen, options: &Options) -> String {
    let matrix = matrix(atlas, chosen);
    let drawn: Vec<Vec<Drawn>> = matrix.rows.iter().map(|row| drawn_row(&matrix, row, options)).collect();
    let mut parts = vec![heading(&matrix, options)];
    parts.extend(blocks(&matrix, &drawn, options));
    parts.push(columns_legend(&matrix, options));
    parts.push(path_differences(&matrix, options));
    if !options.quiet {
        let noted = notes(&matrix, options);
        parts.push(worth_knowing(&noted, options));
        parts.push(problems(atlas, &noted, options));
    }
    parts.retain(|p| !p.is_empty());
    parts.join("\n")
}

/// Which environment the spaces start from: the first line of every answer.
pub(crate) fn baseline_line(atlas: &Atlas, options: &Options) -> String {
    let baseline = &atlas.baseline;
    let reason = match (&baseline.reason, baseline.evidence.reason()) {
        (own, Some(evidence)) if own.is_empty() => evidence,
        (own, _) => own,
    };
    let evidence = baseline.evidence.as_str();
    let text = format!("starting from {}, {evidence}: {}", baseline.space, spell::words(reason, options));
    let text = text.trim_end_matches([':', ' ']).to_owned();
    let lines = wrap(&text, options.columns());
    lines.iter().map(|line| format!("{}\n", paint(options.color, Ink::Faint, line))).collect()
}

fn heading(matrix: &Matrix<'_>, options: &Options) -> String {
    let atlas = matrix.folded.atlas;
    let project = match &atlas.project {
        Some(folder) => folder.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(folder),
        None => "no project",
    };
    let left = match &atlas.project_asks {
        Some(asks) => format!("{}  {}", spell::words(project, options), spell::words(asks, options)),
        None => spell::words(project, options),
    };
    let places = spell::count(atlas.spaces.len(), "place", "places");
    let differing = match matrix.differing() {
        0 => "all that could be read agree".to_owned(),
        1 => "1 that differs".to_owned(),
        n => format!("{n} that differ"),
    };
    let shell = own_shell(atlas).map(|s| format!(" · {s}")).unwrap_or_default();
    let right = format!("{}{shell} · {places}, {differing}", atlas.machine);
    let room = options.columns();
    let bold = |text: &str| paint(options.color, Ink::Strong, text);
    let line = match options.width {
        Some(_) if width(&left) + 3 + width(&right) <= room => {
            format!("{}{}{right}\n", bold(&left), " ".repeat(room - width(&left) - width(&right)))
        }
        None => format!("{}   {right}\n", bold(&left)),
        Some(_) => format!("{}\n{}\n", bold(&shorten_middle(&left, room)), wrap(&right, room).join("\n")),
    };
    baseline_line(atlas, options) + &line
}

fn columns_legend(matrix: &Matrix<'_>, options: &Options) -> String {
    let spaces = matrix.folded.spaces();
    let longest = matrix.groups.len().checked_sub(1).map_or(1, |n| letter(n).len());
    let mut out = String::new();
    for (n, group) in matrix.groups.iter().enumerate() {
        let members: Vec<&Space> = group.members.iter().map(|&i| &spaces[i]).collect();
        out.push_str(&legend(&pad(&letter(n), longest), &members, options.columns()));
    }
    out.push_str(&silent(spaces, longest, options));
    out
}

/// More entries than these are not listed: `gowhence diff` does.
const FEW: usize = 5;

fn path_differences(matrix: &Matrix<'_>, options: &Options) -> String {
    let Some(name) = matrix.rows.iter().filter_map(|r| r.name.as_ref()).find(|n| is_path(n)) else {
        return String::new();
    };
    let Some(first) = matrix.groups.first().map(|g| g.speaker(matrix.reference, matrix.folded.spaces()))
    else {
        return String::new();
    };
    let mut out = String::new();
    for (n, group) in matrix.groups.iter().enumerate().skip(1) {
        let space = group.speaker(matrix.reference, matrix.folded.spaces());
        let separator = matrix.folded.spaces()[space].path_separator;
        let (a, b) = (matrix.folded.state(first, name), matrix.folded.state(space, name));
        let delta = delta(a.value(), b.value(), separator);
        let total = delta.more.len() + delta.fewer.len();
        if a.value().is_none() || b.value().is_none() || total == 0 || total > FEW {
            continue;
        }
        let signed = |sign: &str, entries: &[Vec<u8>], space: usize| -> Vec<String> {
            let known = matrix.folded.fold(space).get(name).map(|h| h.entries.as_slice()).unwrap_or_default();
            entries.iter().map(|e| format!("{sign}{}", one_entry(name, e, known, options))).collect()
        };
        let mut all = signed("+ ", &delta.more, space);
        all.extend(signed("− ", &delta.fewer, first));
        let all: Vec<String> = all.iter().map(|e| e.replace(' ', "\u{a0}")).collect();
        let lead = format!(" {}  {} ", letter(n), spell::name(name));
        out.push_str(&hanging(&lead, &all.join("\u{a0}· "), options.columns()).replace('\u{a0}', " "));
    }
    out
}

fn one_entry(name: &model::Name, bytes: &[u8], known: &[Arc<Entry>], options: &Options) -> String {
    let text = spell::entry(name, bytes, options);
    let place = known.iter().find(|e| e.bytes == bytes).and_then(|e| {
        let place = e.origin.place().or(e.via.as_ref().map(|v| &v.place))?;
        Some(spell::place(&model::Place { column: 0, ..place.clone() }, options))
    });
    place.map_or_else(|| text.clone(), |place| format!("{text} ({place})"))
}

/// How many notes there are where not all are asked for.
const MOST_WORTH: usize = 3;

fn worth_knowing(all: &[Note], options: &Options) -> String {
    let shown = if options.verbose { all.len() } else { all.len().min(MOST_WORTH) };
    let mut out = String::new();
    for (n, Note { text, command, .. }) in all[..shown].iter().enumerate() {
        out.push_str(&hanging(&format!(" {}  ", n + 1), text, options.columns()));
        out.push_str(&format!("    {}\n", paint(options.color, Ink::Command, command)));
    }
    if all.len() > shown {
        out.push_str(&format!("    {} more: -v\n", all.len() - shown));
    }
    out
}

/// How many problems there are where not all are asked for.
const MOST_PROBLEMS: usize = 5;

/// Problems of spaces, the same one of several spaces once.
fn problems(atlas: &Atlas, noted: &[Note], options: &Options) -> String {
    let mut found: Vec<(Severity, String, Vec<&Space>)> = Vec::new();
    for space in &atlas.spaces {
        for problem in &space.problems {
            let at = problem
                .origin
                .as_ref()
                .map(|o| format!(" ({})", spell::origin(o, options)))
                .unwrap_or_default();
            let text = format!("{}{at}", spell::words(&problem.message, options));
            match found.iter_mut().find(|(s, t, _)| *s == problem.severity && *t == text) {
                Some((_, _, spaces)) => spaces.push(space),
                None => found.push((problem.severity, text, vec![space])),
            }
        }
    }
    found.sort_by_key(|(severity, ..)| *severity);
    if !options.verbose {
        let told = |text: &str| noted.iter().take(MOST_WORTH).any(|note| note.text.contains(text));
        found.retain(|(severity, text, _)| *severity <= Severity::Warning && !told(text));
    }
    let shown = if options.verbose { found.len() } else { found.len().min(MOST_PROBLEMS) };
    let mut out = String::new();
    for (severity, text, spaces) in &found[..shown] {
        let (word, ink) = match severity {
            Severity::Error => ("error", Ink::Wrong),
            Severity::Warning => ("warning", Ink::Differs),
            Severity::Info => ("info", Ink::Faint),
            Severity::Hint => ("hint", Ink::Faint),
        };
        let who = crate::groups::members(spaces).join(" · ");
        let line = hanging(&format!(" {word}: "), &format!("{who}: {text}"), options.columns());
        out.push_str(&line.replacen(word, &paint(options.color, ink, word), 1));
    }
    if found.len() > shown {
        out.push_str(&format!(" {} more: -v\n", found.len() - shown));
    }
    out
}
