//! The ways in which a `go` is met: plainly, through symlinks, copied away from its tree, in a tree that was moved, is
//! broken or has another go.env.

use super::{Laying, spelled};
use crate::failure::Done;
use std::fs;
use std::os::unix::fs::symlink;

/// Ways that leave go working, at the front of [`WAYS`].
const SOUND: usize = 11;
const WAYS: &[&str] = &[
    "plainly",
    "plainly",
    "plainly",
    "by a link to its bin",
    "by a link to the file",
    "by a link to the tree",
    "in a moved tree",
    "by a chain of links",
    "by a script",
    "with another go.env",
    "by a relative link",
    // From here on something is missing or wrong.
    "copied alone",
    "in a tree with pkg/tool alone",
    "as a cross build",
    "without go.env",
    "without src",
    "without VERSION",
    "with a VERSION of another",
    "with a file as pkg/tool",
    "with the go.env of another",
    "without pkg",
    "without bin/go",
];

const GO_ENVS: &[&str] = &[
    "GOPROXY=https://proxy.example\nGOSUMDB=off\nGOTOOLCHAIN=local\n",
    "GOTOOLCHAIN=path\n# x\nGOFLAGS=-mod=mod\nGOPROXY=a.example\nGOPROXY=b.example\n",
    "GOPROXY=off\r\nGOTOOLCHAIN=local\r\n",
    "",
    "GOTOOLCHAIN=local\nFOO=from-go-env\nGOOS=windows\nCGO_ENABLED=0\nCC=clang\n",
    "GOROOT=/nowhere\nGOTOOLCHAIN=local\nGOBIN=/go/bin\nGOPATH=/go\nGOARM=6\n",
    "\u{feff}GOTOOLCHAIN=local\nGOSUMDB=sum.example\n GOPROXY=x\nexport GOFLAGS=-v",
    "GOTOOLCHAIN=local\nGOAMD64=v3\nGO111MODULE=auto\nGOCACHE=/x/cache\nGOMODCACHE=/x/mod\nGOTMPDIR=\nGOWORK=off\n",
    "GOTOOLCHAIN=local\nGOENV=/x\nGOMOD=x\nGOEXPERIMENT=fieldtrack\nGOPRIVATE=*.corp\nGODEBUG=x=1\n",
];

/// Lays a tree out; how, and the entry of PATH.
pub(crate) fn lay(laying: &mut Laying<'_>) -> Done<(String, String)> {
    let way = WAYS[laying.chance.below(if laying.harsh { WAYS.len() } else { SOUND })];
    let (t, sdk) = (spelled(&laying.folder), spelled(&laying.sdk.root));
    let entry = match way {
        "by a link to its bin" => {
            symlink(format!("{sdk}/bin"), format!("{t}/bin-link"))?;
            format!("{t}/bin-link/")
        }
        "by a link to the file" => {
            laying.folder("links")?;
            symlink(format!("{sdk}/bin/go"), format!("{t}/links/go"))?;
            format!("{t}/links")
        }
        "by a link to the tree" => {
            symlink(&sdk, format!("{t}/current"))?;
            format!("{t}/current/bin")
        }
        "by a chain of links" => {
            laying.folder("usr/bin")?;
            laying.folder("usr/lib")?;
            symlink(&sdk, format!("{t}/usr/lib/go-1.x"))?;
            symlink("../lib/go-1.x/bin/go", format!("{t}/usr/bin/go"))?;
            symlink("bin", format!("{t}/usr/sbin"))?;
            format!("{t}/usr/sbin")
        }
        "by a script" => {
            laying.write("script/go", &format!("#!/bin/sh\n# ours\nexec {sdk}/bin/go \"$@\"\n"), 0o755)?;
            format!("{t}/script")
        }
        "by a relative link" => {
            // Relative entries of PATH begin at the current folder, so there is one in each that may be it.
            for folder in ["w", "w/a", "w/a/b", "tmp", "home", "gp/src/x"] {
                symlink(format!("{sdk}/bin"), format!("{t}/{folder}/rel"))?;
            }
            symlink(format!("{sdk}/bin"), format!("{t}/rel"))?;
            "rel".to_owned()
        }
        "copied alone" => {
            copy_go(laying, "copied")?;
            format!("{t}/copied")
        }
        "in a tree with pkg/tool alone" => {
            copy_go(laying, "broken/bin")?;
            laying.folder("broken/pkg/tool")?;
            laying.tree = laying.folder.join("broken");
            format!("{t}/broken/bin")
        }
        "as a cross build" => {
            copy_go(laying, "cross/bin/linux_amd64")?;
            laying.folder("cross/pkg/tool")?;
            format!("{t}/cross/bin/linux_amd64")
        }
        "plainly" => format!("{sdk}/bin"),
        way => {
            moved(laying, way)?;
            format!("{t}/sdk/bin")
        }
    };
    Ok((way.to_owned(), entry))
}

/// A copy of the program: a hard link where the file system allows, which is a copy to go.
fn copy_go(laying: &mut Laying<'_>, to: &str) -> Done {
    laying.folder(to)?;
    let (from, to) = (laying.sdk.root.join("bin/go"), laying.folder.join(to).join("go"));
    if fs::hard_link(&from, &to).is_err() {
        fs::copy(&from, &to)?;
    }
    Ok(())
}

/// A tree of links into the SDK's, in which something may be different.
fn moved(laying: &mut Laying<'_>, way: &str) -> Done {
    laying.folder("sdk")?;
    if way != "without bin/go" {
        copy_go(laying, "sdk/bin")?;
    }
    for entry in fs::read_dir(&laying.sdk.root)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let left_out = match way {
            "with another go.env" | "without go.env" | "with the go.env of another" => "go.env",
            "without src" => "src",
            "without VERSION" | "with a VERSION of another" => "VERSION",
            "with a file as pkg/tool" | "without pkg" => "pkg",
            _ => "",
        };
        if name != "bin" && name != left_out {
            symlink(entry.path(), laying.folder.join("sdk").join(name))?;
        }
    }
    match way {
        "with another go.env" => {
            let text = laying.chance.pick(GO_ENVS);
            laying.write("sdk/go.env", text, 0o644)?;
        }
        "with the go.env of another" if laying.other.root.join("go.env").exists() => {
            symlink(laying.other.root.join("go.env"), laying.folder.join("sdk/go.env"))?;
        }
        "with a VERSION of another" => {
            symlink(laying.other.root.join("VERSION"), laying.folder.join("sdk/VERSION"))?;
        }
        "with a file as pkg/tool" => laying.write("sdk/pkg/tool", "", 0o644)?,
        _ => {}
    }
    laying.tree = laying.folder.join("sdk");
    Ok(())
}
