//! The project of a machine: go.mod, go.work, vendor and the older files that mark a module, in the folders above and at
//! the current one.

use super::Laying;
use crate::failure::Done;

const GO_LINES: &[&str] = &[
    "go 1.11\n",
    "go 1.13\n",
    "go 1.16\n",
    "go 1.18\n",
    "go 1.20\n",
    "go 1.21\n",
    "go 1.21.0\n",
    "go 1.21.13 // why\r\n",
    "\tgo\t1.24.13\n",
    "go 1.19\n",
];
/// Newer than some of the SDKs, or nothing that a version is.
const NEW_GO_LINES: &[&str] = &[
    "go 1.24\n",
    "go 1.24.13\n",
    "go 1.25.14\n",
    "go 1.27.4\n",
    "go 1.27\n",
    "go 1.22\n",
    "go 1.26rc1\n",
    "go 1.98.7\n",
    "go 1.25.x\n",
    "go 2.0\n",
    "go 01.30\n",
    "go v1.30\n",
    "go go1.30.0\n",
    "go 1.30\n",
    "go 1.21rc2\n",
    "go\n",
    "go 1.22 1.23\n",
];
const TOOLCHAIN_LINES: &[&str] = &[
    "toolchain default\n",
    "toolchain go1.21.13\n",
    "toolchain go1.24.13 // x\r\n",
    "  toolchain   go1.27.4//x\n",
    "toolchain go1.20.14\n",
    "toolchain local\n",
    "toolchain go1.25.14-corp\n",
    "toolchain 1.26.0\n",
    "toolchain go1.99\n",
    "toolchain go1.25\n",
    "// toolchain go1.99.9\n",
    "toolchain nogo1.30.0\n",
    "toolchain\n",
];
const LEGACY: &[&str] = &[
    "Gopkg.lock",
    "GLOCKFILE",
    "Godeps/Godeps.json",
    "dependencies.tsv",
    "glide.lock",
    "vendor.conf",
    "vendor.yml",
    "vendor/manifest",
    "vendor/vendor.json",
    ".git/config",
];
/// Folders from the machine's own down to the deepest that may be the current one.
const FOLDERS: &[&str] = &["", "w", "w/a", "w/a/b", "gp", "gp/src/x", "tmp", "home"];

/// Lays the files out. Nothing of it lies in the current folder alone: some hide behind it.
pub(crate) fn lay(laying: &mut Laying<'_>) -> Done {
    let newer = laying.harsh && laying.chance.once_in(2);
    let folders = laying.chance.below(3);
    for _ in 0..folders {
        let folder = laying.chance.pick(FOLDERS);
        let name = laying.chance.pick(&["go.mod", "go.mod", "go.mod", "go.work"]);
        let at = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        if laying.chance.once_in(12) {
            laying.folder(&at)?;
            continue;
        }
        let mut text = if name == "go.mod" { "module m\n".to_owned() } else { String::new() };
        if !laying.chance.once_in(4) {
            text += laying.chance.pick(if newer { NEW_GO_LINES } else { GO_LINES });
        }
        if laying.chance.once_in(4) {
            text += laying.chance.pick(TOOLCHAIN_LINES);
        }
        if laying.chance.once_in(12) {
            text = format!("\u{feff}{text}");
        }
        if name == "go.work" {
            text += "use ./a\n";
        }
        laying.write(&at, &text, 0o644)?;
    }
    if laying.chance.once_in(5) {
        let folder = laying.chance.pick(&["w", "w/a", "w/a/b"]);
        let name = laying.chance.pick(LEGACY);
        laying.write(&format!("{folder}/{name}"), "", 0o644)?;
    }
    if laying.chance.once_in(8) {
        laying.write("w/a/vendor/modules.txt", "", 0o644)?;
    }
    if laying.chance.once_in(20) {
        laying.link("w/a/b", "w/a/b-link")?;
    }
    Ok(())
}
