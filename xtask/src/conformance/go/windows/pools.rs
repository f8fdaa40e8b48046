//! What variables that hold paths are set to on Windows; all others have the values of every machine.
//!
//! `{t}` stands for the machine's own folder, `{s}` for the same with slashes, `{sdk}` and `{other}` for trees of two
//! SDKs, `{tree}` for the one that is laid out.

use super::super::machine::values::Pool;

const fn pool(name: &'static str, mild: &'static [&'static str], harsh: &'static [&'static str]) -> Pool {
    Pool { name, mild, harsh }
}

pub(super) const POOLS: &[Pool] = &[
    pool(
        "CC",
        &[
            "gcc",
            "clang",
            "cc",
            "nosuch",
            r"{t}\tools\gcc.exe",
            "gcc -m64",
            "{s}/tools/gcc -x",
            "'{t}\\c c' -x",
            "",
        ],
        &[r".\cc", "a/b", r"a\b", "'open", r"\cc", "C:cc", " "],
    ),
    pool("CXX", &["g++", r"{t}\tools\g++.exe -a", "", "clang++"], &[r".\c++", "\"open", r"\x\c++"]),
    pool("FC", &["gfortran", r"C:\x\fc"], &[r".\fc", "a/b", "'open"]),
    pool(
        "GCCGO",
        &["gccgo", "nosuch", "gcc", r"{t}\tools\gccgo.bat", r"sub\gccgo", r".\gccgo", "tool.v2", ""],
        &[],
    ),
    pool("GOPROXY", &["off", "direct", "", "https://a.example/?x=%41&y=^|", "file:///{s}/proxy"], &[]),
    pool("GOPRIVATE", &["*.corp.example", "a<b>c", "100%", "é.example,日本", "\"q\"", "a\tb", ""], &[]),
    pool("GOBIN", &[r"{t}\bin", "{s}/bin/", r"rel\bin", "", r"\bin", r"{t}\a;{t}\b"], &[]),
    pool(
        "GOCACHE",
        &[r"{t}\cache", "{s}/cache", r"{t}\cache\", r"{t}\CACHE"],
        &["off", "rel", r"\cache", "C:cache", "", r"{t}\file", r"{t}\file\x", r"\\?\{t}\cache"],
    ),
    pool("GOCACHEPROG", &["", ""], &["nosuchprog", r".\nosuch", r"{t}\file", "'open", " "]),
    pool("GOMODCACHE", &[r"{t}\mod", "{s}/mod", "rel", r"\mod", "", r"{t}\mod\"], &[]),
    pool(
        "GOPATH",
        &[
            r"{t}\gp",
            r"{t}\gp;{t}\gp2",
            r"{t}\gp;",
            "{s}/gp",
            r"{t}\gp\",
            "\"{t}\\gp\";{t}\\gp2",
            "\"{t}\\g;p\"",
            r"{t}\home\go",
            r"{t}\gp\..\gq",
            "",
            r"\\server\share\gp",
        ],
        &[
            "rel",
            "~/go",
            r"~\go",
            r";{t}\gp",
            " ",
            ";",
            r"\gp",
            "C:gp",
            r"{t}\gp;rel",
            "{tree}",
            "{sdk}",
            r"{t}\w\a",
            "\"\"",
        ],
    ),
    pool(
        "GOTMPDIR",
        &[r"{t}\tmp", "", "{s}/tmp/"],
        &[r"{t}\nowhere", r"{t}\nowhere\x", "rel", r"{t}\file", r"{t}\x?"],
    ),
    pool(
        "GOWORK",
        &["", "off", "auto", r"{t}\w\go.work", "{s}/w/go.work", r"{t}\nowhere\go.work"],
        &["rel.work", r"\go.work", "C:x.work"],
    ),
    pool(
        "GOTOOLCHAIN",
        &["local", "local", "auto", "", "path", "local+path"],
        &["go1.99.9+path", "go1.24.13+path", "x", "local+x", "go1.25.14+path", "go1.26.10+path"],
    ),
    pool("NoDefaultCurrentDirectoryInExePath", &["1", ""], &[]),
    pool("PATHEXT", &[".exe", ".BAT;.EXE", "exe;bat", "", ".com;.exe;.bat;.cmd;.v2"], &[]),
    pool("HOME", &[r"{t}\elsewhere"], &[]),
    pool("XDG_CONFIG_HOME", &[r"{t}\elsewhere"], &[]),
    pool("PWD", &[r"{t}\elsewhere", r"{t}\w"], &[]),
];

/// Folders that Windows names to every program; the first is what is met.
pub(super) const FOLDERS: &[(&str, &[&str])] = &[
    ("USERPROFILE", &[r"{t}\home", "{s}/home", r"{t}\home\", "rel", r"\home", "", "-"]),
    ("APPDATA", &[r"{t}\roam", "{s}/roam", r"{t}\roam\", "rel", "", "-"]),
    ("LOCALAPPDATA", &[r"{t}\local", "{s}/local", r"{t}\local\", "rel", "", "-"]),
    ("TEMP", &[r"{t}\tmp", r"{t}\tmp\"]),
    ("TMP", &[r"{t}\tmp", "{s}/tmp"]),
];

/// Entries of PATH before and behind that of go.
pub(super) const ENTRIES: &[&str] = &[
    "",
    "",
    r"C:\windows\system32",
    r"{t}\tools",
    "\"{t}\\tools\"",
    "{s}/tools/",
    "rel",
    "%NOSUCH%",
    r"{t}\to;ols",
];

/// Folders in which go is started.
pub(super) const CURRENT: &[&str] =
    &[r"{t}\w", r"{t}\w\a\b", r"{t}\w\a", r"{t}", r"{t}\W\A", "{s}/w/a", r"{t}\tmp", r"{t}\home"];

/// Texts of go.mod and go.work.
pub(super) const MODULES: &[&str] = &[
    "module x\n\ngo 1.24\n",
    "module x\r\n\r\ngo 1.24.0\r\n",
    "module x\n",
    "module x\ngo 1.25.3\ntoolchain go1.25.14\n",
    "module x\ngo 1.99\n",
];
pub(super) const WORK: &str = "go 1.24\nuse ./a\n";
