//! An SDK's folder: its version, what is missing in it, and who keeps it.
//!
//! Nothing in it is run. Deliberately not here: finding SDKs that are on no PATH.

use crate::file_path;
use model::Origin;
use system::{Os, System};

/// Where a version was read.
pub(crate) type Versioned = (String, Origin);

/// The name of a tree's toolchain (`go1.26.3`): the first line of `VERSION` (go: src/cmd/distpack/pack.go
/// `readVERSION`), else of `VERSION.cache`, which `cmd/dist` writes in a checkout, else the language of a checkout
/// (`src/internal/goversion/goversion.go`).
pub(crate) fn version(system: &dyn System, root: &str) -> Option<Versioned> {
    let os = system.os();
    for name in ["VERSION", "VERSION.cache"] {
        let path = file_path::join(os, root, name);
        let Ok(bytes) = system.read_at(&path, 0, 256) else { continue };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let line = text.lines().next().unwrap_or_default().trim_end();
        if !line.is_empty() {
            return Some((line.to_owned(), Origin::line(path, 1)));
        }
    }
    let path = file_path::join(os, root, "src/internal/goversion/goversion.go");
    let text = String::from_utf8(system.read(&path).ok()?).ok()?;
    text.lines().enumerate().find_map(|(n, line)| {
        let minor = line.trim().strip_prefix("const Version = ")?;
        let minor = minor.split_whitespace().next()?.parse::<u32>().ok()?;
        Some((format!("devel go1.{minor}"), Origin::line(path.as_str(), u32::try_from(n + 1).ok()?)))
    })
}

/// `cmd/go` takes a folder for a GOROOT if `pkg/tool` in it is a folder, and looks at nothing else (go:
/// src/cmd/go/internal/cfg/cfg.go `isGOROOT`).
pub(crate) fn is_goroot(system: &dyn System, root: &str) -> bool {
    system.is_folder(&file_path::join(system.os(), root, "pkg/tool"))
}

/// The tree that a go binary lies in, by its `VERSION`: two or three folders up, as `findGOROOT` looks.
pub(crate) fn tree_of(system: &dyn System, binary: &str) -> Option<String> {
    let os = system.os();
    ["../..", "../../.."]
        .map(|up| file_path::join(os, binary, up))
        .into_iter()
        .find(|root| system.exists(&file_path::join(os, root, "VERSION")))
}

/// Parts without which this go cannot build, as they are named to the user.
pub(crate) fn missing_parts(system: &dyn System, root: &str) -> Vec<String> {
    let os = system.os();
    let mut missing = Vec::new();
    if !system.is_folder(&file_path::join(os, root, "src")) {
        missing.push("src".to_owned());
    }
    // A tree of another system (a Windows SDK seen from WSL) has tools, but none that run here.
    let tools = system.read_dir(&file_path::join(os, root, "pkg/tool")).unwrap_or_default();
    let ours = format!("{}_", os.goos());
    if !tools.iter().any(|name| name.starts_with(&ours)) {
        missing.push(format!("pkg/tool/{ours}{}", system.arch()));
    }
    missing
}

/// Whether `bin/go` is there.
pub(crate) fn has_go(system: &dyn System, root: &str) -> bool {
    let name = if system.os() == Os::Windows { "bin/go.exe" } else { "bin/go" };
    system.exists(&file_path::join(system.os(), root, name))
}

/// Who keeps the SDK that a binary belongs to, told by the folders in its path.
pub(crate) fn keeper(path: &str) -> Option<&'static str> {
    // asdf-community/asdf-golang bin/install · jdx/mise src/plugins/core/go.rs · go-nv/goenv libexec ·
    // moovweb/gvm scripts/install · voidint/g cli/ · kevincobain2000/gobrew · golang/dl internal/version ·
    // go: cmd/go/internal/toolchain/select.go · homebrew-core Formula/g/go.rb · NixOS/nixpkgs
    // pkgs/development/compilers/go · actions/setup-go · ScoopInstaller/Main bucket/go.json · moonrepo/proto docs.
    const MARKS: &[(&str, &str)] = &[
        ("/golang.org/toolchain@v0.0.1-", "module cache"),
        ("/mise/installs/go/", "mise"),
        ("/.asdf/installs/golang/", "asdf"),
        ("/.goenv/versions/", "goenv"),
        ("/.gvm/gos/", "gvm"),
        ("/.g/versions/", "g"),
        ("/.gobrew/versions/", "gobrew"),
        ("/.proto/tools/go/", "proto"),
        ("/sdk/go1.", "golang.org/dl"),
        ("/sdk/gotip/", "golang.org/dl"),
        ("/cellar/go", "homebrew"),
        ("/snap/go/", "snap"),
        ("/nix/store/", "nix"),
        ("/hostedtoolcache/go/", "setup-go"),
        ("/scoop/apps/go/", "scoop"),
        ("/site-packages/go/", "pip"),
        ("/usr/lib/go-1.", "debian"),
        ("/usr/lib/golang/", "fedora"),
    ];
    let path = path.replace('\\', "/").to_lowercase();
    MARKS.iter().find(|(mark, _)| path.contains(mark)).map(|(_, keeper)| *keeper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use system::memory::MemorySystem;

    #[test]
    fn a_version_is_the_first_line_of_its_file() {
        let machine = MemorySystem::linux()
            .file("/a/VERSION", "go1.19.8")
            .file("/b/VERSION", "go1.24.4 (Red Hat 1.24.4-1)\ntime 2026-08-28T16:20:06Z\n")
            .file("/c/src/internal/goversion/goversion.go", "package goversion\n\nconst Version = 27\n")
            .folder("/d");
        let read = |root: &str| version(&machine, root);
        assert_eq!(read("/a"), Some(("go1.19.8".to_owned(), Origin::line("/a/VERSION", 1))));
        assert_eq!(read("/b").map(|v| v.0).as_deref(), Some("go1.24.4 (Red Hat 1.24.4-1)"));
        assert_eq!(read("/c").map(|v| v.0).as_deref(), Some("devel go1.27"));
        assert_eq!(read("/d"), None);
    }

    #[test]
    fn a_windows_sdk_has_no_tools_for_linux() {
        let machine =
            MemorySystem::linux().folder("/mnt/c/Go/src").folder("/mnt/c/Go/pkg/tool/windows_amd64");
        assert_eq!(missing_parts(&machine, "/mnt/c/Go"), ["pkg/tool/linux_amd64"]);
    }

    #[test]
    fn keepers_by_folder() {
        for (path, want) in [
            ("/opt/homebrew/Cellar/go/1.26.3/libexec/bin/go", Some("homebrew")),
            (r"C:\Users\ann\scoop\apps\go\current\bin\go.exe", Some("scoop")),
            (
                "/home/ann/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.26.6.linux-amd64/bin/go",
                Some("module cache"),
            ),
            ("/usr/local/go/bin/go", None),
        ] {
            assert_eq!(keeper(path), want, "{path}");
        }
    }
}
