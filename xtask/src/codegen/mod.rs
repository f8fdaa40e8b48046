//! `cargo xtask codegen [--check]`: files that are made from the program and checked in.
//!
//! Each producer gives paths (from the top of the repository) and bytes; this writes them, or with `--check` says
//! which differ. A file below a generated folder that no producer made is stale and counts as different.

mod command_line;
mod reference;
mod rules;
mod schemas;

use crate::failure::{Done, Failure};
use crate::root;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Writes nothing; fails if a file is not as it would be written
    #[arg(long)]
    check: bool,
}

/// One file to be.
pub(crate) struct Generated {
    /// From the top of the repository.
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

/// What makes a folder's files: the folder is the producer's alone.
struct Producer {
    folder: &'static str,
    files: fn() -> Done<Vec<Generated>>,
}

const PRODUCERS: &[Producer] = &[
    Producer { folder: reference::FOLDER, files: reference::files },
    Producer { folder: rules::FOLDER, files: rules::files },
    Producer { folder: schemas::FOLDER, files: schemas::files },
    Producer { folder: command_line::MAN, files: command_line::man },
    Producer { folder: command_line::COMPLETIONS, files: command_line::completions },
];

pub(crate) fn run(options: &Options) -> Done {
    let mut different = Vec::new();
    for producer in PRODUCERS {
        let files = (producer.files)()?;
        different.extend(stale(producer.folder, &files)?);
        different.extend(
            files.iter().filter(|f| current(&f.path).as_ref() != Some(&f.bytes)).map(|f| f.path.clone()),
        );
        if !options.check {
            write(producer.folder, &files)?;
        }
    }
    let names: Vec<String> = different.iter().map(|p| p.display().to_string()).collect();
    match (names.is_empty(), options.check) {
        (true, _) => println!("generated files are up to date"),
        (false, false) => println!("written: {}", names.join(", ")),
        (false, true) => {
            let text = format!("not as generated: {}; run `cargo xtask codegen`", names.join(", "));
            return Err(Failure::new(text));
        }
    }
    Ok(())
}

fn current(path: &Path) -> Option<Vec<u8>> {
    std::fs::read(root::root().join(path)).ok()
}

/// Files of the folder that are not among those generated.
fn stale(folder: &str, files: &[Generated]) -> Done<Vec<PathBuf>> {
    let Ok(entries) = std::fs::read_dir(root::root().join(folder)) else { return Ok(Vec::new()) };
    let mut stale = Vec::new();
    for entry in entries {
        let path = Path::new(folder).join(entry?.file_name());
        if !files.iter().any(|f| f.path == path) {
            stale.push(path);
        }
    }
    Ok(stale)
}

fn write(folder: &str, files: &[Generated]) -> Done {
    for path in stale(folder, files)? {
        std::fs::remove_file(root::root().join(path))?;
    }
    for file in files {
        let target = root::root().join(&file.path);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        if current(&file.path).as_ref() != Some(&file.bytes) {
            std::fs::write(target, &file.bytes)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_checked_in_is_what_would_be_generated() {
        super::run(&super::Options { check: true }).expect("generated files");
    }
}
