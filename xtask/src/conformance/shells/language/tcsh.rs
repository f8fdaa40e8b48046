//! tcsh: .tcshrc or .cshrc, and .login.

use super::{DEEPEST, Writer, lines};

pub(super) fn write(writer: &mut Writer) {
    let first = writer.chance.pick(&[".tcshrc", ".cshrc"]);
    for file in [first, ".login"] {
        let text = script(writer, 0);
        writer.file(file, &text);
    }
}

fn script(writer: &mut Writer, depth: usize) -> Vec<String> {
    let mut text = vec!["# generated".to_owned()];
    for _ in 0..3 + writer.chance.below(5) {
        let choice = writer.chance.below(11);
        if choice == 0 && depth < DEEPEST {
            let file = format!("lib/part{}.csh", writer.number());
            let part = script(writer, depth + 1);
            writer.file(&file, &part);
            text.push(format!("source $HOME/{file}"));
        } else {
            text.extend(statement(writer, choice));
        }
    }
    text
}

fn statement(writer: &mut Writer, choice: usize) -> Vec<String> {
    let (x, y) = writer.two_names();
    let (t, u) = (writer.token(), writer.token());
    lines(&match choice {
        0 | 1 => format!("setenv {x} {t}"),
        2 => format!("setenv PATH \"${{HOME}}/{t}:${{PATH}}\""),
        3 => format!("set path = (/opt/{t}/bin $path)"),
        4 => format!("if ($?{y}) then\n  setenv {x} {t}\nelse\n  setenv {x} {u}\nendif"),
        5 => format!("foreach i (a b c)\n  setenv {x} {t}-$i\nend"),
        6 => format!("eval \"setenv {x} {t}\""),
        7 => format!("setenv {x} `echo {t}`"),
        8 => format!("unsetenv {y}\nif ($?prompt) setenv {x} {t}"),
        9 => format!(
            "switch (`uname`)\ncase Linux:\n  setenv {x} {t}\n  breaksw\ndefault:\n  setenv {x} {u}\nendsw"
        ),
        _ => format!("setenv {x} '{t} with blanks'; setenv {y} {u}"),
    })
}
