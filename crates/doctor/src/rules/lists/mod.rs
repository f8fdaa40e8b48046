//! PATH and other lists.

pub(crate) mod go_asked_too_early;
pub(crate) mod gopath_empty_entry;
pub(crate) mod older_go_first;
pub(crate) mod path_lost;
