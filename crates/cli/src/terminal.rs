//! What goes to stdout and stderr, and what the reader's terminal is like.
//!
//! A reader that stops reading (`| head`) is no failure. Not here: what is said.

use crate::arguments::{Color, Common};
use crate::failure::Failure;
use anstream::{AutoStream, ColorChoice};
use model::Reveal;
use std::io::{BufWriter, ErrorKind, IsTerminal as _, Write as _};
use std::mem::ManuallyDrop;

/// How much of an answer in JSON is written at once, bytes.
const PIECE: usize = 64 << 10;

/// Sets when colours are used, for stdout and stderr.
pub(crate) fn set_color(color: Color) {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
}

/// How the answer is to look. `home` is what is shown as `~`.
pub(crate) fn view_options(common: &Common, home: Option<String>) -> view::Options {
    let stdout = std::io::stdout();
    view::Options {
        reveal: if common.show_secrets { Reveal::Yes } else { Reveal::No },
        width: stdout.is_terminal().then(width).flatten(),
        color: AutoStream::choice(&stdout) != ColorChoice::Never,
        home,
        quiet: common.quiet,
        verbose: common.verbose,
    }
}

/// Columns of the terminal on stdout.
fn width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// Whether stderr is a terminal that can be redrawn.
pub(crate) fn can_animate() -> bool {
    let stderr = std::io::stderr();
    stderr.is_terminal() && AutoStream::choice(&stderr) != ColorChoice::Never
}

/// Writes a line over the one that the cursor of stderr is on, cut to the terminal's width; an empty one clears it.
pub(crate) fn redraw(line: &str) {
    let columns = terminal_size::terminal_size_of(std::io::stderr()).map_or(80, |(w, _)| usize::from(w.0));
    // The last column is left free: a terminal may begin a new line behind it.
    let plain: String =
        line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(columns.saturating_sub(1)).collect();
    let mut stderr = std::io::stderr().lock();
    // ECMA-48: EL 2, erase in line.
    let _ = write!(stderr, "\r\x1b[2K{plain}").and_then(|()| stderr.flush());
}

/// Writes the answer.
pub(crate) fn answer(text: &str) -> Result<(), Failure> {
    answer_bytes(text.as_bytes())
}

pub(crate) fn answer_bytes(bytes: &[u8]) -> Result<(), Failure> {
    // Only escape sequences need a look at every byte on the way out; those of an answer without colours are none.
    let odd = |b: u8| (b < b' ' && !b.is_ascii_whitespace()) || b == 0x7f;
    let plain = !bytes.iter().fold(false, |seen, b| seen | odd(*b));
    written(if plain { std::io::stdout().write_all(bytes) } else { anstream::stdout().write_all(bytes) })
}

/// Whether all that was written to stdout got there.
pub(crate) fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    match result.and_then(|()| std::io::stdout().flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Internal(format!("the answer could not be written ({error})")))
        }
        _ => Ok(()),
    }
}

/// Writes what another program would have written, to the byte: also what a terminal acts on.
pub(crate) fn answer_exactly(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Internal(format!("the answer could not be written ({error})")))
        }
        _ => Ok(()),
    }
}

/// Writes an answer as JSON, keys in the order of the schema.
pub(crate) fn answer_json<T: serde::Serialize>(value: T) -> Result<(), Failure> {
    // Nothing comes after the answer that the memory would be wanted for.
    let value = ManuallyDrop::new(value);
    // JSON escapes what a terminal could act on, so that it goes out as it is, piece by piece.
    let mut stdout = BufWriter::with_capacity(PIECE, std::io::stdout().lock());
    let result = serde_json::to_writer_pretty(&mut stdout, &*value).map_err(std::io::Error::from);
    written(result.and_then(|()| stdout.write_all(b"\n")).and_then(|()| stdout.flush()))
}

/// Says something beside the answer. Names of others may be in it: nothing goes out that a terminal acts on.
pub(crate) fn talk(text: &str) {
    let plain: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let _ = writeln!(anstream::stderr(), "{plain}");
}

/// The same line by line, for what another program would have said.
pub(crate) fn talk_lines(text: &str) {
    text.lines().for_each(talk);
}

pub(crate) fn complain(failure: &Failure) {
    talk(&format!("gowhence: {failure}"));
}
