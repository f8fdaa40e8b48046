//! Fenced blocks of a Markdown file, with the lines that they stand in.
//!
//! Not here: what a block means (`scenario`).

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The words behind the opening fence.
    pub(super) info: String,
    pub(super) text: String,
    /// Line of the opening fence, from 1.
    pub(super) line: usize,
    /// Lines of the text, from 0, one past the end.
    pub(super) lines: std::ops::Range<usize>,
    pub(super) closed: bool,
}

/// Blocks between fences of three or more backquotes; a longer fence holds shorter ones (CommonMark 4.5).
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<(usize, Block)> = None;
    for (index, line) in text.lines().enumerate() {
        let ticks = line.bytes().take_while(|b| *b == b'`').count();
        match &mut open {
            None if ticks >= 3 => {
                let info = line[ticks..].trim().to_owned();
                let lines = index + 1..index + 1;
                open =
                    Some((ticks, Block { info, text: String::new(), line: index + 1, lines, closed: false }));
            }
            Some((fence, block)) if ticks >= *fence && line[ticks..].trim().is_empty() => {
                block.closed = true;
                block.lines.end = index;
                found.extend(open.take().map(|(_, block)| block));
            }
            Some((_, block)) => {
                block.text.push_str(line);
                block.text.push('\n');
                block.lines.end = index + 1;
            }
            None => {}
        }
    }
    found.extend(open.map(|(_, block)| block));
    found
}

/// The text with other lines in the place of those of some blocks. `changes` in the order of the lines.
pub(super) fn replace(text: &str, changes: &[(std::ops::Range<usize>, String)]) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut out = String::new();
    let mut at = 0;
    for (range, new) in changes {
        out.extend(lines[at..range.start].iter().copied());
        out.push_str(new);
        if !new.is_empty() && !new.ends_with('\n') {
            out.push('\n');
        }
        at = range.end;
    }
    out.extend(lines[at..].iter().copied());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_and_replaced() {
        let text = "# A\n\n```sh file /x\na\n```\ntext\n````why X\n```\n````\n";
        let found = blocks(text);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].info.as_str(), found[0].text.as_str(), found[0].line), ("sh file /x", "a\n", 3));
        assert_eq!(found[1].text, "```\n");
        let changed = replace(text, &[(found[0].lines.clone(), "b\nc".to_owned())]);
        assert_eq!(changed, text.replace("a\n", "b\nc\n"));
    }
}
