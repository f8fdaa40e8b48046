//! Changes of files that existed before us: plan → diff → backup → write → verify → journal → undo.
//!
//! A [`Plan`] says which bytes of which files, and what they were planned against. [`prepare`] looks where that really
//! lands and refuses what is not ours to change; [`apply`] does it, all files or none, also when the process is killed
//! in the middle: what was meant stands in the journal before the first file is touched ([`Journal`]), and the next
//! change completes or rolls back what is unfinished ([`recover`]). [`undo`] is a change like any other, so that
//! redo is the undo of an undo.
//!
//! Deliberately not here: what should be changed and why, and talking to anyone.

mod digest;
mod history;
mod journal;
mod managed;
mod plan;
mod prepare;
mod record;
mod recover;
mod refusal;
mod resolve;
mod steps;
mod transaction;
mod undo;

pub use digest::Digest;
pub use history::{Entry, History, Outcome};
pub use journal::{Journal, log};
pub use plan::{Change, FilePlan, Plan};
pub use prepare::{Content, How, Prepared, PreparedFile, prepare};
pub use record::{FileRecord, State};
pub use recover::{Recovered, recover};
pub use refusal::{Conflict, Refusal};
pub use transaction::{Applied, apply};
pub use undo::{Which, prepare_undo, undo};
