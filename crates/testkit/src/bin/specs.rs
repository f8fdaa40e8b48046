//! `cargo run -p testkit --bin specs -- --rerun [FILE…]`: has the runs of specs anew from the real shells.
#![expect(clippy::print_stderr, reason = "a tool for the terminal")]

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    unix::main()
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    eprintln!("specs: the shells of specs are run on Linux");
    ExitCode::FAILURE
}

#[cfg(unix)]
#[expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a tool for the terminal")]
mod unix {
    //! The tool where there are Unix shells.

    use std::path::{Path, PathBuf};
    use std::process::ExitCode;
    use testkit::spec;

    pub(super) fn main() -> ExitCode {
        let words: Vec<String> = std::env::args().skip(1).collect();
        match words.split_first() {
            Some((first, rest)) if first == "--inside" && rest.len() == 1 => inside(Path::new(&rest[0])),
            Some((first, rest)) if first == "--rerun" => rerun(rest),
            _ => {
                eprintln!("specs --rerun [FILE…]: has the runs of specs anew from the real shells");
                ExitCode::from(2)
            }
        }
    }

    fn inside(spec: &Path) -> ExitCode {
        match spec::rerun::inside(spec) {
            Ok(json) => {
                println!("{json}");
                ExitCode::SUCCESS
            }
            Err(fault) => {
                eprintln!("{fault}");
                ExitCode::FAILURE
            }
        }
    }

    fn rerun(words: &[String]) -> ExitCode {
        let Ok(program) = std::env::current_exe() else { return ExitCode::FAILURE };
        let files: Vec<PathBuf> = match words {
            [] => spec::find(Path::new(".")),
            words => words.iter().map(PathBuf::from).collect(),
        };
        let mut code = ExitCode::SUCCESS;
        for file in files {
            match spec::rerun::rerun(&file, &program) {
                Ok(true) => println!("{}: its runs changed", file.display()),
                Ok(false) => {}
                Err(fault) => {
                    eprintln!("{fault}");
                    code = ExitCode::FAILURE;
                }
            }
        }
        code
    }
}
