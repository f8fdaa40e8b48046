//! `cargo run -p testkit --bin specs -- --rerun [FILE…]`: has the runs of specs anew from the real shells.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use testkit::spec;

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a tool for the terminal"
)]
fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.split_first() {
        Some((first, rest)) if first == "--inside" && rest.len() == 1 => {
            match spec::rerun::inside(Path::new(&rest[0])) {
                Ok(json) => println!("{json}"),
                Err(fault) => {
                    eprintln!("{fault}");
                    return ExitCode::FAILURE;
                }
            }
        }
        Some((first, rest)) if first == "--rerun" => {
            let Ok(program) = std::env::current_exe() else { return ExitCode::FAILURE };
            let files: Vec<PathBuf> = if rest.is_empty() {
                spec::find(Path::new("."))
            } else {
                rest.iter().map(PathBuf::from).collect()
            };
            let mut good = true;
            for file in files {
                match spec::rerun::rerun(&file, &program) {
                    Ok(true) => println!("{}: its runs changed", file.display()),
                    Ok(false) => {}
                    Err(fault) => {
                        eprintln!("{fault}");
                        good = false;
                    }
                }
            }
            return if good { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        _ => {
            eprintln!("specs --rerun [FILE…]: has the runs of specs anew from the real shells");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
