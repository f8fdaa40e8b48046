//! Tests of the repository itself: what its source files look like, and which crate may use which.
//!
//! Not here: what rustfmt and clippy see.

mod arrows;
mod sources;

/// What a program prints.
fn answer(command: &mut std::process::Command) -> String {
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}
