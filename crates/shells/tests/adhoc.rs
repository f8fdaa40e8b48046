#![cfg(unix)]
#![allow(clippy::all, unused)]
mod homes;
use homes::Home;
use shells::{Mode, ShellKind, dialect};
use system::System;
#[test]
fn speed() {
    let sys = system::os::Real::for_tests();
    let mut text = String::new();
    for i in 0..20000 {
        if i % 100 == 0 {
            text.push_str(&format!("set -gx GOFLAGS v{i}\n"));
        } else if i % 3 == 0 {
            text.push_str(&format!("set -l x{} abc\n", i % 50));
        } else {
            text.push_str("test a = b\n");
        }
    }
    let framework = "function ls --wraps ls; command ls $argv; end\nset -gx EDITOR vim\nfish_add_path -g $HOME/bin $HOME/b2\nif status is-interactive\n  abbr -a gs git status\n bind \\cx true\nend\nfor i in (seq 200)\n set -g var_$i (string repeat -n 3 x)\nend\nset -gx GOPATH $HOME/go\n".repeat(5);
    for (name, config, modes) in [
        ("20000", text.as_str(), vec![Mode::COMMAND]),
        ("framework", framework.as_str(), vec![Mode::COMMAND, Mode::INTERACTIVE, Mode::prompt(false)]),
        ("empty", "", vec![Mode::COMMAND, Mode::prompt(false)]),
    ] {
        let home = Home::new("/usr/bin/fish", &[(".config/fish/config.fish", config), ("bin/x", "")]);
        for mode in modes {
            let request = home.request(mode);
            let rules = dialect(ShellKind::Fish);
            let mut plain_ms = vec![];
            let mut trace_ms = vec![];
            for _ in 0..5 {
                let t = std::time::Instant::now();
                let plain = sys.run(&rules.plain(&request));
                plain_ms.push(t.elapsed().as_millis());
                assert!(plain.environment.is_some());
                let t = std::time::Instant::now();
                let tr = rules.trace(&sys, &request, &plain);
                trace_ms.push(t.elapsed().as_millis());
                if plain_ms.len() == 1 {
                    println!("changes {} end {:?}", tr.changes.len(), tr.end);
                }
            }
            plain_ms.sort();
            trace_ms.sort();
            println!("{name} {mode:?} plain {} traced {}", plain_ms[2], trace_ms[2]);
        }
    }
}

struct Rng(u64);
impl Rng {
    fn n(&mut self, k: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % k
    }
}

struct Gen {
    rng: Rng,
    next: u32,
    files: Vec<(String, String)>,
    home: String,
}
impl Gen {
    fn lit(&mut self) -> String {
        self.next += 1;
        format!("v{}z", self.next)
    }
    fn name(&mut self) -> String {
        ["GOFLAGS", "GOBIN", "GOPATH", "CC", "FOO", "BAR"][self.rng.n(6) as usize].to_string()
    }
    fn stmt(&mut self, depth: u32, ind: &str, out: &mut String) {
        let n = self.name();
        let l = self.lit();
        match self.rng.n(if depth > 3 { 8 } else { 20 }) {
            0 | 1 => out.push_str(&format!("{ind}set -gx {n} {l}\n")),
            2 => out.push_str(&format!("{ind}setter {n} {l}\n")),
            3 => out.push_str(&format!("{ind}eval 'set -gx {n} {l}'\n")),
            4 => out.push_str(&format!("{ind}echo {l} | read -gx {n}\n")),
            5 => out.push_str(&format!("{ind}set -gx {n} \\\n{ind}    {l}\n")),
            6 => out.push_str(&format!("{ind}set -e {n}\n{ind}set -x {n} \"{l} $USER\" # set {n} not\n")),
            7 => out.push_str(&format!("{ind}true; and set -gx {n} {l}; or set -gx {n} no\n")),
            8 => { let m = self.lit(); out.push_str(&format!("{ind}eval '# gen\nset -gx {n} {l}\n' \"set -gx FOO {m}\"\n")); }
            9 => out.push_str(&format!("{ind}printf 'set -gx %s %s\\n' {n} {l} | source\n")),
            10 => { out.push_str(&format!("{ind}if test 1 = 1\n")); self.stmt(depth+1, &format!("{ind}    "), out); out.push_str(&format!("{ind}else\n")); self.stmt(depth+1, &format!("{ind}    "), out); out.push_str(&format!("{ind}end\n")); }
            11 => { let m = self.lit(); out.push_str(&format!("{ind}for i in {l} {m}\n{ind}    set -gx {n} $i\n{ind}end\n")); }
            12 => { out.push_str(&format!("{ind}begin\n")); for _ in 0..2 { self.stmt(depth+1, &format!("{ind}    "), out);} out.push_str(&format!("{ind}end\n")); }
            13 => { let k = self.files.len(); let mut t = String::from("# file\n"); self.files.push((String::new(), String::new())); for _ in 0..3 { self.stmt(depth+1, "", &mut t); } self.files[k] = (format!("f{k}.fish"), t); out.push_str(&format!("{ind}source {}/f{k}.fish\n", self.home)); }
            14 => { let m = self.name(); let ml = self.lit(); out.push_str(&format!("{ind}set -gx {n} (set -gx {m} {ml}; echo {l})\n")); }
            15 => { let f = format!("fun{}", self.next); out.push_str(&format!("{ind}function {f}\n")); for _ in 0..2 { self.stmt(depth+1, &format!("{ind}    "), out);} out.push_str(&format!("{ind}end\n{ind}{f}\n")); }
            16 => out.push_str(&format!("{ind}switch x\n{ind}    case y\n{ind}        set -gx {n} no\n{ind}    case x\n{ind}        set -gx {n} {l}\n{ind}end\n")),
            17 => out.push_str(&format!("{ind}set -gx {n} no{l}; outer {n} {l}\n")),
            18 => out.push_str(&format!("{ind}fish_add_path -gP {}/{l}\n", self.home)),
            _ => out.push_str(&format!("{ind}set -l {n} no; set -gx {n} {l}; while test $status -eq 3; end\n")),
        }
    }
}

#[test]
fn fuzz() {
    let seeds: u64 = std::env::var("SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(20);
    let first: u64 = std::env::var("FIRST").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let (mut total, mut good) = (0, 0);
    for seed in first..first + seeds {
        let home = Home::new("/usr/bin/fish", &[]);
        let path = home.path("");
        let path = path.trim_end_matches('/').to_string();
        let mut g = Gen { rng: Rng(seed), next: 0, files: vec![], home: path.clone() };
        let mut t = String::from(
            "function setter\n    set -gx $argv[1] $argv[2]\nend\nfunction outer\n    setter $argv\nend\n",
        );
        for _ in 0..12 {
            g.stmt(0, "", &mut t);
        }
        for i in 0..g.next + 2 {
            home.write(&format!("v{i}z/x"), b"");
        }
        home.write(".config/fish/config.fish", t.as_bytes());
        for (n, f) in &g.files {
            home.write(n, f.as_bytes());
        }
        let found = home.capture(Mode::COMMAND);
        for name in ["GOFLAGS", "GOBIN", "GOPATH", "CC", "FOO", "BAR", "PATH"] {
            for e in found.effects(name) {
                let model::After::Set(v) = &e.after else { continue };
                let v = v.to_text().into_owned();
                let first = v.split(':').next().unwrap();
                let tok = first.rsplit('/').next().unwrap().split(' ').next().unwrap().to_string();
                if !tok.starts_with('v') && !tok.starts_with("no") {
                    continue;
                }
                total += 1;
                let line = |p: &model::Place| {
                    let text = std::fs::read_to_string(&p.path).unwrap_or_default();
                    let l: Vec<&str> = text.lines().collect();
                    let a = p.line as usize;
                    if a == 0 {
                        return String::new();
                    }
                    l[a - 1..(a + 4).min(l.len())].join("\n")
                };
                let one = |p: &model::Place| {
                    let text = std::fs::read_to_string(&p.path).unwrap_or_default();
                    text.lines().nth((p.line as usize).wrapping_sub(1)).unwrap_or("").to_string()
                };
                let mut ok = false;
                if let Some(p) = e.origin.place() {
                    let o = one(p);
                    let l = line(p);
                    ok |= o.contains(&tok)
                        || (o.contains("$i") && l.len() > 0)
                        || (o.ends_with('\\') && l.contains(&tok))
                        || (o.contains("eval") && l.contains(&tok))
                        || tok == "no";
                    if let Some(via) = &e.via {
                        let l = one(&via.place);
                        ok |= l.contains(&tok) || o.contains("$argv") && l.contains("$argv");
                        if o.contains("$argv[2]") && !l.contains("$argv") {
                            ok = l.contains(&tok);
                        }
                    }
                }
                if ok {
                    good += 1
                } else {
                    println!(
                        "seed {seed} {name}={v:?} origin {:?} via {:?} {:?} {:?}",
                        e.origin.place().map(|p| (found.place(p), one(p))),
                        e.via.as_ref().map(|v| (v.how.clone(), found.place(&v.place), one(&v.place))),
                        e.confidence,
                        e.reason
                    );
                }
            }
        }
    }
    println!("good {good} of {total}");
}
#[test]
fn show() {
    let seed: u64 = std::env::var("SEED").unwrap().parse().unwrap();
    let home = Home::new("/usr/bin/fish", &[]);
    let path = home.path("");
    let path = path.trim_end_matches('/').to_string();
    let mut g = Gen { rng: Rng(seed), next: 0, files: vec![], home: path.clone() };
    let mut t = String::from(
        "function setter\n    set -gx $argv[1] $argv[2]\nend\nfunction outer\n    setter $argv\nend\n",
    );
    for _ in 0..12 {
        g.stmt(0, "", &mut t);
    }
    println!("== config\n{t}");
    for (n, f) in &g.files {
        println!("== {n}\n{f}");
    }
}
