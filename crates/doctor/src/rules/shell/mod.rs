//! Start-up files of shells.

pub(crate) mod guard_before_line;
pub(crate) mod line_not_read;
pub(crate) mod replaced_by_tool;
