//! zsh in temporary homes: the values are those of an independent plain run, the origins the lines that did it.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "a test lays out its own homes and asks zsh by itself")]

mod home;
mod hostile;
mod modes;
mod origins;
mod prompt;
mod scopes;
