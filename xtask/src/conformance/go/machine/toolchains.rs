//! Toolchains as modules: unpacked in the module cache, whole or not, and served by a proxy in a folder, with the
//! checksum database switched off or not.
//!
//! They are small: a script that starts a real SDK, with that SDK's VERSION and go.env.

use super::{Laying, database, spelled};
use crate::conformance::go::{proxy, sumdb};
use crate::failure::{Doing as _, Done};
use std::fs;

/// The first release that hands over to another.
pub(crate) const FIRST_MINOR: u32 = 21;

/// How a toolchain lies in the module cache or with the proxy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unpacked,
    /// The file that tells the checksum of its archive is missing.
    WithoutHash,
    /// The mark of an unpacking that did not end.
    Partial,
    /// A file is where the folder should be.
    File,
    WithoutGo,
    /// As module archives leave it: go itself adds the bit before it starts it.
    NotExecutable,
    Served,
    Missing,
}

const STATES: &[State] = &[
    State::Unpacked,
    State::Unpacked,
    State::Unpacked,
    State::Served,
    State::Served,
    State::Served,
    State::Missing,
    State::WithoutHash,
    State::Partial,
    State::NotExecutable,
    State::WithoutGo,
    State::File,
];
/// Those that leave go working or fail for want of a toolchain alone.
const SOUND: usize = 7;

/// Lays toolchains out on some machines whose go is one that hands over, and has one of them asked for.
pub(super) fn lay(laying: &mut Laying<'_>) -> Done {
    let always = laying.shared.toolchains;
    if !laying.sdk.since(FIRST_MINOR) || !(always || laying.chance.once_in(4)) {
        return Ok(());
    }
    let cache = if laying.chance.once_in(4) {
        laying.env.retain(|(name, _)| name != "GOMODCACHE");
        laying.set("GOPATH", "{t}/gp");
        "gp/pkg/mod"
    } else {
        laying.set("GOMODCACHE", "{t}/modcache");
        "modcache"
    };
    let (mut names, mut modules) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let sdk = &laying.shared.sdks[laying.chance.below(laying.shared.sdks.len())];
        let name = format!("go1.{}.{}", sdk.minor, sdk.patch);
        if names.contains(&name) {
            continue;
        }
        let state = STATES[laying.chance.below(if laying.harsh { STATES.len() } else { SOUND })];
        let mut files = files(&spelled(&sdk.root));
        // Each is needed where the program has not been run yet; the last one only by some versions.
        let others = [("pkg/tool/x", ""), ("bin/gofmt", ""), ("lib/x", ""), ("src/_go.mod", "module std\n")];
        let present = others.iter().filter(|_| !laying.chance.once_in(8));
        files.extend(present.map(|(at, text)| (*at, (*text).to_owned())));
        let version = format!("v0.0.1-{name}.linux-amd64");
        let sum = unpack(laying, cache, &version, state, &files)?;
        modules.push((version, sum));
        names.push(name);
    }
    ask_for(laying, &names)?;
    settings(laying);
    if always || laying.chance.once_in(2) {
        database::lay(laying, cache, &modules)?;
    }
    Ok(())
}

/// What the folder of a toolchain holds: path, text.
fn files(root: &str) -> Vec<(&'static str, String)> {
    let mut files = vec![("bin/go", format!("#!/bin/sh\nexec {root}/bin/go \"$@\"\n"))];
    for name in ["VERSION", "go.env"] {
        if let Ok(text) = fs::read_to_string(format!("{root}/{name}")) {
            files.push((name, text));
        }
    }
    files
}

/// Its checksum is what is answered.
fn unpack(
    laying: &mut Laying<'_>,
    cache: &str,
    version: &str,
    state: State,
    files: &[(&'static str, String)],
) -> Done<String> {
    let top = format!("golang.org/toolchain@{version}");
    // What is unpacked is not summed up again.
    let sum = sumdb::sum_from(&top);
    match state {
        State::Missing => return Ok(sum),
        State::Served => {
            let packed: Vec<(String, &[u8])> =
                files.iter().map(|(at, text)| (format!("{top}/{at}"), text.as_bytes())).collect();
            laying.folder("proxy/golang.org/toolchain/@v")?;
            let zip = laying.folder.join(format!("proxy/golang.org/toolchain/@v/{version}.zip"));
            fs::write(&zip, proxy::zip(&packed)).doing(zip.display())?;
            return Ok(sumdb::sum_of(&packed));
        }
        State::File => laying.write(&format!("{cache}/{top}"), "", 0o644)?,
        _ => {
            for (at, text) in files.iter().filter(|(at, _)| state != State::WithoutGo || *at != "bin/go") {
                let runs = *at == "bin/go" && state != State::NotExecutable;
                laying.write(&format!("{cache}/{top}/{at}"), text, if runs { 0o755 } else { 0o644 })?;
            }
        }
    }
    let beside = |ending: &str| format!("{cache}/cache/download/golang.org/toolchain/@v/{version}.{ending}");
    if state != State::WithoutHash {
        let odd = if laying.harsh && laying.chance.once_in(8) {
            laying.chance.pick(&["", "h1:AAAA", "h2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="])
        } else {
            sum.as_str()
        };
        laying.write(&beside("ziphash"), odd, 0o644)?;
    }
    if state == State::Partial {
        laying.write(&beside("partial"), "", 0o644)?;
    }
    Ok(sum)
}

/// GOTOOLCHAIN, and a go.mod above the folders that may be the current one.
fn ask_for(laying: &mut Laying<'_>, names: &[String]) -> Done {
    let name = names[laying.chance.below(names.len())].clone();
    let form =
        laying.chance.pick(&["auto", "auto", "auto", "N", "N", "N+auto", "local+auto", "N+path", "path"]);
    laying.set("GOTOOLCHAIN", &form.replace('N', &name));
    let name = names[laying.chance.below(names.len())].clone();
    let bare = name.trim_start_matches("go");
    let text = match laying.chance.below(3) {
        0 => format!("module m\n\ngo {bare}\n"),
        1 => format!("module m\n\ngo 1.21\n\ntoolchain {name}\n"),
        _ => format!("module m\n\ngo {bare}\n\ntoolchain {name}\n"),
    };
    for folder in ["w", "gp/src/x", "home"] {
        laying.write(&format!("{folder}/go.mod"), &text, 0o644)?;
    }
    Ok(())
}

/// Who is asked, and what checks the answer.
fn settings(laying: &mut Laying<'_>) {
    let proxy = laying.chance.pick(&[
        "file://{t}/proxy",
        "file://{t}/proxy",
        "file://{t}/proxy",
        "file://{t}/proxy",
        "file://{t}/nowhere",
        "file://{t}/proxy,off",
        "file://{t}/nowhere|file://{t}/proxy",
        "off",
    ]);
    laying.set("GOPROXY", proxy);
    let database = laying.chance.pick(&["off", "off", "off", "sum", "sum.example+0+x", "off x y"]);
    laying.set("GOSUMDB", database);
    if laying.chance.once_in(3) {
        let name = laying.chance.pick(&["GONOSUMDB", "GOPRIVATE"]);
        let patterns = [
            "golang.org",
            "golang.org/toolchain",
            "*.org",
            "golang.*/tool*",
            "*",
            "example.com,golang.org/x",
            "golang",
        ];
        let value = laying.chance.pick(&patterns);
        laying.set(name, value);
    }
}
