//! Env files, in go's own grammar and in what people take for it.

use super::values::{POOLS, TARGETS, pick};
use crate::conformance::chance::Chance;

/// The text of one file. `harsh`: with values that some version exits on.
pub(crate) fn text(chance: &mut Chance, harsh: bool, roots: &[&str]) -> String {
    let mut lines = Vec::new();
    let worst = chance.below(6);
    for nth in 0..1 + chance.below(7) {
        lines.push(line(chance, harsh && nth >= worst.min(2), roots));
    }
    if chance.once_in(5) {
        let again = lines[chance.below(lines.len())].clone();
        lines.push(again.split_once('=').map_or(again.clone(), |(name, _)| format!("{name}=")));
    }
    let end = if chance.once_in(8) { "\r\n" } else { "\n" };
    let mut text = lines.join(end);
    if !chance.once_in(4) {
        text += end;
    }
    if chance.once_in(15) {
        text.insert(0, '\u{feff}');
    }
    text
}

fn line(chance: &mut Chance, harsh: bool, roots: &[&str]) -> String {
    let (name, value) = match chance.below(14) {
        0 => {
            let (os, arch) = TARGETS[chance.below(if harsh { TARGETS.len() } else { SUPPORTED })];
            if chance.once_in(2) { ("GOOS", os) } else { ("GOARCH", arch) }
        }
        1 if harsh => ("GOROOT", roots[chance.below(roots.len())]),
        2 if harsh => ("GOWORK", chance.pick(&["off", "auto", "{t}/other/go.work", "rel/go.work", ""])),
        3 => (chance.pick(&["FOO", "HOME", "PATH", "XDG_CACHE_HOME", "GOX", "A", "TMPDIR", "PWD"]), "bar"),
        4 => {
            return chance
                .pick(&[
                    "# a comment",
                    "",
                    " GOFLAGS=-x",
                    "export GOPROXY=off",
                    "goproxy=off",
                    "GOPROXY",
                    "=x",
                ])
                .to_owned();
        }
        5 => ("GOENV", "{t}/nowhere"),
        _ => {
            let pool = &POOLS[chance.below(POOLS.len())];
            (pool.name, pick(pool, harsh, chance))
        }
    };
    match chance.below(24) {
        0 => format!("{name} ={value}"),
        1 if harsh => format!("{name}= {value}"),
        2 if harsh => format!("{name}=\"{value}\""),
        3 if harsh => format!("{name}={value} # why"),
        4 if harsh => format!("{name}={value}\r"),
        5 => format!("{name}="),
        6 => format!("#{name}={value}"),
        _ => format!("{name}={value}"),
    }
}

/// The first of [`TARGETS`] that every SDK builds for.
const SUPPORTED: usize = 10;
