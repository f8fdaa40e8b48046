//! Synthetic homes: one as large as the public frameworks make them, one of 20,000 commands.

use std::fmt::Write as _;
use std::path::Path;

/// Files that a framework-sized home sources. The larger collections of plugins that people load source some dozens
/// of files at a start.
const FILES: usize = 60;

/// Functions that each defines, ...
const FUNCTIONS: usize = 25;

/// ... and commands that it runs.
const COMMANDS: usize = 12;

/// Commands of the large home.
pub(super) const MANY: usize = 20_000;

/// The words of a shell's language that the homes are written in.
struct Language {
    /// Start-up file of the everyday mode.
    file: &'static str,
    extension: &'static str,
    source: &'static str,
    posix: bool,
}

fn language(shell: &str) -> Language {
    match shell {
        "fish" => {
            Language { file: ".config/fish/config.fish", extension: "fish", source: "source", posix: false }
        }
        "zsh" => Language { file: ".zshrc", extension: "sh", source: "source", posix: true },
        "bash" => Language { file: ".bashrc", extension: "sh", source: "source", posix: true },
        "mksh" => Language { file: ".mkshrc", extension: "sh", source: ".", posix: true },
        "ksh" => Language { file: ".kshrc", extension: "sh", source: ".", posix: true },
        // With ENV=~/.shrc.
        _ => Language { file: ".shrc", extension: "sh", source: ".", posix: true },
    }
}

/// Lays out a home like those of the public frameworks: dozens of files that define functions and run a few commands,
/// some of which start programs.
pub(super) fn framework(shell: &str, home: &Path) -> std::io::Result<()> {
    let words = language(shell);
    let mut main = String::new();
    for file in 0..FILES {
        let name = format!("lib/plugin{file}.{}", words.extension);
        let _ = writeln!(main, "{} \"$HOME/{name}\"", words.source);
        write(&home.join(name), &plugin(&words, file))?;
    }
    write(&home.join(words.file), &main)
}

fn plugin(words: &Language, file: usize) -> String {
    let mut text = String::from("# generated\n");
    for n in 0..FUNCTIONS {
        let body = if words.posix {
            format!("p{file}_{n}() {{\n  if [ -n \"$1\" ]; then\n    echo \"$1\"\n  fi\n  return 0\n}}\n")
        } else {
            format!(
                "function p{file}_{n}\n    if test -n \"$argv[1]\"\n        echo $argv[1]\n    end\n    return 0\nend\n"
            )
        };
        text.push_str(&body);
    }
    for n in 0..COMMANDS {
        let line = match (n % 4, words.posix) {
            (0, true) => format!("V{file}_{n}=value{n}\n"),
            (0, false) => format!("set -g V{file}_{n} value{n}\n"),
            (1, true) => format!("if [ -d /usr ]; then W{file}=1; fi\n"),
            (1, false) => format!("if test -d /usr\n    set -g W{file} 1\nend\n"),
            (2, true) => format!("alias a{file}_{n}='ls -l'\n"),
            (2, false) => format!("function a{file}_{n}\n    ls -l\nend\n"),
            (_, _) => format!("p{file}_0\n"),
        };
        text.push_str(&line);
    }
    // A plugin in five asks a program something, as version managers and completions do.
    if file.is_multiple_of(5) {
        let line = if words.posix { "X=$(/bin/uname -s)\n" } else { "set -g X (/bin/uname -s)\n" };
        text.push_str(line);
    }
    if file.is_multiple_of(10) {
        let line = if words.posix {
            format!("export XP{file}=\"$HOME/p{file}\"\nPATH=\"$PATH:/opt/p{file}/bin\"\n")
        } else {
            format!("set -gx XP{file} \"$HOME/p{file}\"\nset -gx PATH $PATH /opt/p{file}/bin\n")
        };
        text.push_str(&line);
    }
    text
}

/// Lays out a home whose start-up file runs very many simple commands.
pub(super) fn many(shell: &str, home: &Path) -> std::io::Result<()> {
    let words = language(shell);
    let mut text = String::new();
    for n in 0..MANY {
        let line = match (n % 2, words.posix) {
            (0, true) => format!("V{}={n}\n", n % 50),
            (0, false) => format!("set -g V{} {n}\n", n % 50),
            (_, true) => "[ -n \"$HOME\" ]\n".to_owned(),
            (_, false) => "test -n \"$HOME\"\n".to_owned(),
        };
        text.push_str(&line);
    }
    text.push_str(if words.posix { "export LAST=1\n" } else { "set -gx LAST 1\n" });
    write(&home.join(words.file), &text)
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, text)
}
