//! What every rule of the grammar reads with: where it stands, blanks, comments, here-documents, reserved words.

pub(super) struct Unreadable;
pub(super) type Read<T> = Result<T, Unreadable>;

pub(super) struct Document {
    pub(super) delimiter: Vec<u8>,
    pub(super) strip_tabs: bool,
}

pub(super) struct Parser<'t> {
    pub(super) text: &'t [u8],
    pub(super) at: usize,
    pub(super) line_starts: Vec<usize>,
    pub(super) documents: Vec<Document>,
    /// Where a line was continued between two words.
    pub(super) joints: Vec<usize>,
    pub(super) depth: usize,
    /// Only the end of what is read is wanted, and whether there is something notable in it.
    pub(super) skimming: bool,
    pub(super) notable: bool,
}

/// Deeper nesting than any start-up file has.
pub(super) const DEEPEST: usize = 200;

impl Parser<'_> {
    /// At the beginning of `text`.
    pub(super) fn new(text: &[u8]) -> Parser<'_> {
        Parser {
            text,
            at: 0,
            line_starts: std::iter::once(0)
                .chain(text.iter().enumerate().filter(|&(_, &b)| b == b'\n').map(|(i, _)| i + 1))
                .collect(),
            documents: Vec::new(),
            joints: Vec::new(),
            depth: 0,
            skimming: false,
            notable: false,
        }
    }

    /// One more level of commands in commands.
    pub(super) fn deeper(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(Unreadable) } else { Ok(()) }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn after(&self, count: usize) -> Option<u8> {
        self.text.get(self.at + count).copied()
    }

    pub(super) fn line(&self) -> u32 {
        u32::try_from(self.line_starts.partition_point(|&start| start <= self.at)).unwrap_or(u32::MAX)
    }

    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.after(1) == Some(b'\n') => {
                    self.joints.push(self.at);
                    self.at += 2;
                }
                Some(b'#') => {
                    let rest = &self.text[self.at..];
                    self.at += rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    pub(super) fn newline(&mut self) -> Read<()> {
        self.at += 1;
        for document in std::mem::take(&mut self.documents) {
            self.skip_document(&document)?;
        }
        Ok(())
    }

    pub(super) fn skip_document(&mut self, document: &Document) -> Read<()> {
        loop {
            let rest = &self.text[self.at..];
            if rest.is_empty() {
                return Ok(());
            }
            let end = rest.iter().position(|&b| b == b'\n');
            let line = &rest[..end.unwrap_or(rest.len())];
            self.at += end.map_or(rest.len(), |end| end + 1);
            let tabs = if document.strip_tabs { line.iter().take_while(|&&b| b == b'\t').count() } else { 0 };
            if line[tabs..] == document.delimiter[..] {
                return Ok(());
            }
        }
    }

    pub(super) fn newlines(&mut self) -> Read<()> {
        loop {
            self.blanks();
            if self.peek() != Some(b'\n') {
                return Ok(());
            }
            self.newline()?;
        }
    }

    /// The unquoted word that stands here, for reserved words.
    pub(super) fn bare(&self) -> &[u8] {
        let rest = &self.text[self.at..];
        let end = rest
            .iter()
            .position(|&b| matches!(b, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>'))
            .unwrap_or(rest.len());
        &rest[..end]
    }

    pub(super) fn reserved(&mut self, word: &[u8]) -> Read<()> {
        self.newlines()?;
        if self.bare() != word {
            return Err(Unreadable);
        }
        self.at += word.len();
        Ok(())
    }

    pub(super) fn close(&mut self, byte: u8) -> Read<()> {
        self.newlines()?;
        if self.peek() != Some(byte) {
            return Err(Unreadable);
        }
        self.at += 1;
        Ok(())
    }
}
