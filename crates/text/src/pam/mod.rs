//! The files of PAM: a service's stack (`service`), pam_env's configuration (`conf`) and its env file (`envfile`).
//!
//! Pure grammar, byte for byte as the C code reads it, limits and quirks included. Which lines run, and what a
//! module then does, is the `spaces` crate's.

pub mod conf;
pub mod envfile;
mod logical;
pub mod service;

pub use logical::Broken;
