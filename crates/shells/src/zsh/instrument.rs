//! What is watched, and the `PS4` that tells it.
//!
//! zsh expands `PS4` before it prints each traced command (zsh: Src/utils.c `printprompt4`): with PROMPT_SUBST
//! parameters first, then percent escapes, so a `%` in a value is doubled. Everything is done by expansions alone:
//! no function, no builtin and no external program of the user's can be in the way, and no process is started.
//!
//! Comparing thirty values costs more than most commands, so it is done at every eighth record, or at once when the
//! length of PATH or of a Go variable changed; what happened in between is told by the commands themselves
//! (`walk`). Values are joined in groups (each expansion copies what is left of its string, so a flat list costs the
//! square), compared with the last ones by `${new:|old}`, and printed only where they differ.

use super::{spec, watch::Watch};
use crate::Request;
use model::{Name, Value};
use system::{RunEnd, RunOutcome, RunSpec};

/// Every how many records the loosely watched variables are compared; a multiple of [`Watch::every`].
const LOOSE_EVERY: u32 = 64;
/// Names in a group of values.
const GROUP: usize = 8;
/// Bytes of trace that are kept.
const KEEP: usize = 256 << 20;
/// Different weights, so that two lengths that change in opposite directions do not cancel out.
const WEIGHTS: &[u32] = &[1, 4099, 16_777_259];

/// The count of records set to 0, which makes the next record compare everything.
pub(super) const COMPARE_ALL: &str = "__gw_n=0";
/// Says that the start-up is over.
pub(super) const END_MARK: &str = "gowhence-end";
/// Begins the test of the guard's trap.
pub(super) const GUARD_MARK: &str = "gowhence-guard";
/// Introduces an alias or function named `go`.
pub(super) const SHADOW_MARK: &str = "gowhence-shadow";

/// The traced run: the plain one with tracing on, and marks at its end.
pub(super) fn traced(request: &Request, plain: &RunOutcome, watch: &Watch) -> RunSpec {
    // `\:` is no alias, and what a mark says is printed before anything is executed.
    let last = format!(
        "{COMPARE_ALL}; \\: {END_MARK}; \\: {SHADOW_MARK} \"${{aliases[go]-}}\" ${{+aliases[go]}} \
         ${{+functions[go]}} \"${{functions_source[go]-}}\"; @HANDOVER@"
    );
    let mut spec = spec(request, &["-o", "promptsubst", "-x"], &last);
    spec.env.retain(|(name, _)| !name.is("PS4") && !name.is("PROMPT4"));
    spec.env.push((Name::from("PS4"), Value::new(ps4(watch))));
    spec.separate_stderr = true;
    spec.keep = KEEP;
    // Standard error is the trace, and no flood unless the plain run was one.
    if plain.end != RunEnd::Limit("output") {
        spec.limits.output = spec.limits.output.saturating_add(KEEP as u64);
    }
    spec
}

/// Place, scope, and `C` with the closely watched values when they are compared, `D` with the others.
///
/// zsh reads the whole text of `PS4` anew for each record, so it must be short. The first record therefore cuts the
/// text of the comparisons out of `PS4` into parameters, from which `${(e)…}` expands them when they are needed, and
/// leaves the short text in `PS4`.
fn ps4(watch: &Watch) -> Vec<u8> {
    let frame = &watch.frame;
    let lengths = lengths(watch);
    let mut loose = b"D".to_vec();
    loose.extend(tier(watch, "b", &watch.loose));
    let mut close = b"C".to_vec();
    close.extend(tier(watch, "a", &watch.close));
    close.extend_from_slice(&frame.field);
    close.extend_from_slice(&frame.field);
    if !watch.loose.is_empty() {
        close.extend(unless(&format!("__gw_n%{LOOSE_EVERY}!=1"), b"${(e)__gw_loose}"));
    }
    close.extend_from_slice(format!("${{${{__gw_l::=$(({lengths}))}}:+}}").as_bytes());

    let mut short = frame.start.clone();
    for part in ["%x", "%i", "%I", "%N", "%e", "$ZSH_SUBSHELL"] {
        short.extend_from_slice(part.as_bytes());
        short.extend_from_slice(&frame.field);
    }
    short.extend(unless(&format!("__gw_n++%{}&&__gw_l=={lengths}", watch.every), b"${(e)__gw_close}"));
    short.extend_from_slice(&frame.end);

    let mut texts = vec![(loose, "__gw_loose"), (close, "__gw_close")];
    if watch.guard {
        texts.push((guard(&short), "functions[TRAPDEBUG]"));
        texts.push((short.clone(), "__gw_ps4"));
    }
    texts.push((short, "PS4"));
    let mut out = Vec::new();
    let mut take = Vec::new();
    for (text, name) in texts {
        // Kept from being expanded by a parameter that is not set.
        out.extend_from_slice(b"${__gw_never:+");
        let first = out.len() + 1;
        out.extend(text);
        take.extend(format!("${{${{{name}::=${{PS4[{first},{}]}}}}:+}}", out.len()).into_bytes());
        out.push(b'}');
    }
    out.extend(take);
    out.extend_from_slice(b"${(e)PS4}");
    out
}

/// A function that replaces itself, when it is first called, by a trap that sets `PS4` and the options right again
/// before each command. A trap that is a list runs in the shell's own scope, so that its options last, and
/// `${functions[…]::=…}` defines a function by an expansion (zshmodules(1), The zsh/parameter Module). No brace, which
/// would end the expansion that it stands in.
fn guard(short: &[u8]) -> Vec<u8> {
    let length = short.len();
    format!(
        "trap 'if [[ {GUARD_MARK} != {GUARD_MARK} || ${{#PS4}} -ne {length} || ! -o xtrace || ! -o promptsubst ]]; then \
         PS4=$__gw_ps4; setopt xtrace promptsubst; fi' DEBUG"
    )
    .into_bytes()
}

/// The text, if the arithmetic condition is *false*: `$ZSH_SUBSHELL` has a first character and (but ten levels down)
/// no second.
fn unless(condition: &str, text: &[u8]) -> Vec<u8> {
    [format!("${{${{ZSH_SUBSHELL:$(({condition})):1}}:+").as_bytes(), text, b"}"].concat()
}

/// The lengths of the variables whose changes are to be seen at once, as one number. `${#${X-}}`, because an unset
/// variable would be an error under NO_UNSET.
fn lengths(watch: &Watch) -> String {
    let terms: Vec<String> =
        watch.core.iter().zip(WEIGHTS).map(|(name, weight)| format!("{weight}*${{#${{{name}-}}}}")).collect();
    if terms.is_empty() { "1".to_owned() } else { format!("1+{}", terms.join("+")) }
}

/// `V` and all values of a tier if any differs from the last time, else nothing.
fn tier(watch: &Watch, tier: &str, names: &[Name]) -> Vec<u8> {
    let (new, old) = (format!("__gw_{tier}"), format!("__gw_{tier}_old"));
    let groups: Vec<Vec<u8>> = names.chunks(GROUP).map(|names| group(watch, names)).collect();
    let mut out = format!("${{${{{new}::=").into_bytes();
    out.extend(groups.join(watch.frame.field.as_slice()));
    let compare = format!("}}:+}}${{${{{new}:|{old}}}:+V${{{new}//\\%/%%}}${{${{(A){old}::=${new}}}:+}}}}");
    out.extend_from_slice(compare.as_bytes());
    out
}

fn group(watch: &Watch, names: &[Name]) -> Vec<u8> {
    let value = |name: &Name| [b"${", name.as_bytes(), b"-", &watch.frame.unset, b"}"].concat();
    let values: Vec<Vec<u8>> = names.iter().map(value).collect();
    [b"${:-", values.join(watch.frame.field.as_slice()).as_slice(), b"}"].concat()
}
