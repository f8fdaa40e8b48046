//! Origins by `set -x`: what a trace of a start tells of the environment.
//!
//! bash says of each command where it stands, as it is written and as it is run. What a command writes follows from
//! that; the end of the run tells whether it was understood, and a second run, with the values in the trace, is for
//! the variables where it was not. Not here: how the shell is started so (`script`).

mod builtins;
mod by_text;
mod explain;
mod frames;
mod note;
mod place;
mod record;
mod stop;
mod variables;
mod words;
mod writes;

pub(crate) use by_text::by_text;
pub(crate) use explain::{Explained, Question, explain};
pub(crate) use record::{Mark, Record, has_record, records};
pub(crate) use stop::stopped;
pub(crate) use words::name_len;
