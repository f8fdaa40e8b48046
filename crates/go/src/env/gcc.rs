//! GOGCCFLAGS: what go would pass to the C compiler, part of which it finds out by running that compiler (go:
//! src/cmd/go/internal/work/exec.go `compilerCmd`, `gccSupportsFlag`, `gccArchArgs`, read in every minor).
//!
//! Deliberately not here: the build cache, in which go since 1.20 keeps the compiler's answers.

use super::go::Go;
use super::{architecture, costly, values, words};
use crate::text;
use model::{Name, Value};
use system::RunSpec;

/// The compiler is asked about a flag: whether it takes it.
type Supports<'s> = &'s mut dyn FnMut(&str) -> bool;

/// The command line before any file, `-I .` in it.
fn command(go: &Go<'_>, compiler: &[String], work_folder: &str, supports: Supports<'_>) -> Vec<String> {
    let include = || ["-I".to_owned(), ".".to_owned()];
    let (first, rest) = compiler.split_at(compiler.len().min(1));
    let mut out: Vec<String> = if go.since(18) {
        compiler.iter().cloned().chain(include()).collect()
    } else {
        first.iter().cloned().chain(include()).chain(rest.iter().cloned()).collect()
    };
    let goos = go.goos();
    let mut push = |flag: &str| out.push(flag.to_owned());
    if goos != "windows" {
        push("-fPIC");
    }
    for flag in of_architecture(go, &goos) {
        push(flag);
    }
    if values::cgo_enabled(go).found.text == "1" {
        push(if goos == "windows" && !go.since(27) { "-mthreads" } else { "-pthread" });
    }
    if goos == "aix" && go.since(13) {
        push("-mcmodel=large");
    }
    let linker = go.since(19).then_some("-Wl,--no-gc-sections");
    for flag in ["-fno-caret-diagnostics", "-Qunused-arguments"].into_iter().chain(linker) {
        if supports(flag) {
            push(flag);
        }
    }
    push("-fmessage-length=0");
    if supports("-fdebug-prefix-map=a=b") {
        let file = go.since(21) && supports("-ffile-prefix-map=a=b");
        let flag = if file { "-ffile-prefix-map" } else { "-fdebug-prefix-map" };
        push(&format!("{flag}={work_folder}=/tmp/go-build"));
    }
    if supports("-gno-record-gcc-switches") {
        push("-gno-record-gcc-switches");
    }
    if goos == "darwin" || (goos == "ios" && go.since(16)) {
        push("-fno-common");
    }
    out
}

fn of_architecture(go: &Go<'_>, goos: &str) -> Vec<&'static str> {
    let darwin = goos == "darwin" && go.since(16);
    let float = || architecture::row(go).map(|(_, row)| row.found.text).filter(|_| go.since(17));
    match go.goarch().as_str() {
        "386" => vec!["-m32"],
        "amd64" if darwin => vec!["-arch", "x86_64", "-m64"],
        "amd64" => vec!["-m64"],
        "amd64p32" if !go.since(14) => vec!["-m64"],
        "arm64" if darwin => vec!["-arch", "arm64"],
        "arm" => vec!["-marm"],
        "s390x" => vec!["-m64", if go.since(25) { "-march=z13" } else { "-march=z196" }],
        "mips64" | "mips64le" => match float().as_deref() {
            Some("hardfloat") => vec!["-mabi=64", "-mhard-float"],
            Some("softfloat") => vec!["-mabi=64", "-msoft-float"],
            _ => vec!["-mabi=64"],
        },
        "mips" | "mipsle" => match float().as_deref() {
            Some("hardfloat") => {
                vec!["-mabi=32", "-march=mips32", "-mhard-float", "-mfp32", "-mno-odd-spreg"]
            }
            Some("softfloat") => vec!["-mabi=32", "-march=mips32", "-msoft-float"],
            _ => vec!["-mabi=32", "-march=mips32"],
        },
        "loong64" if go.since(27) => vec!["-mabi=lp64d", "-mno-relax"],
        "loong64" if go.since(19) => vec!["-mabi=lp64d"],
        "ppc64" if goos == "aix" && go.since(12) => vec!["-maix64"],
        _ => Vec::new(),
    }
}

/// How the compiler is asked about a flag.
fn question(go: &Go<'_>, compiler: &[String], flag: &str) -> Vec<String> {
    let mut out: Vec<String> = compiler.to_vec();
    out.push(flag.to_owned());
    let of_linker = flag.starts_with("-Wl,");
    if go.since(20) {
        let kind = if of_linker { "LDFLAGS" } else { "CFLAGS" };
        out.extend(costly::flag_words(go, kind).unwrap_or_default());
    }
    if !of_linker || !go.since(19) {
        out.push("-c".to_owned());
    }
    out.extend(["-x", "c", "-", "-o", "/dev/null"].map(str::to_owned));
    out
}

/// What `-n` tells of the questions, which are not asked then and all answered with no.
pub(super) fn dry_run(go: &Go<'_>, compiler: &[String]) -> String {
    let mut out = String::from("cd $WORK\n");
    let mut supports = |flag: &str| {
        out.push_str(&unambiguous(&question(go, compiler, flag)));
        out.push_str(" || true\n");
        false
    };
    command(go, compiler, "$WORK", &mut supports);
    out
}

/// go: exec.go `joinUnambiguously`.
fn unambiguous(words: &[String]) -> String {
    let one = |word: &String| {
        let quoted = text::quote(word);
        let plain = text::encode(word).len() + 2;
        if word.is_empty() || word.contains([' ', '(', ')', '>', ';']) || quoted.len() > plain {
            quoted
        } else {
            word.clone()
        }
    };
    words.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// The value, with the compiler asked.
pub(super) fn probed(go: &Go<'_>, compiler: &[String]) -> String {
    // go's own folder has digits by chance at its end.
    let folder = go.get("GOTMPDIR").map_or_else(|| go.temp_dir(), |found| found.text);
    let work_folder = go.join(&folder, "go-build0");
    let mut supports = |flag: &str| ask(go, &question(go, compiler, flag));
    let command = command(go, compiler, &work_folder, &mut supports);
    let rest = command.get(3..).unwrap_or_default();
    if go.since(19) { words::join(rest) } else { rest.join(" ") }
}

/// What a compiler says of flags that it does not know, in the words of several (go: exec.go `gccSupportsFlag`).
const REFUSALS: &[&[u8]] = &[b"unrecognized", b"unknown", b"unrecognised", b"is not supported"];
const REFUSALS_SINCE_19: &[&[u8]] = &[b"not recognized", b"unsupported"];

/// Runs the compiler on nothing. One that cannot be started has nothing against the flag.
fn ask(go: &Go<'_>, question: &[String]) -> bool {
    let Some((program, args)) = question.split_first() else { return true };
    let Ok(path) = super::look_path::look_path(go, program) else { return true };
    let mut env: Vec<(Name, Value)> =
        go.env.environment().map(|(name, value)| (name.clone(), value.clone())).collect();
    env.retain(|(name, _)| !name.is("LC_ALL"));
    env.push((Name::from("LC_ALL"), Value::from("C")));
    let outcome = go.system.run(&RunSpec {
        program: go.seen(&path),
        arg0: Some(program.clone()),
        args: args.iter().map(|arg| text::value(arg)).collect(),
        env,
        cwd: go.seen(&go.temp_dir()),
        keep: 64 << 10,
        keep_stdout: true,
        ..RunSpec::default()
    });
    let says = |needle: &&[u8]| {
        let holds = |hay: &[u8]| memchr::memmem::find(hay, needle).is_some();
        holds(&outcome.stdout) || holds(&outcome.stderr)
    };
    let newer: &[&[u8]] = if go.since(19) { REFUSALS_SINCE_19 } else { &[] };
    !REFUSALS.iter().chain(newer).any(says)
}
