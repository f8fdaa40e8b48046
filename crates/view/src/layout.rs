//! Text in columns: widths as a terminal draws them, shortening, wrapping, tables.
//!
//! Widths are of terminal cells (wide characters count two), never of bytes. Text given here has no escape
//! sequences: it is painted after it was measured.

use crate::paint::{Ink, paint};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

pub(crate) const ELLIPSIS: &str = "…";

pub(crate) fn width(text: &str) -> usize {
    text.width()
}

pub(crate) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// Leaves out the middle: both ends of a value tell more than its middle.
pub(crate) fn shorten_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(1);
    let tail = take_end(text, room / 2);
    let head = take_start(text, room - width(tail));
    format!("{head}{ELLIPSIS}{tail}")
}

/// Leaves out the start: the end of a path names the file and the line.
pub(crate) fn shorten_start(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    format!("{ELLIPSIS}{}", take_end(text, columns.saturating_sub(1)))
}

fn take_start(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

fn take_end(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return &text[at + c.len_utf8()..];
        }
    }
    text
}

/// Breaks text at spaces into lines of at most `columns`; a word that is longer stands alone on its line.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// A first part, then wrapped text that hangs beside it.
pub(crate) fn hanging(first: &str, text: &str, columns: usize) -> String {
    let indent = width(first);
    let lines = wrap(text, columns.saturating_sub(indent).max(20));
    let mut out = String::new();
    for (n, line) in lines.iter().enumerate() {
        let lead = if n == 0 { first.to_owned() } else { " ".repeat(indent) };
        out.push_str(&format!("{lead}{line}\n"));
    }
    out
}

/// One cell of a [`table`]: how it may be shortened says where its meaning is.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) ink: Ink,
    pub(crate) keep: Keep,
    /// What is said in its place where there is no room for it.
    pub(crate) short: Option<String>,
}

/// Which part of a cell is worth keeping when there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    All,
    Ends,
    End,
    /// All, on several lines if need be. Only for the last cell of a row.
    Wrap,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>, ink: Ink, keep: Keep) -> Self {
        Self { text: text.into(), ink, keep, short: None }
    }

    /// The same with a shorter text for where there is no room.
    #[must_use]
    pub(crate) fn or(mut self, short: String) -> Self {
        self.short = Some(short);
        self
    }

    pub(crate) fn fixed(text: impl Into<String>) -> Self {
        Self::new(text, Ink::Plain, Keep::All)
    }
}

/// Lays rows out in columns with two spaces between them. Where the whole is wider than `columns`, the widest
/// columns that may be shortened give way, not below [`LEAST`]; the last column is never padded.
pub(crate) fn table(rows: &[Vec<Cell>], indent: usize, columns: usize, color: bool) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let natural = |n: usize| rows.iter().filter_map(|r| r.get(n)).map(|c| width(&c.text)).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..count).map(natural).collect();
    let fixed: Vec<bool> =
        (0..count).map(|n| rows.iter().filter_map(|r| r.get(n)).all(|c| c.keep == Keep::All)).collect();
    let room = columns.saturating_sub(indent + 2 * count.saturating_sub(1));
    if widths.iter().sum::<usize>() > room {
        // Shorter words first, before anything is cut.
        let least = |c: &Cell| width(c.short.as_ref().unwrap_or(&c.text));
        for (n, column) in widths.iter_mut().enumerate() {
            *column = rows.iter().filter_map(|r| r.get(n)).map(least).max().unwrap_or(0);
        }
    }
    give_way(&mut widths, &fixed, room);
    rows.iter().map(|row| table_row(row, &widths, indent, color)).collect()
}

fn table_row(row: &[Cell], widths: &[usize], indent: usize, color: bool) -> String {
    let mut out = String::new();
    let mut line = " ".repeat(indent);
    let mut at = indent;
    for (n, cell) in row.iter().enumerate() {
        let last = row[n + 1..].iter().all(|c| c.text.is_empty());
        let text = match cell.keep {
            Keep::All => cell.text.clone(),
            _ if cell
                .short
                .as_ref()
                .is_some_and(|s| width(&cell.text) > widths[n] && width(s) <= widths[n]) =>
            {
                cell.short.clone().unwrap_or_default()
            }
            Keep::Ends => shorten_middle(&cell.text, widths[n]),
            Keep::End => shorten_start(&cell.text, widths[n]),
            Keep::Wrap => {
                // What does not fit goes on beneath, in the same column.
                let mut lines = wrap(&cell.text, widths[n]);
                let end = lines.pop().unwrap_or_default();
                for part in lines {
                    line.push_str(&paint(color, cell.ink, &part));
                    out.push_str(&format!("{line}\n"));
                    line = " ".repeat(at);
                }
                end
            }
        };
        line.push_str(&paint(color, cell.ink, &text));
        if last {
            break;
        }
        line.push_str(&" ".repeat(widths[n].saturating_sub(width(&text)) + 2));
        at += widths[n] + 2;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

/// No column is made narrower than this.
const LEAST: usize = 10;

/// Makes the widest of the columns that may give way narrower until all fit into `room`.
pub(crate) fn give_way(widths: &mut [usize], fixed: &[bool], room: usize) {
    while widths.iter().sum::<usize>() > room {
        let widest = (0..widths.len()).filter(|&n| !fixed[n] && widths[n] > LEAST).max_by_key(|&n| widths[n]);
        let Some(widest) = widest else { break };
        widths[widest] -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("工具"), 4);
        assert_eq!(pad("工", 4), "工  ");
        assert_eq!(shorten_middle("工具链路径", 7), "工具…径");
        assert_eq!(width(&shorten_middle("工具链路径", 6)), 5);
    }

    #[test]
    fn both_ends_of_a_value_stay() {
        assert_eq!(shorten_middle("https://goproxy.corp,direct", 15), "https:/…,direct");
        assert_eq!(shorten_start("/home/ann/.config/zsh/.zshrc:44", 12), "…h/.zshrc:44");
    }

    #[test]
    fn a_table_gives_way_where_it_may() {
        let row = |a: &str, b: &str| vec![Cell::fixed(a), Cell::new(b, Ink::Plain, Keep::Ends)];
        let text = table(&[row("one", "aaaaaaaaaaaaaaaaaaaaaaaaaa"), row("three", "b")], 1, 20, false);
        assert_eq!(text, " one    aaaaaa…aaaaa\n three  b\n");
    }
}
