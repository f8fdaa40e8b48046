//! `cargo xtask conformance go`: what is told of go without running it, against what go itself says and does.
//!
//! The comparisons are `crates/go/tests/real_go.rs` and `real_toolchain.rs`; this only chooses how much of it. SDKs of other versions come as
//! modules: `go mod download -json golang.org/toolchain@v0.0.1-go1.24.13.linux-amd64` names their folder (copy it out
//! and make `bin/*` and `pkg/tool/**` executable).

use crate::failure::{Done, Failure};
use crate::{root, steps};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Another SDK than that of the `go` on PATH (may be repeated)
    #[arg(long = "sdk", value_name = "FOLDER")]
    sdks: Vec<PathBuf>,
    /// What the environments are generated from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many environments
    #[arg(long, default_value_t = 1000)]
    cases: u32,
    /// How many builds; the first of each SDK compiles its runtime
    #[arg(long, default_value_t = 40)]
    builds: u32,
}

pub(crate) fn run(options: &Options) -> Done {
    let sdks =
        std::env::join_paths(&options.sdks).map_err(|error| Failure::new(format!("--sdk: {error}")))?;
    let mut command = root::cargo();
    command
        .args([
            "test",
            "--quiet",
            "-p",
            "go",
            "--test",
            "real_go",
            "--test",
            "real_toolchain",
            "--",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("GOWHENCE_SDKS", sdks)
        .env("GOWHENCE_SEED", options.seed.to_string())
        .env("GOWHENCE_CASES", options.cases.to_string())
        .env("GOWHENCE_BUILDS", options.builds.to_string());
    steps::step(&mut command)
}
