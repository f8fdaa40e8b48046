//! Which records ran inside `emulate sh -c '…'`.
//!
//! There EVAL_LINENO is off, and zsh does not set the line number from the code but leaves that of the reader of the
//! file, which has already read the whole top-level command (zsh: Src/exec.c `execpline2`, `ineval`).

use super::calls::Calls;
use super::records::Record;
use super::words;

/// For each live record, whether its line number is that of the reader.
pub(super) fn emulated(calls: &Calls<'_>) -> Vec<bool> {
    let mut flags = Vec::with_capacity(calls.live.len());
    // The `emulate` whose text is being run.
    let mut running: Option<&Record<'_>> = None;
    for &record in &calls.live {
        if let Some(emulate) = running {
            let same_line =
                record.file == emulate.file && record.line == emulate.line && record.scope == emulate.scope;
            if record.depth < emulate.depth || (record.depth == emulate.depth && !same_line) {
                running = None;
            }
        }
        flags.push(running.is_some_and(|emulate| record.depth > emulate.depth));
        if running.is_none() && begins(record) {
            running = Some(record);
        }
    }
    flags
}

fn begins(record: &Record<'_>) -> bool {
    let command = record.text;
    if !command.starts_with(b"emulate ") {
        return false;
    }
    let words = words::split(command);
    let other = words.iter().any(|w| [b"sh".as_slice(), b"ksh", b"bash", b"csh"].contains(&w.as_slice()));
    other && words.iter().any(|w| w == b"-c")
}
