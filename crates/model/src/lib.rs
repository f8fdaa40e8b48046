//! The words of gowhence as plain data, and the pure functions over them.
//!
//! The environment of a place where a Go tool runs is a fold over an ordered list of layers. This crate holds
//! the layers, what they do to variables, where that came from, and the fold itself: values with their full
//! history, entry by entry for list variables, and the difference of two spaces.
//!
//! Deliberately not here: any I/O, any clock, any platform `cfg`, any knowledge of a shell, editor or file
//! format, and any rendering.

mod assignment;
mod bytes;
mod diff;
mod finding;
mod fold;
mod go_view;
mod layer;
mod list;
mod name;
mod origin;
mod problem;
mod secret;
mod space;
mod space_id;

pub use assignment::{Assignment, secret_assignments};
pub use bytes::{Value, from_json_bytes, to_json_bytes};
pub use diff::{Difference, Parting, diff};
pub use finding::{Applicability, FileEdit, Finding, Fix, Reach, Related};
pub use fold::{Atlas, Baseline, Folded, History, State, Step, StepOp};
pub use go_view::{
    Answering, Candidate, GoStart, GoView, Reason, ReasonKind, Setting, SettingSource, Shadow, ShimChoice,
    ToolchainChoice, Wish,
};
pub use layer::{After, Effect, Layer, LayerStatus};
pub use list::{Entry, EntryChange, list_separator, split_list};
pub use name::{CaseRule, Name};
pub use origin::{Confidence, Origin, Place, Via};
pub use problem::{Problem, Severity};
pub use secret::{Reveal, Shown, is_secret_name, is_secret_text, proxy_password, secret_ranges};
pub use space::{Evidence, Space};
pub use space_id::{SpaceId, SpaceIdError};
