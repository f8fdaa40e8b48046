//! How the program is linked on Linux: at a fixed address, so that a start need not relocate it (a quarter of the time
//! of `gowhence --version`). Not here: anything that is compiled in.

#![expect(clippy::disallowed_methods, reason = "cargo tells a build script its target by the environment")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
