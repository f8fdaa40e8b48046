//! Where things lie: PATH, home and configuration folders, the temporary one, GOROOT, the current folder and what PWD
//! says of it.

use super::{Laying, env_file, spelled};
use crate::failure::Done;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

/// PATH: the entry that has go, behind and before it others; compilers, other toolchains.
pub(crate) fn path(laying: &mut Laying<'_>, entry: &str) -> Done {
    let mut entries = vec![entry.to_owned()];
    let t = spelled(&laying.folder);
    if laying.chance.once_in(4) {
        let decoy = laying.chance.pick(&["{t}/nowhere", "{t}/file", "~/bin", "\"{t}/w\"", "{t}/decoy"]);
        laying.write("decoy/go", "not a program\n", 0o644)?;
        entries.insert(0, laying.filled(decoy));
    }
    if laying.chance.once_in(2) {
        laying.folder("tools")?;
        for _ in 0..3 {
            let sdk = &laying.shared.sdks[laying.chance.below(laying.shared.sdks.len())];
            let name = laying.folder.join(format!("tools/go1.{}.{}", sdk.minor, sdk.patch));
            if !name.exists() {
                symlink(sdk.root.join("bin/go"), name)?;
            }
        }
        entries.push(format!("{t}/tools"));
    }
    match laying.chance.below(8) {
        0..=3 => entries.push(spelled(&laying.shared.compilers)),
        4 => entries.push("/usr/bin:/bin".to_owned()),
        5 if laying.harsh => {
            for folder in ["w", "w/a", "w/a/b"] {
                symlink("/bin/true", format!("{t}/{folder}/gcc"))?;
                symlink("/bin/true", format!("{t}/{folder}/gccgo"))?;
            }
            entries.push(laying.chance.pick(&["", "."]).to_owned());
        }
        6 => {
            laying.write("cc/gcc", "", 0o644)?;
            laying.folder("cc/gccgo")?;
            entries.push(format!("{t}/cc"));
        }
        _ => {}
    }
    let value = entries.join(":");
    laying.set("PATH", &value);
    Ok(())
}

/// HOME, XDG folders, TMPDIR, GOENV.
pub(crate) fn folders(laying: &mut Laying<'_>) -> Done {
    let mut choose = |name: &str, often: usize, mild: &[&str], harsh: &[&str]| {
        if laying.chance.once_in(often) {
            let harshly = laying.harsh && !harsh.is_empty() && laying.chance.once_in(2);
            let value = laying.chance.pick(if harshly { harsh } else { mild });
            laying.set(name, value);
        }
    };
    // Not the folder that GOROOT names as missing: since 1.23 go counts its own use in the home first, which creates it.
    choose(
        "HOME",
        1,
        &["{t}/home"],
        &["{t}/home", "{t}/home", "rel", "{t}/file", "{t}/home/", "{t}/no-home", "", "{t}/../home"],
    );
    choose("XDG_CONFIG_HOME", 6, &["{t}/xdg", "", "{t}/xdg/"], &["rel-xdg", "{t}/file", "./rel-xdg"]);
    choose("XDG_CACHE_HOME", 8, &["{t}/xdg-cache", ""], &["rel-cache", "{t}/file"]);
    choose(
        "TMPDIR",
        6,
        &["{t}/tmp", "{t}/w", "", "{t}"],
        &["{t}/nowhere", "rel", "{t}/file", "{t}/w/a/", "{t}/wl/a"],
    );
    choose(
        "GOENV",
        6,
        &["off", "{t}/env-file", "", "{t}/nowhere"],
        &["env-file", "{t}/home", "rel/../env-file", " off"],
    );
    if laying.harsh && laying.chance.once_in(8) {
        laying.env.retain(|(name, _)| name != "HOME");
    }
    if laying.sdk.since(23) && laying.chance.once_in(4) {
        let mode = laying.chance.pick(&[
            "off",
            "on 2024-01-02",
            "local",
            "local 2024-01-02\n",
            "",
            "x",
            " off",
            "on",
        ]);
        for folder in ["home/.config", "xdg"] {
            laying.write(&format!("{folder}/go/telemetry/mode"), mode, 0o644)?;
        }
    }
    Ok(())
}

pub(crate) fn goroot(laying: &mut Laying<'_>) -> Done {
    if !laying.chance.once_in(if laying.harsh { 4 } else { 8 }) {
        return Ok(());
    }
    let value = if laying.harsh {
        laying.chance.pick(&[
            "{other}",
            "{t}/nowhere",
            "{tree}/bin/go",
            "sdk",
            "{t}",
            "{t}/home/go",
            "{other}/",
            "{tree}//.",
            " {tree}",
            "{tree}/../nowhere",
            "{t}/sdk",
        ])
    } else {
        laying.chance.pick(&["{tree}", "{tree}/", "", "{tree}/src/..", "{t}/root-link", "{tree}"])
    };
    if value.ends_with("root-link") {
        symlink(&laying.tree, laying.folder.join("root-link"))?;
    }
    if value.ends_with("home/go") {
        symlink(&laying.sdk.root, laying.folder.join("home/go"))?;
    }
    laying.set("GOROOT", value);
    Ok(())
}

/// Env files where go looks and where it may be thought to look.
pub(crate) fn env_files(laying: &mut Laying<'_>) -> Done {
    let roots = ["{tree}", "{other}", "{t}/nowhere", "{tree}/", "rel", "", "{t}"];
    for at in [
        "home/.config/go/env",
        "xdg/go/env",
        "env-file",
        "w/a/env-file",
        "w/rel-xdg/go/env",
        "w/a/rel-xdg/go/env",
    ] {
        let often = if at.starts_with("home") { 2 } else { 3 };
        if laying.chance.once_in(often) {
            let text = env_file::text(&mut laying.chance, laying.harsh, &roots);
            let text = laying.filled(&text);
            laying.write(at, &text, 0o644)?;
        }
    }
    Ok(())
}

/// The current folder, and PWD.
pub(crate) fn current(laying: &mut Laying<'_>) -> PathBuf {
    let folder = laying.chance.pick(&["w/a/b", "w/a", "w", "w/a/b", "w/a", "", "tmp", "gp/src/x", "home"]);
    let cwd = laying.folder.join(folder);
    let t = spelled(&laying.folder);
    let linked = folder.strip_prefix('w').map(|rest| format!("{t}/wl{rest}"));
    let pwd = match laying.chance.below(12) {
        0..=3 => Some(spelled(&cwd)),
        4..=6 => linked,
        7 => Some(t),
        8 => Some("w".to_owned()),
        9 => Some(format!("{}/", cwd.display())),
        10 => Some(format!("{}/../{}", cwd.display(), folder.rsplit('/').next().unwrap_or_default())),
        _ => None,
    };
    if let Some(pwd) = pwd {
        laying.set("PWD", &pwd);
    }
    cwd
}
