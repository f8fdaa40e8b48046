//! Settings with which go refuses to work, or works for the wrong thing.

pub(crate) mod cgo_disabled;
pub(crate) mod compiler_missing;
pub(crate) mod env_file_masked;
pub(crate) mod go_refuses;
pub(crate) mod gocache_off;
pub(crate) mod goenv_is_folder;
pub(crate) mod goflags_word;
pub(crate) mod gotmpdir_missing;
