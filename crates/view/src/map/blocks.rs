//! The matrix drawn: blocks of columns that fit the terminal, each beginning with the first column, with which the
//! others are compared.
//!
//! A row stands only in blocks where it differs; one in which all agree stands once. Not here: what a cell says
//! (`drawn`).

use super::drawn::{Drawn, Mark, NOTHING, is_path};
use super::rows::{Matrix, Row};
use crate::Options;
use crate::groups::letter;
use crate::layout::{give_way, pad, shorten_middle, shorten_start, width};
use crate::paint::{Ink, paint};

/// A column is given at least this before another block is begun, if it needs it.
const COMFORT: usize = 12;
/// Longer names of variables are shortened.
const LONGEST_LABEL: usize = 24;

/// The matrix, in as many blocks as its columns need.
pub(super) fn blocks(matrix: &Matrix<'_>, drawn: &[Vec<Drawn>], options: &Options) -> Vec<String> {
    let labels = matrix.rows.iter().map(|r| width(&r.label())).max().unwrap_or(0).min(LONGEST_LABEL);
    let room = options.columns().saturating_sub(labels + 3);
    let natural: Vec<usize> = (0..matrix.groups.len())
        .map(|column| natural_width(matrix, drawn, column, &|cells| !uniform(cells)))
        .collect();
    let Some(&first) = natural.first() else { return Vec::new() };
    let mut out = Vec::new();
    let mut next = 1;
    loop {
        let mut columns = vec![0];
        let mut used = first.min(COMFORT);
        while next < natural.len() && (columns.len() == 1 || used + 2 + natural[next].min(COMFORT) <= room) {
            used += 2 + natural[next].min(COMFORT);
            columns.push(next);
            next += 1;
        }
        out.push(block(matrix, drawn, &columns, (labels, room, out.is_empty()), options));
        if next >= natural.len() {
            return out;
        }
    }
}

/// Whether all columns have the same to say.
fn uniform(cells: &[Drawn]) -> bool {
    cells.iter().all(|c| c.mark == Mark::Same) || cells.iter().all(|c| Some(c) == cells.first())
}

/// Whether what stands beneath a value helps: not for PATH, whose entries have origins of their own.
fn has_sources(row: &Row, cells: &[Drawn]) -> bool {
    !row.name.as_ref().is_some_and(is_path) && cells.iter().any(|c| !c.source.is_empty())
}

/// What a column needs for the rows that are `shown`.
fn natural_width(
    matrix: &Matrix<'_>,
    drawn: &[Vec<Drawn>],
    column: usize,
    shown: &dyn Fn(&[Drawn]) -> bool,
) -> usize {
    let rows = matrix.rows.iter().zip(drawn).filter(|(_, cells)| shown(cells));
    let needed = rows.map(|(row, cells)| {
        let cell = &cells[column];
        let mark = if cell.mark == Mark::Same { 0 } else { 2 };
        let source = if has_sources(row, cells) { width(&cell.source) } else { 0 };
        // A value that has a shorter word for it does not make its column wide.
        let text =
            cell.short.as_ref().map_or(width(&cell.text), |s| width(&cell.text).min(width(s).max(COMFORT)));
        (text + mark).max(source)
    });
    needed.max().unwrap_or(0).max(4)
}

fn block(
    matrix: &Matrix<'_>,
    drawn: &[Vec<Drawn>],
    columns: &[usize],
    (labels, room, first): (usize, usize, bool),
    options: &Options,
) -> String {
    let differs =
        |cells: &[Drawn]| !uniform(cells) && columns[1..].iter().any(|&c| cells[c].mark != Mark::Same);
    let mut widths: Vec<usize> = columns.iter().map(|&c| natural_width(matrix, drawn, c, &differs)).collect();
    let (fixed, gaps) = (vec![false; widths.len()], 2 * (widths.len() - 1));
    give_way(&mut widths, &fixed, room.saturating_sub(gaps));
    let letters: Vec<String> = columns.iter().zip(&widths).map(|(&c, w)| pad(&letter(c), *w)).collect();
    let mut out = format!(" {}  {}", " ".repeat(labels), letters.join("  ")).trim_end().to_owned() + "\n";
    for (row, cells) in matrix.rows.iter().zip(drawn) {
        let label = pad(&shorten_middle(&row.label(), labels), labels);
        if uniform(cells) && first {
            out.push_str(&uniform_line(&label, row, cells, options));
        }
        if !differs(cells) {
            continue;
        }
        let here: Vec<&Drawn> = columns.iter().map(|&c| &cells[c]).collect();
        out.push_str(&format!(" {label}  {}\n", values_line(&here, &widths, options)));
        if has_sources(row, cells) {
            let line = sources_line(&here, &widths, options);
            if !line.trim().is_empty() {
                out.push_str(&format!(" {}  {line}\n", " ".repeat(labels)));
            }
        }
    }
    out
}

/// A row in which all agree needs no columns.
fn uniform_line(label: &str, row: &Row, cells: &[Drawn], options: &Options) -> String {
    let cell = &cells[0];
    let source = match cell.source.as_str() {
        "" => String::new(),
        _ if row.name.as_ref().is_some_and(is_path)
            || cells.iter().any(|c| c.source != cell.source && c.text != NOTHING) =>
        {
            String::new()
        }
        inferred if inferred.starts_with('(') => format!(" {inferred}"),
        source => format!(" ({source})"),
    };
    let room = options.columns().saturating_sub(width(label) + 3);
    let source = if width(&source) + 8 > room { String::new() } else { source };
    let text = shorten_middle(&cell.text, room - width(&source));
    let mark = if cell.mark == Mark::Missing { " ✗" } else { "" };
    format!(" {label}  {text}{mark}{}\n", paint(options.color, Ink::Faint, &source))
}

fn values_line(cells: &[&Drawn], widths: &[usize], options: &Options) -> String {
    let mut line = String::new();
    for (cell, &column) in cells.iter().zip(widths) {
        let sign = cell.mark.sign();
        let room = if sign.is_empty() { column } else { column - 2 };
        let text = match &cell.short {
            Some(short) if width(&cell.text) > room => short.clone(),
            _ => shorten_middle(&cell.text, room),
        };
        let ink = match cell.mark {
            Mark::Same => Ink::Plain,
            Mark::Differs => Ink::Differs,
            Mark::Missing => Ink::Wrong,
        };
        let padding = " ".repeat(room - width(&text));
        let mark =
            if sign.is_empty() { String::new() } else { format!(" {}", paint(options.color, ink, sign)) };
        line.push_str(&format!("{}{padding}{mark}  ", paint(options.color, ink, &text)));
    }
    line.trim_end().to_owned()
}

fn sources_line(cells: &[&Drawn], widths: &[usize], options: &Options) -> String {
    let mut line = String::new();
    for (cell, &column) in cells.iter().zip(widths) {
        let text = shorten_start(&cell.source, column);
        let padding = " ".repeat(column - width(&text) + 2);
        line.push_str(&format!("{}{padding}", paint(options.color, Ink::Faint, &text)));
    }
    line.trim_end().to_owned()
}
