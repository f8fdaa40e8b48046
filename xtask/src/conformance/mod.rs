//! `cargo xtask conformance …`: suites that hold the program against the real thing.
//!
//! Each prints how many cases agreed out of how many. One folder a suite.

#[cfg(unix)]
mod shells;

use crate::failure::Done;

#[derive(clap::Subcommand)]
pub(crate) enum Suite {
    /// Generated homes × shells × modes: values agreed, origins confirmed by changing the claimed lines
    #[cfg(unix)]
    Shells(shells::Options),
}

pub(crate) fn run(suite: &Suite) -> Done {
    match *suite {
        #[cfg(unix)]
        Suite::Shells(ref options) => shells::run(options),
    }
}

/// The small part of every suite that each change must pass.
pub(crate) fn sample() -> Done {
    #[cfg(unix)]
    shells::run(&shells::sample())?;
    Ok(())
}
