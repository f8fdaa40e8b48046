//! How the program is linked on Linux, so that little has to be done at a start: at a fixed address, which leaves
//! nothing to relocate, and with the C library as the one shared library.
//!
//! The other one would be libgcc_s, of which the unwinder alone is used; gcc brings that as an archive too
//! (libgcc_eh.a, what `-static-libgcc` takes; GCC's exception to its licence is for this). rustc names the shared one
//! on the linker's command line, so a linker script of that name is put before it. Where there is no archive, nothing
//! is changed. Not here: anything that is compiled in.

#![expect(clippy::disallowed_methods, reason = "cargo talks to a build script by the environment and files")]

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|text| text == value);
    if !is("CARGO_CFG_TARGET_OS", "linux") {
        return;
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    // The compiler of another target would have to be asked.
    let native = std::env::var("HOST").is_ok_and(|host| is("TARGET", &host));
    if native
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && has_unwinder_archive()
        && let Some(folder) = std::env::var_os("OUT_DIR")
        && std::fs::write(Path::new(&folder).join("libgcc_s.so"), "INPUT(-lgcc_eh -lgcc -lc)\n").is_ok()
    {
        println!("cargo::rustc-link-search=native={}", Path::new(&folder).display());
    }
}

/// The linker that rustc calls is `cc`; it answers with the bare name for a file that it has not got.
fn has_unwinder_archive() -> bool {
    let answer = Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
    answer.is_ok_and(|a| a.status.success() && a.stdout.starts_with(b"/"))
}
