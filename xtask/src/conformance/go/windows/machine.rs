//! Generated Windows machines: a folder of drive C, an environment block, the current folder, and questions.

use super::super::machine::questions::CHEAP;
use super::super::machine::values::{self, Pool};
use super::super::machine::{env_file, questions};
use super::RELEASES;
use super::pools;
use super::prefix::{Job, MACHINES, Prefix, SDKS};
use crate::conformance::chance::Chance;
use crate::failure::{Doing as _, Done};
use std::fs;

/// Files of an SDK that a tree of our own has.
const TREE: &[&str] = &["VERSION", "go.env", "bin/go.exe"];

pub(super) struct Machine {
    pub(super) case: u32,
    pub(super) release: String,
    pub(super) folder: String,
    /// The file that is run, as a command interpreter found it.
    program: String,
    pub(super) env: Vec<(String, String)>,
    pub(super) cwd: String,
    pub(super) questions: Vec<Vec<String>>,
}

struct Laying<'a> {
    chance: Chance,
    harsh: bool,
    prefix: &'a Prefix,
    folder: String,
    sdk: String,
    other: String,
    tree: String,
    env: Vec<(String, String)>,
}

pub(super) fn generate(prefix: &Prefix, seed: u64, case: u32) -> Done<Machine> {
    let mut chance = Chance::seeded(seed.wrapping_mul(0x1_0000_0003).wrapping_add(u64::from(case)));
    let release = RELEASES[case as usize % RELEASES.len()];
    let other = chance.pick(RELEASES);
    let harsh = chance.once_in(3);
    let folder = format!(r"{MACHINES}\{case}");
    let sdk = format!(r"{SDKS}\{release}");
    let other = format!(r"{SDKS}\{other}");
    let mut laying = Laying { chance, harsh, prefix, folder, tree: sdk.clone(), sdk, other, env: Vec::new() };
    for name in [r"w\a\b", "home", "roam", "local", "tmp", "tools", "elsewhere", "cache"] {
        laying.make(name)?;
    }
    laying.write("file", "a file\n")?;
    for name in ["gcc.exe", "g++.exe", "gccgo.bat", "tool.v2", "cc.cmd"] {
        if laying.chance.once_in(2) {
            laying.write(&format!(r"tools\{name}"), "")?;
        }
    }
    let entry = laying.lay_sdk(release)?;
    laying.path(&entry);
    laying.folders();
    laying.goroot();
    laying.variables();
    laying.project()?;
    laying.env_files()?;
    let cwd = if laying.chance.once_in(3) { laying.chance.pick(pools::CURRENT) } else { pools::CURRENT[0] };
    let cwd = laying.filled(cwd);
    let questions = laying.questions();
    laying.respell();
    let program = format!(r"{}\go.exe", entry.trim_end_matches('\\'));
    let Laying { folder, env, .. } = laying;
    Ok(Machine { case, release: release.to_owned(), folder, program, env, cwd, questions })
}

impl Machine {
    /// One program a question; the command line is as one types it.
    pub(super) fn jobs(&self) -> Vec<Job<'_>> {
        let job = |words: &Vec<String>| {
            let line = std::iter::once("go".to_owned()).chain(words.iter().map(|word| escaped(word)));
            let line = line.collect::<Vec<_>>().join(" ");
            Job { program: self.program.clone(), line, folder: &self.cwd, env: &self.env }
        };
        self.questions.iter().map(job).collect()
    }

    pub(super) fn describe(&self, prefix: &Prefix) -> Done<String> {
        let mut out = format!("{} in {}, current folder {}\n", self.program, self.folder, self.cwd);
        for (name, value) in &self.env {
            out.push_str(&format!("  {name}={value:?}\n"));
        }
        for path in [r"roam\go\env", "envfile", r"w\go.mod", r"w\a\go.mod", r"w\go.work"] {
            if let Ok(text) = fs::read_to_string(prefix.unix(&format!(r"{}\{path}", self.folder))) {
                out.push_str(&format!("  {path}: {text:?}\n"));
            }
        }
        Ok(out)
    }
}

/// A word of a command line (go: src/syscall/exec_windows.go `EscapeArg`, for words without backslashes at quotes).
fn escaped(word: &str) -> String {
    if !word.is_empty() && !word.contains([' ', '\t', '"']) {
        return word.to_owned();
    }
    format!("\"{}\"", word.replace('"', "\\\""))
}

impl Laying<'_> {
    fn make(&self, name: &str) -> Done {
        let path = self.prefix.unix(&format!(r"{}\{name}", self.folder));
        fs::create_dir_all(&path).doing(path.display())
    }

    fn write(&self, name: &str, text: &str) -> Done {
        let path = self.prefix.unix(&format!(r"{}\{name}", self.folder));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).doing(parent.display())?;
        }
        fs::write(&path, text).doing(path.display())
    }

    fn filled(&self, text: &str) -> String {
        text.replace("{t}", &self.folder)
            .replace("{s}", &self.folder.replace('\\', "/"))
            .replace("{sdk}", &self.sdk)
            .replace("{other}", &self.other)
            .replace("{tree}", &self.tree)
            .replace("{cache}", &format!(r"{}\cache", self.folder))
            .replace("{self}", "local")
    }

    fn set(&mut self, name: &str, value: &str) {
        let value = self.filled(value);
        self.env.retain(|(own, _)| own != name);
        self.env.push((name.to_owned(), value));
    }

    /// The entry of PATH that holds go.
    fn lay_sdk(&mut self, release: &str) -> Done<String> {
        let plain = format!(r"{}\bin", self.sdk);
        match self.chance.below(10) {
            0 => Ok(plain.replace('\\', "/")),
            1 => Ok(format!(r"{plain}\..\bin")),
            2 => Ok(format!(r"{plain}\")),
            3 => {
                // The program alone: without a tree around it, it does not know where it is.
                self.make("alone")?;
                self.link(release, "bin/go.exe", r"alone\go.exe")?;
                Ok(format!(r"{}\alone", self.folder))
            }
            4 | 5 => {
                for file in TREE {
                    if *file != "go.env" || self.chance.below(3) > 0 {
                        self.link(release, file, &format!(r"moved\{}", file.replace('/', "\\")))?;
                    }
                }
                self.make(r"moved\pkg\tool\windows_amd64")?;
                self.tree = format!(r"{}\moved", self.folder);
                Ok(format!(r"{}\bin", self.tree))
            }
            _ => Ok(plain),
        }
    }

    /// The file of an SDK by another name.
    fn link(&self, release: &str, file: &str, name: &str) -> Done {
        let target = self.prefix.unix(&format!(r"{}\{name}", self.folder));
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).doing(parent.display())?;
        }
        let source = self.prefix.sdk(release).join(file).canonicalize()?;
        fs::hard_link(&source, &target)
            .or_else(|_| fs::copy(&source, &target).map(drop))
            .doing(target.display())
    }

    fn path(&mut self, entry: &str) {
        let mut entries = Vec::new();
        for place in 0..3 {
            if place == 1 {
                entries.push(entry.to_owned());
            } else if self.chance.once_in(2) {
                let chosen = self.chance.pick(pools::ENTRIES);
                entries.push(self.filled(chosen));
            }
        }
        self.env.push(("Path".to_owned(), entries.join(";")));
        self.env.push(("SystemRoot".to_owned(), r"C:\windows".to_owned()));
        // go: src/cmd/vendor/golang.org/x/telemetry/start.go Start: no child that uploads what was counted.
        self.env.push(("GO_TELEMETRY_CHILD".to_owned(), "2".to_owned()));
        for name in ["HTTPS_PROXY", "HTTP_PROXY"] {
            self.env.push((name.to_owned(), "http://127.0.0.1:9".to_owned()));
        }
    }

    fn folders(&mut self) {
        for (name, values) in pools::FOLDERS {
            let value = if self.chance.once_in(6) { self.chance.pick(values) } else { values[0] };
            if value != "-" {
                self.set(name, value);
            }
        }
    }

    fn goroot(&mut self) {
        if self.chance.once_in(5) {
            let value = self.chance.pick(&[
                "{sdk}",
                "{sdk}\\",
                "{other}",
                "{tree}",
                r"C:\nowhere",
                r"{t}\w\..",
                "{t}\\home ",
            ]);
            let value =
                if self.chance.once_in(3) { self.filled(value).replace('\\', "/") } else { value.to_owned() };
            self.set("GOROOT", &value);
        }
    }

    fn variables(&mut self) {
        let mut harsh = self.harsh;
        self.set("GOTOOLCHAIN", "local");
        for _ in 0..1 + self.chance.below(7) {
            let pool = self.pool();
            let value = values::pick(pool, harsh, &mut self.chance);
            harsh = harsh && !pool.harsh.contains(&value);
            self.set(pool.name, value);
        }
        if self.chance.once_in(4) {
            let (os, arch) = self.chance.pick(values::TARGETS);
            self.set("GOOS", if self.harsh || !os.is_empty() { os } else { "windows" });
            self.set("GOARCH", arch);
        }
    }

    /// One of Windows' own, else one of those of every machine.
    fn pool(&mut self) -> &'static Pool {
        loop {
            let own = self.chance.once_in(2);
            let from = if own { pools::POOLS } else { values::POOLS };
            let pool = &from[self.chance.below(from.len())];
            // What has values of its own here has none of Unix.
            let replaced = !own && pools::POOLS.iter().any(|p| p.name == pool.name);
            if !replaced {
                return pool;
            }
        }
    }

    fn project(&mut self) -> Done {
        for place in ["w", r"w\a", "tmp", r"home\go"] {
            if self.chance.once_in(3) {
                let known = if self.harsh { pools::MODULES.len() } else { pools::MODULES.len() - 1 };
                let text = pools::MODULES[self.chance.below(known)];
                self.write(&format!(r"{place}\go.mod"), text)?;
            }
        }
        if self.chance.once_in(4) {
            self.write(r"w\go.work", pools::WORK)?;
        }
        Ok(())
    }

    fn env_files(&mut self) -> Done {
        let place = match self.chance.below(6) {
            0 => {
                let chosen = self.chance.pick(&[
                    r"{t}\envfile",
                    "{s}/envfile",
                    "off",
                    r"..\envfile",
                    r"C:\nowhere\env",
                    "",
                ]);
                self.set("GOENV", chosen);
                "envfile"
            }
            _ => r"roam\go\env",
        };
        if self.chance.once_in(2) {
            let roots: Vec<String> =
                ["{sdk}", "{other}", r"C:\nowhere"].iter().map(|root| self.filled(root)).collect();
            let roots: Vec<&str> = roots.iter().map(String::as_str).collect();
            let mut text = env_file::text(&mut self.chance, self.harsh, &roots);
            for _ in 0..self.chance.below(3) {
                let pool = &pools::POOLS[self.chance.below(pools::POOLS.len())];
                text.push_str(&format!(
                    "{}={}\n",
                    pool.name,
                    values::pick(pool, self.harsh, &mut self.chance)
                ));
            }
            let text = self.filled(&text);
            let text = if self.chance.once_in(6) { text.replace('\n', "\r\n") } else { text };
            self.write(place, &text)?;
        }
        Ok(())
    }

    fn questions(&mut self) -> Vec<Vec<String>> {
        let mut all = vec!["env".to_owned(), "-json".to_owned()];
        all.extend(CHEAP.iter().map(|name| (*name).to_owned()));
        let full: &[&str] = self.chance.pick(&[&["env", "-json"][..], &["env"], &["env", "-changed"]]);
        let form = self.chance.pick(questions::FORMS);
        let form = questions::words(&mut self.chance, form).iter().map(|word| self.filled(word)).collect();
        vec![all, full.iter().map(|word| (*word).to_owned()).collect(), form]
    }

    /// Names as people spell them, and now and then twice.
    fn respell(&mut self) {
        for at in 0..self.env.len() {
            if self.chance.once_in(12) {
                self.env[at].0 = self.env[at].0.to_lowercase();
            }
        }
        if self.chance.once_in(5) {
            let (name, _) = self.env[self.chance.below(self.env.len())].clone();
            if name.starts_with("GO") && name != "GO_TELEMETRY_CHILD" {
                self.env.push((name.to_lowercase(), "off".to_owned()));
            }
        }
    }
}
