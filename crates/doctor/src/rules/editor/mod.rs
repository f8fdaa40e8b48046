//! Editors.

pub(crate) mod probe_ends_early;
pub(crate) mod terminal_path_literal;
