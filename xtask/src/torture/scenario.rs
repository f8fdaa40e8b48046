//! Homes with files of all sorts, what is done to them, and the child that does it.
//!
//! Not here: killing it.

use crate::failure::{Doing as _, Done, Failure};
use apply::{Applied, FilePlan, Journal, Plan, Refusal, Which};
use std::path::Path;
use std::process::ExitCode;
use system::System as _;
use system::os::Real;
use text::edit::Edit;

/// First argument of the child; then the scenario, the act and the folder.
pub(super) const ACT: &str = "__torture-act";

/// Exit status of a child whose change was refused or failed.
pub(super) const REFUSED: u8 = 9;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Apply,
    Undo,
    Redo,
    Recover,
}

impl Act {
    pub(super) const CHANGES: [Act; 3] = [Act::Apply, Act::Undo, Act::Redo];

    pub(super) fn name(self) -> &'static str {
        match self {
            Act::Apply => "apply",
            Act::Undo => "undo",
            Act::Redo => "redo",
            Act::Recover => "recover",
        }
    }
}

/// Exit status of a child that could neither make its change nor take it back: the next run does either.
pub(super) const UNFINISHED: u8 = 10;

/// A home and a plan for it.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) name: &'static str,
    lay: fn(&Path) -> std::io::Result<()>,
    plan: fn(&Path) -> Done<Plan>,
}

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario { name: "one-file", lay: lay_one, plan: plan_one },
    Scenario { name: "many-files", lay: lay_many, plan: plan_many },
    Scenario { name: "new-files", lay: lay_none, plan: plan_new },
    Scenario { name: "links", lay: lay_links, plan: plan_links },
    Scenario { name: "hard-link", lay: lay_hard_link, plan: plan_hard_link },
    Scenario { name: "large", lay: lay_large, plan: plan_large },
];

impl Scenario {
    fn named(name: &str) -> Option<&'static Scenario> {
        SCENARIOS.iter().find(|s| s.name == name)
    }

    /// Makes the home as it is before an act.
    pub(super) fn lay(&self, home: &Path, act: Act) -> Done {
        if home.exists() {
            std::fs::remove_dir_all(home)?;
        }
        std::fs::create_dir_all(home)?;
        (self.lay)(home)?;
        let before: &[Act] = match act {
            Act::Apply | Act::Recover => &[],
            Act::Undo => &[Act::Apply],
            Act::Redo => &[Act::Apply, Act::Undo],
        };
        for act in before {
            self.act(home, *act)?.doing(format!("{} before", act.name()))?;
        }
        Ok(())
    }

    pub(super) fn act(&self, home: &Path, act: Act) -> Done<Result<Option<Applied>, Refusal>> {
        let disk = Real::for_tests();
        let journal = journal(&disk, home);
        Ok(match act {
            Act::Apply => apply::apply(&journal, &(self.plan)(home)?).map(Some),
            Act::Undo => apply::undo(&journal, Which::Latest).map(Some),
            Act::Redo => apply::undo(&journal, Which::LatestUndo).map(Some),
            Act::Recover => apply::recover(&journal).map(|_| None),
        })
    }
}

/// The folder of a home in which the journal's lies, made with the first change.
pub(super) const STATE: &str = "state";

pub(super) fn journal<'a>(disk: &'a Real, home: &Path) -> Journal<'a> {
    let folder = home.join(STATE).join("gowhence").to_string_lossy().into_owned();
    Journal { disk, folder, patience_ms: 60_000, waiting: &|| {} }
}

/// What the child does: `xtask __torture-act SCENARIO ACT HOME`.
pub(super) fn act_if_asked() -> Option<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, scenario, act, home] = arguments.as_slice() else { return None };
    if command != ACT {
        return None;
    }
    let all = [Act::Apply, Act::Undo, Act::Redo, Act::Recover];
    let act = all.into_iter().find(|a| a.name() == act)?;
    let scenario = Scenario::named(scenario)?;
    super::tracer::wait_for_tracer();
    Some(match scenario.act(Path::new(home), act) {
        Ok(Ok(_)) => ExitCode::SUCCESS,
        Ok(Err(refusal)) => {
            eprintln!("{refusal}");
            ExitCode::from(if matches!(refusal, Refusal::Unfinished { .. }) { UNFINISHED } else { REFUSED })
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    })
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn edit(path: &Path, edits: Vec<Edit>) -> Done<FilePlan> {
    let bytes = Real::for_tests().read(&text(path)).doing(path.display())?;
    FilePlan::edit(text(path), &bytes, edits).map_err(|problem| Failure::new(problem.to_string()))
}

fn append(path: &Path, line: &str) -> Done<FilePlan> {
    let bytes = Real::for_tests().read(&text(path)).doing(path.display())?;
    Ok(FilePlan::append(text(path), Some(&bytes), [line.as_bytes()]))
}

fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

fn lay_one(home: &Path) -> std::io::Result<()> {
    std::fs::write(home.join(".bashrc"), "export A=1\nexport B=2\n")
}

fn plan_one(home: &Path) -> Done<Plan> {
    Ok(Plan::new("a line").with(append(&home.join(".bashrc"), "export PATH=\"$PATH:$HOME/go/bin\"")?))
}

fn lay_many(home: &Path) -> std::io::Result<()> {
    for index in 0..5 {
        let path = home.join(format!(".rc{index}"));
        std::fs::write(&path, format!("export A={index}\r\nexport B=2"))?;
        set_mode(&path, 0o600 + index * 8)?;
    }
    Ok(())
}

fn plan_many(home: &Path) -> Done<Plan> {
    let mut plan = Plan::new("a change of all");
    for index in 0..5 {
        let edits = vec![Edit::insert(0, "# first\r\n"), Edit::replace(9..10, "changed, and longer")];
        plan = plan.with(edit(&home.join(format!(".rc{index}")), edits)?);
    }
    Ok(plan.with(FilePlan::create(text(&home.join(".new")), "x\n")))
}

fn lay_none(_home: &Path) -> std::io::Result<()> {
    Ok(())
}

fn plan_new(home: &Path) -> Done<Plan> {
    Ok(Plan::new("new files")
        .with(FilePlan::create(text(&home.join(".config/go/env")), "GOFLAGS=-mod=mod\n"))
        .with(FilePlan::create_private(text(&home.join(".config/other/deep/secret")), "s\n"))
        .with(FilePlan::create(text(&home.join(".zshenv")), "")))
}

fn lay_links(home: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::symlink;
    std::fs::create_dir_all(home.join("dot/fish"))?;
    std::fs::write(home.join("dot/fish/config.fish"), "set -gx A 1\n")?;
    std::fs::write(home.join("dot/zshrc"), "export A=1\n")?;
    symlink("dot", home.join(".config"))?;
    symlink("dot/zshrc", home.join(".zshrc-link"))?;
    symlink(".zshrc-link", home.join(".zshrc"))?;
    symlink("dot/missing", home.join(".profile"))
}

fn plan_links(home: &Path) -> Done<Plan> {
    Ok(Plan::new("behind links")
        .with(append(&home.join(".config/fish/config.fish"), "set -gx B 2")?)
        .with(append(&home.join(".zshrc"), "export B=2")?)
        .with(FilePlan::create(text(&home.join(".profile")), "export B=2\n")))
}

fn lay_hard_link(home: &Path) -> std::io::Result<()> {
    std::fs::write(home.join(".bashrc"), "export A=1\nexport B=2\n")?;
    std::fs::write(home.join(".env"), "A=1\nB=2\n")?;
    std::fs::hard_link(home.join(".env"), home.join("env-too"))
}

fn plan_hard_link(home: &Path) -> Done<Plan> {
    Ok(Plan::new("one in place").with(append(&home.join(".bashrc"), "export C=3")?).with(edit(
        &home.join(".env"),
        vec![Edit::replace(2..3, "a much longer value"), Edit::delete(4..8)],
    )?))
}

fn lay_large(home: &Path) -> std::io::Result<()> {
    let lines: String = (0..4_000).map(|n| format!("# line {n} of a long file\n")).collect();
    std::fs::write(home.join("large"), lines)?;
    std::fs::write(home.join(".bashrc"), "A=1\n")
}

fn plan_large(home: &Path) -> Done<Plan> {
    Ok(Plan::new("a large file")
        .with(edit(&home.join("large"), vec![Edit::replace(2..6, "LINE"), Edit::delete(1000..2000)])?)
        .with(append(&home.join(".bashrc"), "B=2")?))
}
