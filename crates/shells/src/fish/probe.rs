//! The text that a traced start of fish runs, and the runs that carry it.
//!
//! Everything goes to one descriptor: our records, parted by NUL, and between them the lines of `fish_trace`, which
//! never hold a NUL. Each line of the script that asks for the stack stands at a known place ([`STACK_LINE`]), so
//! that a record tells in which words this fish, in this language, says "called on line N of file F".

use super::run_spec;
use crate::{PER_RUN_NAMES, Request};
use model::{Name, Value};
use std::collections::BTreeSet;
use system::{RunOutcome, RunSpec, Scratch};

/// The descriptor of the records: high enough that a start-up file does not use it by chance.
pub(super) const FD: i32 = 198;

/// The line of the script on which `status print-stack-trace` is called through a function.
pub(super) const STACK_LINE: u32 = 5;

/// Suffix of the path of the script of both ways.
pub(super) const SCRIPT_NAMES: [&str; 2] = ["functions/__fish_set_locale.fish", "conf.d/00000-gowhence.fish"];

/// How the script gets into the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By a function that fish calls before the snippets.
    Function,
    /// By a snippet of a shadow configuration folder.
    Shadow,
}

/// Names that are set in so many places that nobody would ask, but that Go or its tools read.
const ALWAYS: &[&str] = &[
    "PATH",
    "GOROOT",
    "GOPATH",
    "GOBIN",
    "GOENV",
    "GOFLAGS",
    "GOPROXY",
    "GOPRIVATE",
    "GONOPROXY",
    "GONOSUMDB",
    "GOSUMDB",
    "GOTOOLCHAIN",
    "GOCACHE",
    "GOMODCACHE",
    "GOTMPDIR",
    "GOWORK",
    "GO111MODULE",
    "GOINSECURE",
    "GOVCS",
    "GOAUTH",
    "GOOS",
    "GOARCH",
    "GOAMD64",
    "GOARM64",
    "GOARM",
    "GOEXPERIMENT",
    "GODEBUG",
    "GOTELEMETRY",
    "CGO_ENABLED",
    "CGO_CFLAGS",
    "CGO_CPPFLAGS",
    "CGO_CXXFLAGS",
    "CGO_LDFLAGS",
    "CC",
    "CXX",
    "FC",
    "AR",
    "PKG_CONFIG",
    "PKG_CONFIG_PATH",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "HOME",
    "SHELL",
    "PWD",
    "XDG_CONFIG_HOME",
    "TMPDIR",
];

/// What to watch: all that the plain run ended with, all that it began with, and what go reads. Names that are no
/// variables in fish (`BASH_FUNC_x%%`) cannot be handled by it and stay out.
pub(super) fn watched(request: &Request, plain: &RunOutcome) -> Vec<String> {
    let given = request.base.iter().chain(plain.environment.iter().flatten()).map(|(name, _)| name);
    let names: BTreeSet<String> = given
        .filter_map(|name| std::str::from_utf8(name.as_bytes()).ok())
        .chain(ALWAYS.iter().copied())
        .filter(|name| is_variable_name(name) && !PER_RUN_NAMES.contains(name))
        .map(str::to_owned)
        .collect();
    names.into_iter().collect()
}

fn is_variable_name(name: &str) -> bool {
    const SPECIAL: &[&str] = &["status", "pipestatus", "history", "argv", "umask", "fish_function_path"];
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !SPECIAL.contains(&name)
}

/// The traced run.
pub(super) fn spec(request: &Request, names: &[String], way: Way, shadow: Vec<Scratch>) -> RunSpec {
    let options = vec![Value::from(format!("--debug-output=/dev/fd/{FD}"))];
    let mut spec = run_spec(request, options, "__gowhence_end; ");
    let [function_file, snippet_file] = SCRIPT_NAMES;
    let (variable, value) = match way {
        Way::Function => ("fish_function_path", "@SCRATCH@/functions"),
        Way::Shadow => ("XDG_CONFIG_HOME", "@SCRATCH@"),
    };
    spec.env.retain(|(name, _)| !name.is(variable));
    spec.env.push((Name::from(variable), value.into()));
    let text = script(names, way, request);
    let path = match way {
        Way::Function => function_file.to_owned(),
        Way::Shadow => format!("fish/{snippet_file}"),
    };
    spec.scratch = shadow;
    spec.scratch.push(Scratch::File { path, bytes: text.into_bytes() });
    spec.trace_fd = Some(FD);
    spec.keep = 64 << 20;
    spec
}

/// One function that asks for the stack on line [`STACK_LINE`] through another, the handlers, the first state, and
/// what puts the start back on its way.
fn script(names: &[String], way: Way, request: &Request) -> String {
    let handlers: String = names.iter().map(|n| format!(" --on-variable {n}")).collect();
    let restore = match way {
        Way::Function => RESTORE_FUNCTION_PATH.to_owned(),
        Way::Shadow => restore_config_home(request),
    };
    format!(
        "function __gowhence_stack
    builtin status print-stack-trace >&{FD}
end
function __gowhence_changed{handlers}
    __gowhence_value C $argv[3]; __gowhence_stack
    builtin printf '\\0' >&{FD}
end
function __gowhence_value
    if set -qx $argv[2]
        builtin printf '\\0%s\\0%s\\0=%s\\0' $argv[1] $argv[2] \"$$argv[2]\" >&{FD}
    else
        builtin printf '\\0%s\\0%s\\0-\\0' $argv[1] $argv[2] >&{FD}
    end
end
function __gowhence_end
    set -e fish_trace
    if functions -q go
        begin
            builtin printf '\\0G\\0'
            functions --details --verbose go
            builtin printf '\\0'
            functions --no-details go
            builtin printf '\\0'
        end >&{FD}
    end
    builtin printf '\\0P\\0end\\0' >&{FD}
end
function __gowhence_prompt --on-event fish_prompt
    builtin printf '\\0P\\0prompt\\0' >&{FD}
    functions -e __gowhence_prompt
end
function __gowhence_start
    for name in (set -nx)
        string match -qr '^\\w+$' -- $name
        and builtin printf '\\0S\\0%s\\0=%s\\0' $name \"$$name\"
    end
    for name in __fish_config_dir __fish_sysconf_dir __fish_data_dir __fish_vendor_confdirs
        builtin printf '\\0D\\0%s\\0%s\\0' $name (string join : -- $$name)
    end
end
__gowhence_start >&{FD}
{restore}
if functions -q fish_add_path
    functions -c fish_add_path __gowhence_fish_add_path
    function fish_add_path
        builtin printf '\\0A\\0' >&{FD}; __gowhence_stack
        builtin printf '\\0' >&{FD}
        __gowhence_fish_add_path $argv
    end
end
set -g fish_trace 1
"
    )
}

/// As share/config.fish would have set it without ours, and the function whose place was taken.
const RESTORE_FUNCTION_PATH: &str = "\
set -e fish_function_path
set -g fish_function_path $__fish_config_dir/functions $__fish_sysconf_dir/functions $__fish_vendor_functionsdirs
if test -d $__fish_data_dir/functions
    set -a fish_function_path $__fish_data_dir/functions
    source $__fish_data_dir/functions/__fish_set_locale.fish
else
    status get-file functions/__fish_set_locale.fish | source
end";

/// The shadow folder is seen by this fish only: what it starts gets the real one.
fn restore_config_home(request: &Request) -> String {
    match request.base_value("XDG_CONFIG_HOME").and_then(Value::as_str) {
        Some(real) => {
            let quoted = real.replace('\\', "\\\\").replace('\'', "\\'");
            format!("set -gx XDG_CONFIG_HOME '{quoted}'")
        }
        None => "set -e XDG_CONFIG_HOME".to_owned(),
    }
}
