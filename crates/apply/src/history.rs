//! What the journal's records mean together: changes in the order in which they were made, and which of them hold.
//!
//! Pure. Not here: reading the file, and what is said of it.

use crate::record::{FileRecord, Intent, Record};

/// All that the journal tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Oldest first.
    pub entries: Vec<Entry>,
    /// Lines (from 1) that are no records: cut off by a crash, or damaged.
    pub damaged: Vec<usize>,
    highest: u64,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: u64,
    /// Milliseconds since 1970.
    pub at_ms: i64,
    pub title: String,
    /// The change that this one took back.
    pub undoes: Option<u64>,
    /// The change that took this one back, and is itself not taken back.
    pub undone_by: Option<u64>,
    pub files: Vec<FileRecord>,
    /// Folders that were to be made for it, outermost first.
    pub(crate) makes: Vec<String>,
    /// Folders that were to be taken away with it.
    pub(crate) removes: Vec<String>,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With the folders that were made for it.
    Made { folders: Vec<String> },
    /// Everything is as before, except the files that someone else had changed by then.
    RolledBack { reason: String, kept: Vec<String> },
    /// It is being made right now, or was interrupted.
    Unfinished,
}

impl Entry {
    fn new(intent: Intent) -> Self {
        let Intent { id, at_ms, title, undoes, files, makes, removes } = intent;
        Self {
            id,
            at_ms,
            title,
            undoes,
            undone_by: None,
            files,
            makes,
            removes,
            outcome: Outcome::Unfinished,
        }
    }

    pub fn is_made(&self) -> bool {
        matches!(self.outcome, Outcome::Made { .. })
    }
}

impl History {
    /// From the bytes of the journal.
    pub fn read(bytes: &[u8]) -> Self {
        let mut history = Self::default();
        for (number, line) in (1..).zip(bytes.split(|&b| b == b'\n')) {
            // An empty line ends one that was cut off.
            if line.is_empty() {
                continue;
            }
            match Record::from_line(line) {
                Some(record) => history.add(record),
                None => history.damaged.push(number),
            }
        }
        history.mark_undone();
        history
    }

    fn add(&mut self, record: Record) {
        self.highest = self.highest.max(record.id());
        let id = record.id();
        let outcome = match record {
            Record::Intent(intent) => {
                self.entries.push(Entry::new(intent));
                return;
            }
            Record::Commit { folders, .. } => Outcome::Made { folders },
            Record::RolledBack { reason, kept, .. } => Outcome::RolledBack { reason, kept },
        };
        if let Some(entry) = self.entries.iter_mut().rev().find(|e| e.id == id) {
            entry.outcome = outcome;
        }
    }

    /// Later changes are looked at first: one that is taken back takes nothing back.
    fn mark_undone(&mut self) {
        for at in (0..self.entries.len()).rev() {
            let Entry { id, undoes: Some(undoes), undone_by: None, outcome: Outcome::Made { .. }, .. } =
                self.entries[at]
            else {
                continue;
            };
            if let Some(entry) = self.entries[..at].iter_mut().rev().find(|e| e.id == undoes) {
                entry.undone_by = Some(id);
            }
        }
    }

    pub fn get(&self, id: u64) -> Option<&Entry> {
        self.entries.iter().rev().find(|e| e.id == id)
    }

    /// The number of the next change.
    pub(crate) fn next_id(&self) -> u64 {
        self.highest + 1
    }

    pub(crate) fn unfinished(&self) -> Vec<&Entry> {
        self.entries.iter().filter(|e| e.outcome == Outcome::Unfinished).collect()
    }

    /// How often a change is one that takes another back: 0 for a plan, 1 for its undo, 2 for its redo.
    fn depth(&self, entry: &Entry) -> usize {
        let mut depth = 0;
        let mut at = entry;
        // A change only takes back earlier ones: the way ends.
        while let Some(earlier) = at.undoes.and_then(|id| self.get(id)).filter(|e| e.id < at.id) {
            (at, depth) = (earlier, depth + 1);
        }
        depth
    }

    /// Whether what a change does is to take something back; its redo does not.
    pub fn is_undo(&self, entry: &Entry) -> bool {
        self.depth(entry) % 2 == 1
    }

    /// The latest change that holds: what `undo` takes back, or with `undos` the latest undo, what `redo` takes back.
    pub(crate) fn latest(&self, undos: bool) -> Option<&Entry> {
        self.entries.iter().rev().find(|e| e.is_made() && e.undone_by.is_none() && self.is_undo(e) == undos)
    }

    /// The latest change that holds, came after this one and is of that file.
    pub(crate) fn later_of(&self, id: u64, file: &str) -> Option<u64> {
        let later = self.entries.iter().rev().take_while(|e| e.id > id);
        later
            .filter(|e| e.is_made() && e.undone_by.is_none() && !self.is_undo(e))
            .find(|e| e.files.iter().any(|f| f.file == file))
            .map(|e| e.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intent(id: u64, undoes: Option<u64>) -> Record {
        let (files, makes, removes) = (Vec::new(), Vec::new(), Vec::new());
        Record::Intent(Intent { id, at_ms: 0, title: format!("change {id}"), undoes, files, makes, removes })
    }

    fn made(id: u64) -> Record {
        Record::Commit { id, at_ms: 0, folders: Vec::new() }
    }

    fn lines(records: &[Record]) -> Vec<u8> {
        records.iter().flat_map(Record::to_line).collect()
    }

    #[test]
    fn a_torn_end_takes_nothing_with_it() {
        let whole = lines(&[intent(1, None), made(1), intent(2, None)]);
        let first_two = lines(&[intent(1, None), made(1)]).len();
        for cut in first_two..whole.len() - 1 {
            let history = History::read(&whole[..cut]);
            assert_eq!(history.entries.len(), 1, "cut at {cut}");
            assert!(history.entries[0].is_made());
            assert_eq!(history.damaged.len(), usize::from(cut > first_two));
        }
        // What is added after a torn end stands on a line of its own.
        let mut torn = whole[..whole.len() - 9].to_vec();
        torn.push(b'\n');
        torn.extend(lines(&[intent(2, None), made(2)]));
        let history = History::read(&torn);
        assert_eq!(history.entries.iter().map(|e| e.id).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(history.damaged, [3]);
    }

    #[test]
    fn damage_in_the_middle_costs_that_line_alone() {
        let mut bytes = lines(&[intent(1, None), made(1), intent(2, None), made(2)]);
        bytes[30] ^= 1;
        let history = History::read(&bytes);
        assert_eq!(history.entries.iter().map(|e| e.id).collect::<Vec<_>>(), [2]);
        assert_eq!(history.next_id(), 3);
    }

    #[test]
    fn undo_of_undo_is_redo() {
        let mut records =
            vec![intent(1, None), made(1), intent(2, None), made(2), intent(3, Some(2)), made(3)];
        let read = |records: &[Record]| History::read(&lines(records));
        let history = read(&records);
        assert_eq!(history.get(2).and_then(|e| e.undone_by), Some(3));
        assert_eq!(history.latest(false).map(|e| e.id), Some(1));
        assert_eq!(history.latest(true).map(|e| e.id), Some(3));
        records.extend([intent(4, Some(3)), made(4)]);
        let history = read(&records);
        assert_eq!(history.get(2).and_then(|e| e.undone_by), None);
        assert_eq!(history.latest(false).map(|e| e.id), Some(4));
        assert_eq!(history.latest(true), None);
    }
}
