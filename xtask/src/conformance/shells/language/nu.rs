//! nushell: env.nu, config.nu, login.nu, and a folder of files that are loaded by themselves.

use super::{Writer, lines};

pub(super) fn write(writer: &mut Writer) {
    for file in ["env.nu", "config.nu", "login.nu", "autoload/extra.nu"] {
        let mut text = vec!["# generated".to_owned()];
        for _ in 0..2 + writer.chance.below(4) {
            text.extend(statement(writer));
        }
        writer.file(&format!(".config/nushell/{file}"), &text);
    }
}

fn statement(writer: &mut Writer) -> Vec<String> {
    let (x, y) = writer.two_names();
    let (t, u) = (writer.token(), writer.token());
    let n = writer.number();
    lines(&match writer.chance.below(8) {
        0 => format!("$env.{x} = \"{t}\""),
        1 => format!("$env.PATH = ($env.PATH | prepend \"/opt/{t}/bin\")"),
        2 => format!("load-env {{ {x}: \"{t}\", {y}: \"{u}\" }}"),
        3 => format!("if true {{\n  $env.{x} = \"{t}\"\n}}"),
        4 => format!("def --env f{n} [] {{\n  $env.{x} = \"{t}\"\n}}\nf{n}"),
        5 => format!("for i in [a b] {{\n  $env.{x} = $\"{t}-($i)\"\n}}"),
        6 => format!("$env.{x} = (^echo {t} | str trim)"),
        _ => format!("$env.{x} = \"{t}\"\nhide-env {x}"),
    })
}
