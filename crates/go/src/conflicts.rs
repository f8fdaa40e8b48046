//! What is wrong with the go of a space: a GOROOT of another version, a broken tree, a shim in front of an SDK …
//!
//! Each problem carries the origin that a user would have to change. Deliberately not here: fixes.

use crate::env_file;
use crate::file_path;
use crate::goroot::{Source, variable};
use crate::sdk;
use crate::variables::{self, Kind};
use crate::view::{EnvRead, Examined};
use model::{Folded, Name, Problem, Setting, Shadow};
use system::{FileKind, Os, System};

/// Every conflict, those of the go that runs first.
pub(crate) fn find(
    system: &dyn System,
    env: &Folded,
    cwd: Option<&str>,
    examined: &[Examined],
    read: &EnvRead,
    shadow: Option<&Shadow>,
    settings: &[Setting],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(shadow.map(shadowed));
    match examined.first() {
        Some(first) => {
            problems.extend(wrapper_broken(first));
            problems.extend(shim_first(examined));
            problems.extend(goroot_problems(system, cwd, first));
            problems.extend(gopath_is_goroot(system.os(), first, settings));
        }
        None => problems.extend(not_found(system, env)),
    }
    problems.extend(masked(env, read));
    problems.extend(read.file.problems.iter().cloned());
    if let Some(first) = examined.first() {
        problems.extend(env_file::check(&read.file, &first.rules));
    }
    problems
}

fn shadowed(shadow: &Shadow) -> Problem {
    let text = format!(
        "typed at the prompt, `go` is {} {} – the file on PATH is not what runs – `command go` reaches it",
        if shadow.kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" },
        shadow.kind
    );
    let problem = Problem::warning("go-shadowed", text);
    match &shadow.origin {
        Some(origin) => problem.at(origin.clone()),
        None => problem,
    }
}

fn shim_first(examined: &[Examined]) -> Option<Problem> {
    let (first, rest) = examined.split_first()?;
    let shim = first.candidate.shim.as_deref()?;
    let behind = rest.iter().find(|e| e.candidate.shim.is_none())?;
    let version = behind.candidate.version.as_deref().unwrap_or("of unknown version");
    let (what, who) = match shim {
        "script" => ("a script".to_owned(), "it"),
        manager => (format!("a shim of {manager}"), manager),
    };
    let text = format!(
        "`{}` is {what} and stands before go {version} (`{}`) – which go runs is decided by {who}",
        first.candidate.path, behind.candidate.path
    );
    Some(Problem::info("go-shim-first", text))
}

fn wrapper_broken(first: &Examined) -> Option<Problem> {
    let shim = first.shim.as_ref()?;
    let reason = shim.broken.as_deref()?;
    let text = format!("`{}` ({}) only runs {reason}", first.candidate.path, shim.name);
    Some(Problem::error("go-wrapper-broken", text))
}

fn not_found(system: &dyn System, env: &Folded) -> Option<Problem> {
    let (root, origin) = variable(env, "GOROOT")?;
    let advice = if sdk::has_go(system, &root) { " – add its bin folder to PATH" } else { "" };
    let text =
        format!("no go is on PATH though GOROOT is `{root}` – GOROOT does not help to find it{advice}");
    Some(Problem::warning("go-not-found", text).at(origin))
}

fn goroot_problems(system: &dyn System, cwd: Option<&str>, first: &Examined) -> Vec<Problem> {
    let at = |problem: Problem| problem.at(first.goroot.origin.clone());
    let Some(root) = first.goroot.value.as_deref() else {
        if first.goroot.source != Source::None {
            return Vec::new();
        }
        let text = format!(
            "`{}` is a go without its SDK around it – it refuses to run – put a symlink there in the place of a copy",
            first.candidate.path
        );
        return vec![at(Problem::error("go-goroot-unknown", text))];
    };
    let Some(folder) = file_path::absolute(system.os(), cwd, root) else { return Vec::new() };
    let how = match first.goroot.source {
        Source::Environment => "GOROOT",
        Source::EnvFile => "GOROOT of the go env file",
        Source::Baked => "the GOROOT built into it",
        Source::Inferred | Source::Wrapper | Source::None => "its GOROOT",
    };
    match system.metadata(&folder) {
        Ok(data) if data.kind == FileKind::Folder => {}
        Ok(_) => {
            let text = format!("{how} is `{root}`, which is a file – go refuses to run – {}", advice(first));
            return vec![at(Problem::error("go-goroot-not-folder", text))];
        }
        Err(error) => {
            let text = format!("{how} is `{root}`, which {error} – go refuses to run – {}", advice(first));
            return vec![at(Problem::error("go-goroot-missing", text))];
        }
    }
    let mut problems = tree_problems(system, first, how, root, &folder);
    problems.extend(other_version(system, first, how, root, &folder).map(at));
    problems
}

/// What to do about a GOROOT that is wrong.
fn advice(first: &Examined) -> &'static str {
    match first.goroot.source {
        Source::Environment => "unset it, go finds its own",
        // go: cmd/go/internal/envcmd/env.go refuses `-w` and `-u` of GOROOT since 1.27; before, `-u` itself needs a
        // GOROOT that exists.
        Source::EnvFile if first.rules.goroot_cannot_be_unset() => {
            "remove the line by hand, `go env -u` refuses it"
        }
        Source::EnvFile => "remove the line",
        _ => "install that SDK again, or run the go of another",
    }
}

fn tree_problems(system: &dyn System, first: &Examined, how: &str, root: &str, folder: &str) -> Vec<Problem> {
    let at = |problem: Problem| problem.at(first.goroot.origin.clone());
    let given = matches!(first.goroot.source, Source::Environment | Source::EnvFile);
    let mut missing = sdk::missing_parts(system, folder);
    if given && !sdk::has_go(system, folder) {
        missing.push(if system.os() == Os::Windows { "bin/go.exe" } else { "bin/go" }.to_owned());
    }
    let mut problems = Vec::new();
    if !missing.is_empty() {
        let code = if given { "go-goroot-incomplete" } else { "go-tree-incomplete" };
        let text = format!("{how} is `{root}`, in which {} is missing – {}", list(&missing), advice(first));
        let serious = missing.iter().any(|part| !part.starts_with("bin/"));
        problems.push(at(if serious { Problem::error(code, text) } else { Problem::warning(code, text) }));
        if given && missing.len() > 2 {
            return problems;
        }
    }
    let lacks = |name: &str| !system.exists(&file_path::join(system.os(), folder, name));
    if lacks("VERSION") && sdk::version(system, folder).is_none() {
        let text = format!("{how} is `{root}`, which has no VERSION – which SDK it is cannot be told");
        problems.push(at(Problem::warning("go-tree-without-version", text)));
    }
    if first.rules.go_env_defaults() && first.version_text.is_some() && lacks("go.env") {
        let text = format!(
            "{how} is `{root}`, which has no go.env – GOPROXY, GOSUMDB and GOTOOLCHAIN have no defaults then, so \
             nothing is downloaded"
        );
        problems.push(at(Problem::warning("go-defaults-missing", text)));
    }
    problems
}

/// The compiler refuses to work for a go of another version (go: cmd/compile/internal/base/flag.go `-goversion`).
fn other_version(
    system: &dyn System,
    first: &Examined,
    how: &str,
    root: &str,
    folder: &str,
) -> Option<Problem> {
    let binary = first.version_text.as_deref()?;
    let (tree, _) = sdk::version(system, folder)?;
    let plain = |text: &str| text.split(" X:").next().unwrap_or_default().trim().to_owned();
    let (binary, tree) = (plain(binary), plain(&tree));
    if binary == tree || binary.starts_with("devel ") || tree.starts_with("devel ") {
        return None;
    }
    let text = format!(
        "{how} is `{root}` of {tree}, but the go that runs is {binary} – builds fail: \"version does not match go \
         tool version\" – {}",
        advice(first)
    );
    Some(Problem::error("go-goroot-mismatch", text))
}

fn gopath_is_goroot(os: Os, first: &Examined, settings: &[Setting]) -> Option<Problem> {
    let root = first.goroot.value.as_deref()?;
    let gopath = settings.iter().find(|s| s.name == "GOPATH")?;
    let path = gopath.value.to_text();
    if file_path::clean(os, &path) != file_path::clean(os, root) {
        return None;
    }
    let text = format!(
        "GOPATH and GOROOT are both `{path}` – modules and programs are installed into the SDK – set GOPATH to \
         another folder or move the SDK"
    );
    Some(Problem::warning("go-gopath-is-goroot", text).at(gopath.origin.clone()))
}

/// Lines of the env file that a variable of the environment hides.
fn masked(env: &Folded, read: &EnvRead) -> Vec<Problem> {
    let mut problems = Vec::new();
    for line in read.file.effective() {
        let key = String::from_utf8_lossy(&line.key).into_owned();
        if !variables::find(&key).is_some_and(|v| matches!(v.kind, Kind::Configured | Kind::Raw)) {
            continue;
        }
        let Some((_, origin)) = variable(env, &key) else { continue };
        if env.get(&Name::from(key.as_str())).and_then(|h| h.state.value()) == Some(&line.value) {
            continue;
        }
        let text = format!(
            "`{key}` of the go env file ({}:{}) has no effect here – the environment sets another value – unset it \
             there, or remove the line",
            line.place.path, line.place.line
        );
        problems.push(Problem::info("go-env-file-masked", text).at(origin));
    }
    problems
}

fn list(parts: &[String]) -> String {
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
