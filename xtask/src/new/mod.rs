//! `cargo xtask new …`: the skeleton of a space, a shell or a format, registered.
//!
//! Written is what compiles and is tested; what it means is for its author. Where a registration has no place any
//! more, because the file it belongs into has changed, that is said and nothing is written.

use crate::failure::{Doing as _, Done, Failure};
use crate::{root, steps};
use std::path::PathBuf;

#[derive(clap::Subcommand)]
pub(crate) enum Kind {
    /// A family of spaces: crates/spaces/src/NAME
    Space { name: String },
    /// A shell: crates/shells/src/NAME
    Shell { name: String },
    /// A reader of a file format: crates/text/src/NAME
    Format { name: String },
    /// A rule of the doctor
    Rule { name: String },
}

/// A line that goes into an existing file: before the first line that equals `before`, behind the line that begins
/// with `inside` (indentation left out).
struct Registration {
    file: &'static str,
    inside: &'static str,
    before: &'static str,
    line: &'static str,
}

const fn into(
    file: &'static str,
    inside: &'static str,
    before: &'static str,
    line: &'static str,
) -> Registration {
    Registration { file, inside, before, line }
}

/// What a new family of spaces is entered into, besides the list of modules.
const SPACE: &[Registration] =
    &[into("crates/spaces/src/families.rs", "pub const FAMILIES:", "];", "    crate::NAME::FAMILY,")];

/// What a new shell is entered into, besides the list of modules.
const SHELL: &[Registration] = &[
    into("crates/shells/src/request.rs", "pub enum ShellKind {", "}", "    KIND,"),
    into(
        "crates/shells/src/find.rs",
        "fn by_name(",
        "_ => return None,",
        "        \"NAME\" => ShellKind::KIND,",
    ),
    into(
        "crates/shells/src/dialect.rs",
        "pub fn dialect(",
        "ShellKind::Bash => &crate::bash::Bash,",
        "        ShellKind::KIND => &crate::NAME::KIND,",
    ),
];

pub(crate) fn run(kind: &Kind) -> Done {
    match kind {
        Kind::Space { name } => write("spaces", name, include_str!("space.rs.in"), SPACE),
        Kind::Shell { name } => write("shells", name, include_str!("shell.rs.in"), SHELL),
        Kind::Format { name } => write("text", name, include_str!("format.rs.in"), &[]),
        Kind::Rule { name } => Err(Failure::new(format!(
            "`{name}` cannot be written: rules come with the doctor, which is not there yet (README.md)"
        ))),
    }
}

fn write(krate: &str, name: &str, template: &str, registrations: &[Registration]) -> Done {
    let well_formed = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !well_formed {
        return Err(Failure::new(format!("`{name}` cannot name a module: use small letters, digits and _")));
    }
    let source = root::root().join("crates").join(krate).join("src");
    let folder = source.join(name);
    if folder.exists() || source.join(format!("{name}.rs")).exists() {
        return Err(Failure::new(format!("crates/{krate}/src/{name} is there already")));
    }

    let lib = source.join("lib.rs");
    let mut changed: Vec<(PathBuf, String)> = Vec::new();
    changed.push((lib.clone(), with_module(&std::fs::read_to_string(&lib).doing(lib.display())?, name)));
    for registration in registrations {
        let file = root::root().join(registration.file);
        let text = std::fs::read_to_string(&file).doing(registration.file)?;
        changed.push((file, registered(&text, registration, name)?));
    }
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("mod.rs"), filled(template, name))?;
    println!("written: crates/{krate}/src/{name}/mod.rs");
    for (file, text) in changed {
        std::fs::write(&file, text)?;
        println!("registered in {}", file.strip_prefix(root::root()).unwrap_or(&file).display());
    }
    steps::step(root::cargo().args(["fmt", "-p", krate]))
}

/// The template with `NAME` and `KIND` (the name as a type) replaced.
fn filled(template: &str, name: &str) -> String {
    let kind: String = name.split('_').map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect();
    template.replace("NAME", name).replace("KIND", &kind)
}

fn registered(text: &str, registration: &Registration, name: &str) -> Done<String> {
    let lines: Vec<&str> = text.lines().collect();
    let begin = lines.iter().position(|l| l.trim_start().starts_with(registration.inside));
    let line = filled(registration.line, name);
    // A list short enough to stand on one line.
    if let Some(n) = begin
        && let Some((head, rest)) = lines[n].split_once("= &[")
    {
        let whole = format!("{head}= &[\n{line}{}{rest}", if rest.starts_with(']') { "\n" } else { " " });
        return Ok(joined(&[&lines[..n], &lines[n + 1..]].concat(), n, &[&whole]));
    }
    let at =
        begin.and_then(|n| lines[n..].iter().position(|l| l.trim() == registration.before).map(|m| n + m));
    let Some(at) = at else {
        return Err(Failure::new(format!(
            "{}: no `{}` with `{}` behind it, so there is no place to register `{name}`",
            registration.file, registration.inside, registration.before
        )));
    };
    Ok(joined(&lines, at, &[&line]))
}

/// `pub mod NAME;` added to the modules of a crate, in order.
fn with_module(text: &str, name: &str) -> String {
    let line = format!("pub mod {name};");
    let module = |l: &str| l.strip_prefix("pub mod ").or(l.strip_prefix("mod ")).map(str::to_owned);
    let lines: Vec<&str> = text.lines().collect();
    let public = |l: &&&str| l.starts_with("pub mod ");
    // A crate that keeps its public modules in a list of their own gets the new one there.
    let own_list = lines.iter().any(|l| public(&l));
    let counts = |l: &&str| module(l).filter(|_| !own_list || l.starts_with("pub mod "));
    let after = lines.iter().rposition(|l| counts(l).is_some_and(|m| m < format!("{name};")));
    let first = lines.iter().position(|l| counts(l).is_some());
    let head = lines.iter().rposition(|l| l.starts_with("//!")).map_or(0, |n| n + 1);
    match after.map(|n| n + 1).or(first) {
        Some(at) => joined(&lines, at, &[&line]),
        None => joined(&lines, head, &["", &line]),
    }
}

/// The lines with others put in before `at`.
fn joined(lines: &[&str], at: usize, new: &[&str]) -> String {
    let mut out: Vec<&str> = lines[..at].to_vec();
    out.extend(new);
    out.extend(&lines[at..]);
    out.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_registered_in_its_place() {
        assert_eq!(with_module("//! Doc.\n", "b"), "//! Doc.\n\npub mod b;\n");
        assert_eq!(
            with_module("//! Doc.\n\nmod a;\nmod c;\n", "b"),
            "//! Doc.\n\nmod a;\npub mod b;\nmod c;\n"
        );
        assert_eq!(
            with_module("mod c;\n\npub mod a;\npub mod d;\n", "b"),
            "mod c;\n\npub mod a;\npub mod b;\npub mod d;\n"
        );
    }

    #[test]
    fn every_registration_has_its_place_in_the_tree() {
        for registration in SHELL {
            let text =
                std::fs::read_to_string(root::root().join(registration.file)).expect("a file of the tree");
            let after = registered(&text, registration, "new_shell").expect("a place");
            assert!(after.contains("NewShell"), "{}", registration.file);
        }
    }
}
