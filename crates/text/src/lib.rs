//! Bytes of files: lossless readers, one folder a format; edits and diffs.
//!
//! Readers never fail: they return what was read and what was refused. Not here: where a file lies and what it means.

pub mod crontab;
pub mod diff;
pub mod dotenv;
pub mod edit;
pub mod environment_d;
pub mod jsonc;
pub mod lines;
pub mod login_defs;
pub mod pam;
pub mod passwd;
pub mod shell;
pub mod sqlite;
pub mod sshd;
pub mod sudoers;
pub mod versions;
