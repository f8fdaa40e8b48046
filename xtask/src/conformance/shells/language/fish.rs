//! fish: config.fish, conf.d, autoloaded functions, universal variables.

use super::{DEEPEST, Writer, lines};

pub(super) fn write(writer: &mut Writer) {
    universal(writer);
    for file in ["conf.d/10-first.fish", "conf.d/20-second.fish", "config.fish"] {
        let text = script(writer, 0);
        writer.file(&format!(".config/fish/{file}"), &text);
    }
}

/// Variables that an earlier session stored, as fish writes them (fish: env_universal_common.cpp).
fn universal(writer: &mut Writer) {
    let mut text = lines("# This file contains fish universal variable definitions.\n# VERSION: 3.0");
    for _ in 0..writer.chance.below(3) {
        let (x, t) = (writer.name(), writer.token());
        text.push(format!("SETUVAR --export {x}:{t}"));
    }
    if writer.chance.once_in(3) {
        let folder = writer.folder();
        text.push(format!("SETUVAR fish_user_paths:/opt/{folder}"));
    }
    writer.file(".config/fish/fish_variables", &text);
}

fn script(writer: &mut Writer, depth: usize) -> Vec<String> {
    let mut text = vec!["# generated".to_owned()];
    for _ in 0..3 + writer.chance.below(5) {
        let choice = writer.chance.below(25);
        text.extend(match choice {
            0 | 1 if depth < DEEPEST => sourced(writer, depth),
            2 => autoloaded(writer),
            0..=11 => plain(writer, choice),
            _ => grouped(writer, choice),
        });
    }
    text
}

fn sourced(writer: &mut Writer, depth: usize) -> Vec<String> {
    let file = format!("lib/part{}.fish", writer.number());
    let text = script(writer, depth + 1);
    writer.file(&file, &text);
    vec![format!("source $HOME/{file}")]
}

fn autoloaded(writer: &mut Writer) -> Vec<String> {
    let (x, t, n) = (writer.name(), writer.token(), writer.number());
    let text = lines(&format!("function auto{n}\n    set -gx {x} {t}\nend"));
    writer.file(&format!(".config/fish/functions/auto{n}.fish"), &text);
    vec![format!("auto{n}")]
}

fn plain(writer: &mut Writer, choice: usize) -> Vec<String> {
    let (x, y) = writer.two_names();
    let (t, u) = (writer.token(), writer.token());
    lines(&match choice {
        3 => format!("set -x {x} {t}"),
        4 => format!("set -gx {x} \"${y}-{t}\""),
        5 => format!("set -p PATH /opt/{t}/bin"),
        6 => format!("set -a PATH $HOME/{t}"),
        7 => {
            let folder = writer.folder();
            format!("fish_add_path -g $HOME/{folder}")
        }
        8 => format!("set -gx {x} (echo {t})"),
        9 => format!("echo {t} | read -gx {x}"),
        10 => format!("export {x}={t}\nset -e {y}"),
        11 => format!("set -q {x}; or set -gx {x} {t}"),
        _ => format!("set -gx {x} {t}; set -gx {y} {u}"),
    })
}

fn grouped(writer: &mut Writer, choice: usize) -> Vec<String> {
    let (x, y) = writer.two_names();
    let (t, u) = (writer.token(), writer.token());
    let n = writer.number();
    lines(&match choice {
        12 => format!("if set -q {y}\n    set -gx {x} {t}\nelse\n    set -gx {x} {u}\nend"),
        13 => format!("status is-interactive; and set -gx {x} {t}\nstatus is-login; and set -gx {y} {u}"),
        14 => format!("for i in a b c\n    set -gx {x} {t}-$i\nend"),
        15 => format!("function f{n}\n    set -gx {x} {t}\nend\nf{n}"),
        16 => format!("eval 'set -gx {x} {t}'"),
        17 => format!("printf 'set -gx %s %s\\n' {x} {t} {y} {u} | source"),
        18 => format!("begin\n    set -lx {x} {u}\n    set -gx {y} {t}\nend"),
        19 => format!("function on{n} --on-variable SW{n}\n    set -gx {x} {t}\nend\nset -g SW{n} 1"),
        20 => format!(
            "switch (uname)\n    case Linux\n        set -gx {x} {t}\n    case '*'\n        set -gx {x} {u}\nend"
        ),
        21 => format!("function g{n} --argument-names value\n    set -gx {x} $value\nend\ng{n} {t}"),
        22 => {
            let folder = writer.folder();
            format!("fish_add_path $HOME/{folder}")
        }
        23 => format!("set -q {x}; or set -Ux {x} {t}"),
        _ => format!("set -Ux {x} {t}"),
    })
}
