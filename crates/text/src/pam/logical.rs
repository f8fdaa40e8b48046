//! Logical lines: comments cut off, backslash-newline joined.
//!
//! Follows `_assemble_line` of pam_env.c (Linux-PAM 1.5.2), which libpam's own reader resembles: `#` cuts anywhere,
//! and a line that does not fit the buffer, a NUL byte, or a continuation at the end of the file ends the reading.

/// `BUF_SIZE` of pam_env.c.
pub(crate) const PAM_ENV_BUFFER: usize = 8192;
/// `BUF_SIZE` of libpam's pam_private.h.
pub(crate) const SERVICE_BUFFER: usize = 1024;

/// Where and why the reading of a file ended before its end; what follows does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub line: u32,
    pub reason: &'static str,
}

/// A logical line: the number of its first line that holds text, and its bytes, usually ending in a newline.
pub(crate) struct Logical {
    pub(crate) line: u32,
    pub(crate) text: Vec<u8>,
}

pub(crate) fn assemble(bytes: &[u8], buffer_len: usize) -> (Vec<Logical>, Option<Broken>) {
    let mut lines = Vec::new();
    let mut reader = Reader { bytes, at: 0, line: 0, buffer_len };
    loop {
        match reader.next() {
            Ok(Some(logical)) => lines.push(logical),
            Ok(None) => return (lines, None),
            Err(broken) => return (lines, Some(broken)),
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
    buffer_len: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Option<Logical>, Broken> {
        let mut buffer: Vec<u8> = Vec::new();
        let mut first = 0;
        loop {
            if self.at >= self.bytes.len() {
                return if buffer.is_empty() {
                    Ok(None)
                } else {
                    Err(self.broken("a backslash joins the last line to the end of the file"))
                };
            }
            let chunk = self.line_into(buffer.len())?;
            let blanks = chunk.iter().take_while(|b| matches!(b, b' ' | b'\n' | b'\t')).count();
            if matches!(chunk.get(blanks), None | Some(b'#')) {
                continue;
            }
            if first == 0 {
                first = self.line;
            }
            let start = buffer.len() + blanks;
            buffer.extend_from_slice(chunk);
            if let Some(hash) = buffer[start..].iter().position(|&b| b == b'#') {
                buffer.truncate(start + hash);
                return Ok(Some(Logical { line: first, text: buffer }));
            }
            let last = buffer[start..]
                .iter()
                .rposition(|b| !matches!(b, b' ' | b'\n' | b'\t'))
                .map_or(start, |n| start + n);
            if buffer.get(last) != Some(&b'\\') {
                return Ok(Some(Logical { line: first, text: buffer }));
            }
            buffer.truncate(last);
        }
    }

    /// One line as `fgets` gives it into what is left of the buffer.
    fn line_into(&mut self, used: usize) -> Result<&'a [u8], Broken> {
        self.line += 1;
        let room = self.buffer_len.saturating_sub(used + 1);
        let rest = &self.bytes[self.at..];
        let wanted = rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |n| n + 1);
        let taken = wanted.min(room);
        let at_end = taken < room && taken == rest.len();
        self.at += taken;
        let chunk = &rest[..taken];
        let seen = chunk.iter().position(|&b| b == 0).map_or(chunk, |nul| &chunk[..nul]);
        if seen.is_empty() {
            return Err(self.broken("a NUL byte"));
        }
        if seen.last() != Some(&b'\n') && !at_end {
            return Err(self.broken("the line is longer than PAM reads"));
        }
        Ok(seen)
    }

    fn broken(&self, reason: &'static str) -> Broken {
        Broken { line: self.line, reason }
    }
}
