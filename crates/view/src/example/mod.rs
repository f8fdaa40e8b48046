//! A machine for the tests of this crate: a shop's project, a user of zsh, an editor started from the desktop.

mod golden;

pub(crate) use golden::assert_golden;

use model::{
    Atlas, Baseline, Confidence, Effect, Evidence, GoView, Layer, Name, Origin, Place, Problem, Space,
    SpaceId, Value, Via,
};

pub(crate) fn id(text: &str) -> SpaceId {
    text.parse().expect("well formed")
}

pub(crate) fn set(name: &str, value: &str, path: &str, line: u32) -> Effect {
    Effect::set(Name::from(name), Value::from(value), Origin::line(path, line), Confidence::Exact)
}

fn go(path: &str, version: &str, goroot: &str) -> Option<GoView> {
    Some(GoView {
        path: Some(path.to_owned()),
        version: Some(version.to_owned()),
        goroot: Some(goroot.to_owned()),
        ..GoView::default()
    })
}

fn space(name: &str, parent: &str, layers: Vec<Layer>) -> Space {
    let mut space = Space::new(id(name), name, Some(id(parent)), Evidence::Observed);
    space.layers = layers;
    space
}

const BASE: &str = "/usr/local/bin:/usr/bin:/bin";

pub(crate) fn shop() -> Atlas {
    let mut login = Space::new(id("login"), "login", None, Evidence::Derived);
    login.layers = vec![
        Layer::applied(
            "pam-env",
            "pam_env",
            vec![
                set("PATH", BASE, "/etc/environment", 1),
                set("GOPROXY", "https://ann:hunter2@goproxy.corp,direct", "/etc/environment", 3),
            ],
        )
        .from_source(Origin::file("/etc/environment")),
        Layer::skipped("login-defs", "login.defs", "ENV_PATH is not used where PAM sets PATH"),
    ];
    let zshrc = |line: u32| {
        vec![
            set("PATH", &format!("/home/ann/go/bin:/usr/local/go/bin:{BASE}"), "/home/ann/.zshrc", line)
                .through(Via {
                    how: "function add_path".to_owned(),
                    place: Place::line("/home/ann/.zshrc", 30),
                    generated_line: None,
                }),
            set("GOFLAGS", "-mod=mod", "/home/ann/.zshrc", 44),
        ]
    };
    let new = || go("/usr/local/go/bin/go", "1.26.3", "/usr/local/go");
    let old = || go("/usr/bin/go", "1.24.1", "/usr/lib/go-1.24");
    let mut interactive =
        space("zsh:interactive", "login", vec![Layer::applied("zshrc", ".zshrc", zshrc(41))]);
    let mut prompt = space("zsh:prompt", "login", vec![Layer::applied("zshrc", ".zshrc", zshrc(41))]);
    let mut command =
        space("zsh:command", "login", vec![Layer::skipped("zshrc", ".zshrc", "zsh -c is not interactive")]);
    (interactive.own, prompt.own, command.own) = (true, true, true);
    (interactive.go, prompt.go, command.go) = (new(), new(), old());
    let mut bash = space(
        "bash:interactive",
        "login",
        vec![Layer::applied(
            "bashrc",
            ".bashrc",
            vec![
                set(
                    "PATH",
                    &format!("/home/ann/.cargo/bin:/home/ann/go/bin:/usr/local/go/bin:{BASE}"),
                    "/home/ann/.bashrc",
                    7,
                ),
                set("GOFLAGS", "-mod=mod", "/home/ann/.bashrc", 9),
            ],
        )],
    );
    bash.go = new();
    let mut gopls = space(
        "vscode:gopls",
        "login",
        vec![Layer::skipped("shell-env", "shell environment probe", "started from a terminal")],
    );
    gopls.go = old();
    let mut cron = space(
        "cron",
        "login",
        vec![Layer::applied(
            "cron",
            "cron's own",
            vec![Effect::set(
                Name::from("PATH"),
                Value::from("/opt/bin"),
                Origin::rule("cron's default PATH", "cron: pathnames.h"),
                Confidence::Baseline,
            )],
        )],
    );
    cron.go = Some(GoView::default());
    let mut live = space(
        "pid:4711",
        "zsh:interactive",
        vec![Layer::applied(
            "observed",
            "given to it",
            vec![set("GOROOT", "/usr/local/go-1.22", "/home/ann/.profile", 7)],
        )],
    );
    live.title = "pid 4711 gopls".to_owned();
    live.go = new();
    if let Some(go) = &mut live.go {
        go.conflicts = vec![
            Problem::warning("go-goroot-mismatch", "GOROOT is of go 1.22, the go that runs is 1.26.3")
                .at(Origin::line("/home/ann/.profile", 7)),
        ];
    }
    live.problems =
        vec![Problem::warning("process-stale", "started 09:12, before ~/.zshrc changed at 10:40")];
    let fish = Space::new(
        id("fish:login"),
        "fish",
        Some(id("login")),
        Evidence::NotChecked { reason: "--no-run was given".to_owned() },
    );
    login.go = old();
    Atlas {
        machine: "linux/amd64".to_owned(),
        project: Some("/home/ann/shop".to_owned()),
        project_asks: Some("go.mod asks go 1.26.0, toolchain go1.26.3".to_owned()),
        wishes: Vec::new(),
        baseline: Baseline {
            space: id("login"),
            evidence: Evidence::Derived,
            reason: "/etc/environment and pam_env.conf".to_owned(),
        },
        spaces: vec![login, interactive, prompt, command, bash, gopls, cron, live, fish],
    }
}
