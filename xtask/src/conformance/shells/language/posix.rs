//! bash, dash, ksh, mksh and zsh: one language with dialects.

use super::{DEEPEST, Writer, lines};

/// Statements that every dialect has.
const COMMON: usize = 23;

/// Writes the start-up files of the shell.
pub(super) fn write(writer: &mut Writer, shell: &str) {
    let mut files: Vec<&str> = match shell {
        "bash" => vec![writer.chance.pick(&[".bash_profile", ".bash_login", ".profile"]), ".bashrc"],
        "zsh" => vec![".zshenv", ".zprofile", ".zshrc", ".zlogin"],
        "ksh" => vec![".profile", ".kshrc"],
        "mksh" => vec![".profile", ".mkshrc"],
        _ => vec![".profile"],
    };
    if shell == "bash" && writer.chance.once_in(2) {
        files.push(".bash_env");
        writer.home.base.push(("BASH_ENV".into(), "@HOME@/.bash_env".into()));
    }
    if shell != "bash" && shell != "zsh" && writer.chance.once_in(2) {
        files.push(".shrc");
        writer.home.base.push(("ENV".into(), "@HOME@/.shrc".into()));
    }
    let moved = shell == "zsh" && writer.chance.once_in(3);
    for file in files {
        let mut text = script(writer, shell, 0);
        let mut path = file.to_owned();
        if moved && file == ".zshenv" {
            // Half-way: this file is read from the home, those after it from the new folder.
            text.insert(text.len() / 2, String::new());
            text.push("export ZDOTDIR=\"$HOME/zd\"".to_owned());
        } else if moved {
            path = format!("zd/{file}");
        }
        if shell == "bash" && file != ".bashrc" && file != ".bash_env" && writer.chance.once_in(2) {
            text.push("if [ -f ~/.bashrc ]; then . ~/.bashrc; fi".to_owned());
        }
        writer.file(&path, &text);
    }
}

/// A file's lines.
fn script(writer: &mut Writer, shell: &str, depth: usize) -> Vec<String> {
    let mut text = vec!["# generated".to_owned()];
    for _ in 0..3 + writer.chance.below(6) {
        text.extend(statement(writer, shell, depth));
    }
    text
}

fn statement(writer: &mut Writer, shell: &str, depth: usize) -> Vec<String> {
    let extra = match shell {
        "bash" => 8,
        "zsh" => 9,
        "ksh" | "mksh" => 3,
        _ => 0,
    };
    let choice = writer.chance.below(COMMON + extra);
    if choice >= COMMON {
        return match shell {
            "bash" => of_bash(writer, choice - COMMON),
            "zsh" => of_zsh(writer, choice - COMMON),
            _ => of_korn(writer, choice - COMMON),
        };
    }
    if choice < 2 && depth < DEEPEST {
        return sourced(writer, shell, depth);
    }
    if choice < 12 { plain(writer, choice) } else { grouped(writer, choice) }
}

fn sourced(writer: &mut Writer, shell: &str, depth: usize) -> Vec<String> {
    let file = format!("lib/part{}.sh", writer.number());
    let text = script(writer, shell, depth + 1);
    writer.file(&file, &text);
    let dot = if matches!(shell, "bash" | "zsh") && writer.chance.once_in(2) { "source" } else { "." };
    vec![format!("{dot} \"$HOME/{file}\"")]
}

/// One command, or a few in a row.
fn plain(writer: &mut Writer, choice: usize) -> Vec<String> {
    let (x, y) = writer.two_names();
    let (t, u) = (writer.token(), writer.token());
    lines(&match choice {
        0 | 1 => format!("export {x}={t}"),
        2 => format!("{x}={t}; export {x}"),
        3 => format!("{x}='{t} with blanks'\nexport {x}"),
        4 => format!("export {x}=\"${{{y}}}-{t}\""),
        5 => format!("export PATH=\"$HOME/{t}:$PATH\""),
        6 => format!("PATH=$PATH:/opt/{t}/bin"),
        7 => format!(": \"${{{x}:={t}}}\"; export {x}"),
        8 => format!("{x}=$(echo {t}); export {x}"),
        9 => format!("export {x}={t} {y}={u}"),
        10 => format!("{x}={t} true\nunset {y}"),
        _ => format!("export {x}='{t}\nsecond {u}'"),
    })
}

/// Statements inside others.
fn grouped(writer: &mut Writer, choice: usize) -> Vec<String> {
    let (x, y) = writer.two_names();
    let (t, u) = (writer.token(), writer.token());
    let n = writer.number();
    lines(&match choice {
        12 => format!("if [ -n \"${{{y}:-}}\" ]; then\n  export {x}={t}\nelse\n  export {x}={u}\nfi"),
        13 => format!("case $- in\n*i*) export {x}={t} ;;\n*) export {x}={u} ;;\nesac"),
        14 => format!("for i in a b c; do\n  export {x}=\"{t}-$i\"\ndone"),
        15 => format!("f{n}() {{\n  export {x}={t}\n}}\nf{n}"),
        16 => format!("eval \"export {x}={t}\""),
        17 => format!("eval \"$(printf 'export %s=%s\\n' {x} {t} {y} {u})\""),
        18 => format!("read -r {x} <<END\n{t}\nEND\nexport {x}"),
        19 => format!(
            "while read -r key value; do\n  export \"$key=$value\"\ndone <<END\n{x} {t}\n{y} {u}\nEND"
        ),
        20 => format!("export {x}={t}\nexport {y}={u}\nexport {x}={t}"),
        21 => format!("set -a\n{x}={t}\nset +a\n(export {y}={u})"),
        _ => format!("g{n}() {{\n  export {x}=\"$1\"\n}}\nfalse || g{n} {t}\ntrue && export {y}={u}"),
    })
}

fn of_bash(writer: &mut Writer, choice: usize) -> Vec<String> {
    let (x, y) = writer.two_names();
    let (t, u) = (writer.token(), writer.token());
    let n = writer.number();
    lines(&match choice {
        0 => format!("printf -v {x} '%s' {t}; export {x}"),
        1 => format!("declare -x {x}={t}"),
        2 => format!("h{n}() {{\n  local {x}={u}\n  declare -gx {y}={t}\n}}\nh{n}"),
        3 => format!("export {x}={t}\n{x}+=-{u}"),
        4 => format!("while IFS== read -r k v; do export \"$k\"=\"$v\"; done < <(echo {x}={t})"),
        5 => format!("export {x}={u}\nexport -n {x}\nexport {y}={t}"),
        6 => format!("for ((i = 0; i < 3; i++)); do {x}={t}$i; done; export {x}"),
        _ => format!(
            "mapfile -t lines <<< '{t}'; export {x}=\"${{lines[0]}}\"\n[[ -n $BASH_VERSION ]] && export {y}={u}"
        ),
    })
}

fn of_zsh(writer: &mut Writer, choice: usize) -> Vec<String> {
    let (x, y) = writer.two_names();
    let (t, u) = (writer.token(), writer.token());
    let n = writer.number();
    lines(&match choice {
        0 => format!("path+=(\"$HOME/{t}\")"),
        1 => format!("path=(/opt/{t}/bin $path)"),
        2 => format!("typeset -U path\npath=(/opt/{t} $path /opt/{t})"),
        3 => format!("h{n}() {{\n  typeset -gx {x}={t}\n  local {y}={u}\n}}\nh{n}"),
        4 => format!("typeset -x {x}={t}\n{x}+=-{u}"),
        5 => format!("printf -v {x} '%s' {t}; export {x}"),
        6 => format!("() {{ export {x}=\"$1\" }} {t}"),
        7 => format!("export {x}=${{{x}:-{t}}}\nif [[ -o interactive ]]; then export {y}={u}; fi"),
        _ => format!("for k v in {x} {t} {y} {u}; do export $k=$v; done"),
    })
}

fn of_korn(writer: &mut Writer, choice: usize) -> Vec<String> {
    let x = writer.name();
    let (t, u) = (writer.token(), writer.token());
    let n = writer.number();
    lines(&match choice {
        0 => format!("typeset -x {x}={t}"),
        1 => format!("export {x}={t}\n{x}+=-{u}"),
        _ => format!("function h{n} {{\n  export {x}={t}\n}}\nh{n}"),
    })
}
