//! `cargo xtask conformance go --scripts`: the script tests that an SDK carries (`src/cmd/go/testdata/script`), as far as
//! they ask for the environment and versions.
//!
//! Every script with a line `go env …` or `go version` is played twice: once with the real go alone, which tells what
//! can be played here at all (there is no module server, and hooks of go's own test program are not in a released go), and
//! once with our answers in the place of those lines. The expectations written in the script are the judge.

pub(super) mod archive;
mod hooks;
mod stage;

use super::machine::Machine;
use super::ours;
use super::proxy;
use super::sdks::Sdk;
use crate::failure::{Doing as _, Done, Failure};
use archive::{Archive, Line, Wanted};
use stage::{End, Stage};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use system::os::Real;

/// Plays the scripts of each SDK that carries them.
pub(crate) fn run(sdks: &[Sdk], top: &Path, only: Option<&str>) -> Done {
    let mut failed = 0;
    for sdk in sdks {
        failed += of_one(sdk, top, only)?;
    }
    if failed == 0 {
        Ok(())
    } else {
        Err(Failure::new(format!("{failed} scripts came out otherwise than they say")))
    }
}

fn of_one(sdk: &Sdk, top: &Path, only: Option<&str>) -> Done<usize> {
    let folder = sdk.root.join("src/cmd/go/testdata/script");
    let mut files: Vec<_> =
        fs::read_dir(&folder).doing(folder.display())?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let mut total = Counts::default();
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let proxy = top.join("proxy");
    proxy::of_scripts(&sdk.root, &proxy)?;
    for file in files {
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let archive = archive::parse(&fs::read_to_string(&file).unwrap_or_default());
        if only.is_some_and(|only| only != name) || !archive.script.iter().any(|line| is_ours(line)) {
            continue;
        }
        total.scripts += 1;
        let real = play(sdk, top, &archive, false)?;
        let own = play(sdk, top, &archive, true)?;
        total.add(&own);
        match (&real.end, &own.end) {
            (None, None) => total.whole += 1,
            (Some((n, End::Failed(text) | End::Unplayable(text))), _) if own.reached() >= *n => {
                reasons.entry(text.clone()).or_default().push(format!("{name}:{n}"));
            }
            (_, Some((n, End::Unplayable(text)))) => {
                reasons.entry(text.clone()).or_default().push(format!("{name}:{n}"));
            }
            (_, Some((n, End::Failed(text)))) => {
                total.failed += 1;
                println!("{name}:{n}: {}\n  {text}", archive.script.get(n - 1).map_or("", String::as_str));
            }
            (_, Some((_, End::Stopped))) | (_, None) => total.whole += 1,
        }
    }
    println!(
        "\n{}: {} scripts ask for env or version; {} played to their end, {} up to a line that cannot be played, {} came out \
         otherwise\n{} `go env` and `go version` answered by us, {} expectations about answers met",
        sdk.label,
        total.scripts,
        total.whole,
        total.scripts - total.whole - total.failed,
        total.failed,
        total.answered,
        total.met,
    );
    for (reason, places) in reasons {
        println!("  {}: {}", places.join(" "), reason.lines().next().unwrap_or_default());
    }
    Ok(total.failed)
}

#[derive(Default)]
struct Counts {
    scripts: usize,
    whole: usize,
    failed: usize,
    answered: usize,
    met: usize,
}

impl Counts {
    fn add(&mut self, played: &Played) {
        self.answered += played.answered;
        self.met += played.met;
    }
}

/// How far a script came.
#[derive(Default)]
struct Played {
    /// Line number, and why it ended there; none: at its last line.
    end: Option<(usize, End)>,
    answered: usize,
    /// Expectations met by an answer of ours.
    met: usize,
}

impl Played {
    fn reached(&self) -> usize {
        self.end.as_ref().map_or(usize::MAX, |(n, _)| *n)
    }
}

/// Whether a line of a script asks what we answer.
fn is_ours(text: &str) -> bool {
    archive::line(text).ok().flatten().is_some_and(|line| {
        let words: Vec<String> =
            line.words.iter().map(|word| word.iter().map(|piece| piece.text.as_str()).collect()).collect();
        line.command == "go" && question(&words).is_some()
    })
}

/// What we are asked in the place of `go WORDS`.
enum Question {
    Env,
    Version,
}

fn question(words: &[String]) -> Option<Question> {
    let mut rest = words;
    if let [flag, _, behind @ ..] = rest
        && flag == "-C"
    {
        rest = behind;
    }
    let writes = || rest.iter().any(|word| matches!(word.trim_start_matches('-'), "w" | "u" | "x" | "n"));
    match rest {
        [command, ..] if command == "env" && !writes() => Some(Question::Env),
        [command] if command == "version" => Some(Question::Version),
        _ => None,
    }
}

fn play(sdk: &Sdk, top: &Path, archive: &Archive, by_us: bool) -> Done<Played> {
    let work = top.join("work");
    fs::create_dir_all(&work)?;
    let mut stage = Stage::set_up(&work, sdk, top, archive).doing("setting the script up")?;
    let mut played = Played::default();
    let (mut ours, mut unknown) = (false, false);
    for (n, text) in archive.script.iter().enumerate() {
        let line = match archive::line(text) {
            Ok(None) => continue,
            Ok(Some(line)) => line,
            Err(error) => {
                played.end = Some((n + 1, End::Unplayable(error)));
                break;
            }
        };
        if line.command == "go" {
            unknown = false;
        }
        match step(&mut stage, &line, by_us, &mut ours, unknown) {
            Ok(Step::Passed) => {}
            Ok(Step::Unknown) => unknown = true,
            Ok(Step::Answered) => played.answered += 1,
            Ok(Step::Met) => played.met += 1,
            Err(end) => {
                played.end = Some((n + 1, end));
                break;
            }
        }
    }
    // Module caches are written without leave to write.
    stage.set("PATH", "/usr/bin:/bin");
    let _ = stage.exec("chmod", &["-R", "u+w", &work.to_string_lossy()]);
    fs::remove_dir_all(&work).doing(work.display())?;
    Ok(played)
}

enum Step {
    Passed,
    /// What the real go would answer is not known, nor whether an expectation about it is met.
    Unknown,
    /// By us.
    Answered,
    /// An expectation about an answer of ours.
    Met,
}

/// `ours`: whether what lies in stdout and stderr was answered by us.
fn step(stage: &mut Stage, line: &Line, by_us: bool, ours: &mut bool, unknown: bool) -> Result<Step, End> {
    for (wanted, condition) in &line.conditions {
        match stage.holds(condition) {
            Some(holds) if holds == *wanted => {}
            Some(_) => return Ok(Step::Passed),
            None => return Err(End::Unplayable(format!("condition [{condition}] is not known here"))),
        }
    }
    let words = stage.words(line);
    let mut step = Step::Passed;
    let succeeded = if line.command == "go" {
        if words.last().is_some_and(|word| word == "&") {
            return Err(End::Unplayable("in the background".to_owned()));
        }
        if !by_us && hooks::used(stage) && question(&words).is_some() {
            // Only go's own test program knows the hook: what comes of it is not known without us.
            return Ok(Step::Unknown);
        }
        match question(&words) {
            Some(question) if by_us => {
                (*ours, step) = (true, Step::Answered);
                answer(stage, &words, &question)?
            }
            _ => {
                *ours = false;
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                hooks::exec(stage, &words)?
            }
        }
    } else {
        if unknown && matches!(line.command.as_str(), "stdout" | "stderr" | "cmp" | "cmpenv") {
            return Ok(Step::Unknown);
        }
        if *ours && matches!(line.command.as_str(), "stdout" | "stderr" | "cmp" | "cmpenv") {
            step = Step::Met;
        }
        stage.play(&line.command, &words, line.wanted)?
    };
    let wanted = match line.wanted {
        Wanted::Success => succeeded,
        Wanted::Failure => !succeeded,
        Wanted::Either => true,
    };
    if wanted {
        return Ok(step);
    }
    if let Some(version) = hooks::of_other_rules(stage).filter(|_| by_us) {
        return Err(End::Unplayable(format!(
            "the program passes for {version}, whose rules differ from its own"
        )));
    }
    if stage.get("GODEBUG").contains("toolchaintrace=1") && by_us && line.command == "stderr" {
        return Err(End::Unplayable("what GODEBUG=toolchaintrace=1 traces is not told".to_owned()));
    }
    Err(End::Failed(format!(
        "{} {}: {} with stdout {:?}, stderr {:?}",
        line.command,
        words.join(" "),
        if succeeded { "succeeds" } else { "fails" },
        stage.stdout,
        stage.stderr
    )))
}

/// Our answer in the place of go's.
fn answer(stage: &mut Stage, words: &[String], question: &Question) -> Result<bool, End> {
    let words = match question {
        Question::Env => words.to_vec(),
        Question::Version => {
            let at = words.iter().position(|word| word == "version").unwrap_or_default();
            [&words[..at], &["env".to_owned(), "GOVERSION".to_owned()]].concat()
        }
    };
    let told = if hooks::used(stage) {
        hooks::tell(stage, &words)?
    } else {
        tell(stage, stage.env.clone(), &words)?
    };
    if let Some(reason) = told.unknown {
        return Err(End::Unplayable(format!("not told: {reason}")));
    }
    let stdout = String::from_utf8_lossy(&told.stdout).into_owned();
    stage.stdout = match question {
        Question::Env => stdout,
        Question::Version if told.status == 0 => format!("go version {} linux/amd64\n", stdout.trim_end()),
        Question::Version => String::new(),
    };
    stage.stderr = told.stderr;
    Ok(told.status == 0)
}

/// Scripts run their go by its path; ours is found, so its folder comes first.
fn tell(stage: &Stage, mut env: Vec<(String, String)>, words: &[String]) -> Result<ours::Told, End> {
    let bin = stage.sdk.root.join("bin");
    if let Some((_, path)) = env.iter_mut().find(|(name, _)| name == "PATH")
        && !hooks::used(stage)
    {
        *path = format!("{}:{path}", bin.display());
    }
    let machine = Machine::elsewhere(&stage.sdk, env, &stage.cwd)
        .map_err(|error| End::Unplayable(error.to_string()))?;
    Ok(ours::tell(&Real::for_tests(), &machine, words))
}
