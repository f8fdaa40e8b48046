//! What was fixed in a go command when it was built, read from the source of the SDK that it belongs to.
//!
//! `cmd/dist` writes these files (`zbootstrap.go`, `zdefaultcc.go`, `zosarch.go`, `zcgo.go`) before it compiles, and
//! distributions ship them. Where they are missing, or are those of another release than the binary, what the
//! official builds have counts. Deliberately not here: the version, which the binary itself tells.

use super::experiment;
use super::platforms;
use crate::binary::{self, Program};
use crate::file_path;
use memchr::memmem;
use model::Origin;
use std::cell::OnceCell;
use system::{Os, System};

/// The GOROOT in the builds that go's makers gave out up to 1.20 (seen in 1.11 to 1.20).
const OFFICIAL_ROOT: &str = "/usr/local/go";

/// The files of one SDK, each read when it is first asked for.
pub(super) struct Baked<'a> {
    system: &'a dyn System,
    minor: u8,
    /// The tree that the binary was built in, where its source is there.
    tree: Option<String>,
    bootstrap: String,
    /// The setting of the program's own architecture that its build information tells.
    own: Option<(&'static str, String)>,
    /// Somebody else than go's makers built it.
    foreign: bool,
    /// Its version names experiments.
    has_experiments: bool,
    compilers: OnceCell<String>,
    platforms: OnceCell<String>,
    cgo: OnceCell<String>,
    experiments: OnceCell<Vec<String>>,
}

impl<'a> Baked<'a> {
    /// Of a binary of this version in one of these trees.
    pub(super) fn of(system: &'a dyn System, minor: u8, version: &str, trees: &[String]) -> Self {
        let file = if minor >= 17 {
            "src/internal/buildcfg/zbootstrap.go"
        } else {
            "src/cmd/internal/objabi/zbootstrap.go"
        };
        let read = |tree: &String| {
            let text = read(system, tree, file)?;
            // `X:…` behind the version names experiments; they are not part of the constant.
            let same = constant(&text, "version")
                .is_some_and(|v| version == v || version.strip_prefix(v).is_some_and(|r| r.starts_with(' ')));
            same.then_some((tree.clone(), text))
        };
        let (tree, bootstrap) = trees.iter().find_map(read).unzip();
        Self {
            system,
            minor,
            tree,
            bootstrap: bootstrap.unwrap_or_default(),
            own: None,
            foreign: false,
            has_experiments: version.contains(" X:"),
            compilers: OnceCell::new(),
            platforms: OnceCell::new(),
            cgo: OnceCell::new(),
            experiments: OnceCell::new(),
        }
    }

    /// With what the binary itself tells, and the GOROOT that is baked into it.
    pub(super) fn with_program(mut self, program: Option<&Program>, built_in: Option<&str>) -> Self {
        self.own = program
            .and_then(|p| Some((binary::architecture_variable(p.arch.as_deref()?)?, p.level.clone()?)));
        // The makers' builds have this one up to 1.20, and none from 1.21 on, which are trimmed. Windows is left out:
        // which root the older ones have there was not seen.
        self.foreign = self.system.os() != Os::Windows && built_in.is_some_and(|root| root != OFFICIAL_ROOT);
        self
    }

    /// Whether the default is known, not only what the makers' builds have: a distributor may have another one.
    ///
    /// A distributor's go that tells no GOROOT of its own, and whose source is not there, looks like the makers'.
    pub(super) fn is_told(&self, name: &str) -> bool {
        if !self.foreign {
            return true;
        }
        match name {
            "CC" | "CXX" | "PKG_CONFIG" => !self.compilers().is_empty(),
            "CGO_ENABLED" if self.minor >= 25 => !self.bootstrap.is_empty() && !self.compilers().is_empty(),
            "CGO_ENABLED" => !self.cgo_text().is_empty() && !self.compilers().is_empty(),
            // Experiments stand behind the version, where they are others than usual (go: src/cmd/dist/build.go
            // `findgoversion`, src/internal/buildcfg/exp.go).
            "GOEXPERIMENT" => !self.bootstrap.is_empty() || !self.has_experiments,
            _ => !self.bootstrap.is_empty() || self.own(name).is_some(),
        }
    }

    /// Why it is not.
    pub(super) fn why_untold(name: &str) -> Origin {
        Origin::unknown(format!(
            "the default of {name} is built into this go, which is a distributor's, and its source is not there"
        ))
    }

    fn compilers(&self) -> &str {
        self.compilers.get_or_init(|| self.text("src/cmd/go/internal/cfg/zdefaultcc.go"))
    }

    fn own(&self, name: &str) -> Option<&str> {
        self.own.as_ref().filter(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    }

    /// The default of `GO386`, `GOAMD64`, `GOEXPERIMENT`, `GOFIPS140` …
    pub(super) fn default(&self, name: &str) -> String {
        let found = constant(&self.bootstrap, &format!("Default{name}"))
            .or_else(|| constant(&self.bootstrap, &format!("default{name}")));
        found.or_else(|| self.own(name)).unwrap_or_else(|| self.official(name)).to_owned()
    }

    /// Of the official builds for linux/amd64.
    fn official(&self, name: &str) -> &'static str {
        match name {
            "GO386" => "sse2",
            "GOAMD64" => "v1",
            "GOARM" if self.minor >= 21 => "7",
            "GOARM" => "5",
            "GOARM64" => "v8.0",
            "GOMIPS" | "GOMIPS64" => "hardfloat",
            "GOPPC64" => "power8",
            "GORISCV64" => "rva20u64",
            "GOFIPS140" => "off",
            _ => "",
        }
    }

    /// `defaultCGO_ENABLED`: in `zcgo.go` up to 1.24, since 1.25 in `zbootstrap.go`.
    pub(super) fn cgo_enabled(&self) -> String {
        let text = if self.minor >= 25 { &self.bootstrap } else { self.cgo_text() };
        let found = constant(text, "DefaultCGO_ENABLED").or_else(|| constant(text, "defaultCGO_ENABLED"));
        found.unwrap_or_default().to_owned()
    }

    /// Whether cgo works on a platform; `None` for a pair that go does not know.
    pub(super) fn supports_cgo(&self, goos: &str, goarch: &str) -> Option<bool> {
        let text = self.platforms.get_or_init(|| {
            let new = "src/internal/platform/zosarch.go";
            let old = "src/cmd/go/internal/cfg/zosarch.go";
            self.text(if self.minor >= 21 { new } else { old })
        });
        if text.is_empty() {
            return platforms::supports_cgo(goos, goarch, self.minor);
        }
        let (old, new) = (format!("\"{goos}/{goarch}\":"), format!("{{\"{goos}\", \"{goarch}\"}}:"));
        let line = [old, new].iter().filter_map(|key| line_of(text, key)).min_by_key(|(at, _)| *at)?.1;
        Some(line.contains("true") && (self.minor < 21 || line.contains("CgoSupported: true")))
    }

    fn cgo_text(&self) -> &str {
        self.cgo.get_or_init(|| self.text("src/go/build/zcgo.go"))
    }

    /// `DefaultCC` or `DefaultCXX` of a platform.
    pub(super) fn compiler(&self, function: &str, os: Os, goos: &str, goarch: &str) -> String {
        if let Some(found) = compiler(self.compilers(), function, goos, goarch) {
            return found.to_owned();
        }
        // `cmd/dist` takes clang for hosts that come with it; since 1.21 the build machine no longer matters (go:
        // src/cmd/dist/buildtool.go, build.go `compilerEnvLookup`, `clangos`).
        let clang = ["darwin", "ios", "freebsd", "openbsd"];
        let clang = if self.minor >= 21 { clang.contains(&goos) } else { os == Os::Macos };
        let name = match (function, clang) {
            ("DefaultCXX", true) => "clang++",
            ("DefaultCXX", false) => "g++",
            (_, true) => "clang",
            (_, false) => "gcc",
        };
        name.to_owned()
    }

    pub(super) fn pkg_config(&self) -> String {
        constant(self.compilers(), "DefaultPkgConfig").unwrap_or("pkg-config").to_owned()
    }

    /// Names of experiments in the order of their declaration, small letters.
    pub(super) fn experiments(&self) -> &[String] {
        self.experiments.get_or_init(|| {
            let text = self.text("src/internal/goexperiment/flags.go");
            let field = |line: &str| {
                // Most lines are comments.
                let line = line.trim_start().strip_prefix(|c: char| c.is_ascii_uppercase()).map(|_| line)?;
                let mut words = line.split_whitespace();
                let name = words.next()?;
                (words.next() == Some("bool")).then(|| name.to_ascii_lowercase())
            };
            let read: Vec<String> = text.lines().filter_map(field).collect();
            if read.is_empty() { experiment::official(self.minor) } else { read }
        })
    }

    /// The default of GOPROXY or GOSUMDB that 1.13 to 1.20 have built in: `None` where the source is missing.
    pub(super) fn built_in(&self, name: &str) -> Option<String> {
        let text = self.text("src/cmd/go/internal/cfg/cfg.go");
        let start = format!("envOr(\"{name}\", \"");
        let (_, rest) = text.split_once(&start)?;
        Some(rest.split_once('"')?.0.to_owned())
    }

    fn text(&self, file: &str) -> String {
        self.tree.as_deref().and_then(|tree| read(self.system, tree, file)).unwrap_or_default()
    }
}

fn read(system: &dyn System, tree: &str, file: &str) -> Option<String> {
    let bytes = system.read(&file_path::join(system.os(), tree, file)).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The first line that begins with a key, blanks before it passed over, and where it stands.
fn line_of<'t>(text: &'t str, key: &str) -> Option<(usize, &'t str)> {
    memmem::find_iter(text.as_bytes(), key).find_map(|at| {
        let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        text[begin..at].trim_start().is_empty().then(|| (begin, &text[begin..end]))
    })
}

/// The text of `const NAME = "…"`, in either kind of quotes.
fn constant<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    const CONST: &str = "const ";
    memmem::find_iter(text.as_bytes(), name).find_map(|at| {
        let before = text.get(..at)?.strip_suffix(CONST)?;
        if !before.is_empty() && !before.ends_with('\n') {
            return None;
        }
        let line = text.get(at + name.len()..)?.split('\n').next()?;
        let rest = line.strip_prefix(" = ")?.trim_end();
        let inner = |quote: char| rest.strip_prefix(quote)?.strip_suffix(quote);
        inner('`').or_else(|| inner('"'))
    })
}

/// What a function of `zdefaultcc.go` returns: `case` lines lead to the `return` below them.
fn compiler<'t>(text: &'t str, function: &str, goos: &str, goarch: &str) -> Option<&'t str> {
    let (_, body) = text.split_once(&format!("func {function}("))?;
    let body = body.split("\n}").next()?;
    let wanted = [format!("\"{goos}/{goarch}\""), format!("`{goos}/{goarch}`"), format!("\"{goos}\"")];
    let mut case: Option<bool> = None;
    for line in body.lines().map(str::trim) {
        if let Some(list) = line.strip_prefix("case ") {
            let list = list.trim_end_matches(':');
            case = Some(list.split(',').any(|name| wanted.iter().any(|w| w == name.trim())));
        } else if let Some(value) = line.strip_prefix("return ") {
            if case != Some(false) {
                let value = value.trim();
                return value.get(1..value.len().checked_sub(1)?);
            }
            case = None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use system::memory::MemorySystem;

    const COMPILERS: &str = "package cfg\n\nconst DefaultPkgConfig = `pc`\nfunc DefaultCC(goos, goarch string) string {\n\
        \tswitch goos+`/`+goarch {\n\tcase \"linux/arm64\":\n\t\treturn \"aarch64-gcc\"\n\t}\n\tswitch goos {\n\
        \tcase \"darwin\", \"ios\":\n\t\treturn \"clang\"\n\t}\n\treturn \"cc\"\n}\nfunc DefaultCXX(goos, goarch string) \
        string {\n\treturn \"c++\"\n}\n";

    fn machine() -> MemorySystem {
        MemorySystem::linux()
            .file(
                "/go/src/internal/buildcfg/zbootstrap.go",
                "package buildcfg\n\nconst DefaultGO386 = `softfloat`\nconst version = `go1.25.1`\nconst DefaultCGO_ENABLED = \"1\"\n",
            )
            .file("/go/src/cmd/go/internal/cfg/zdefaultcc.go", COMPILERS)
            .file(
                "/go/src/internal/platform/zosarch.go",
                "var distInfo = map[OSArch]osArchInfo{\n\t{\"linux\", \"amd64\"}: {CgoSupported: true, FirstClass: true},\n\
                 \t{\"js\", \"wasm\"}: {},\n}\n",
            )
    }

    #[test]
    fn what_a_distributor_changed_is_seen() {
        let machine = machine();
        let baked =
            Baked::of(&machine, 25, "go1.25.1 X:nodwarf5", &["/nowhere".to_owned(), "/go".to_owned()]);
        assert_eq!((baked.default("GO386"), baked.default("GOAMD64")), ("softfloat".into(), "v1".into()));
        assert_eq!(baked.cgo_enabled(), "1");
        assert_eq!(baked.compiler("DefaultCC", Os::Linux, "linux", "arm64"), "aarch64-gcc");
        assert_eq!(baked.compiler("DefaultCC", Os::Linux, "ios", "arm64"), "clang");
        assert_eq!(baked.compiler("DefaultCC", Os::Linux, "linux", "amd64"), "cc");
        assert_eq!(baked.compiler("DefaultCXX", Os::Linux, "darwin", "amd64"), "c++");
        assert_eq!(baked.pkg_config(), "pc");
        assert_eq!(baked.supports_cgo("linux", "amd64"), Some(true));
        assert_eq!(baked.supports_cgo("js", "wasm"), Some(false));
        assert_eq!(baked.supports_cgo("linux", "386"), None);
    }

    #[test]
    fn a_distributors_go_without_source_tells_its_own_architecture_alone() {
        let machine = MemorySystem::linux();
        let program = Program {
            go_version: "go1.19.8".into(),
            package: Some("cmd/go".into()),
            trimmed: false,
            os: Some("linux".into()),
            arch: Some("amd64".into()),
            level: Some("v2".into()),
        };
        let baked = |root| Baked::of(&machine, 19, "go1.19.8", &[]).with_program(Some(&program), Some(root));
        let theirs = baked("/usr/lib/go-1.19");
        assert_eq!(theirs.default("GOAMD64"), "v2");
        // Debian's go 1.19.8 has `softfloat`.
        assert_eq!((theirs.is_told("GOAMD64"), theirs.is_told("GO386")), (true, false));
        assert!(["CC", "CXX", "PKG_CONFIG", "CGO_ENABLED"].iter().all(|name| !theirs.is_told(name)));
        assert!(theirs.is_told("GOEXPERIMENT"));
        assert!(baked("/usr/local/go").is_told("GO386"));
    }

    #[test]
    fn the_tree_of_another_release_does_not_count() {
        let machine = machine();
        let baked = Baked::of(&machine, 20, "go1.20.14", &["/go".to_owned()]);
        assert_eq!((baked.default("GO386"), baked.default("GOARM")), ("sse2".into(), "5".into()));
        assert_eq!(baked.compiler("DefaultCC", Os::Linux, "darwin", "arm64"), "gcc");
        assert_eq!(baked.supports_cgo("linux", "386"), Some(true));
        assert_eq!(baked.built_in("GOPROXY"), None);
    }
}
