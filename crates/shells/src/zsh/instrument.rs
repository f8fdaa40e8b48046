//! What is watched, and the `PS4` that tells it.
//!
//! zsh expands `PS4` before it prints each traced command (zsh: Src/utils.c `printprompt4`): with PROMPT_SUBST
//! parameters first, then percent escapes, so a `%` in a value is doubled. Everything is done by expansions alone:
//! no function, no builtin and no external program of the user's can be in the way, and no process is started.
//!
//! What a record costs is above all the length of `PS4`: each of its characters is read and copied again for each
//! command, and each that an escape yields passes through the conversion of wide characters. So the text is short, the
//! names of our parameters are, and `%2N` is printed in the place of the whole path. Values are compared at every
//! sixteenth record, or at once when the length of PATH or of a Go variable is found changed at an eighth; what happened
//! in between is told by the commands themselves (`walk`). Values are joined in groups (each expansion copies what is
//! left of its string, so a flat list costs the square), compared with the last ones by `${new:|old}`, and printed only
//! where they differ.
//!
//! The parameters: `_gn` counts the records, `_gc` holds the comparisons by the last four bits of that count, `_gd`
//! that of the loosely watched variables, `_ga` and `_gb` the last values, `_gl` the last lengths.

use super::{spec, watch::Watch};
use crate::Request;
use model::{Name, Value};
use system::{RunEnd, RunOutcome, RunSpec};

/// Bits of the count of records that are 0 when the loosely watched variables are compared, which is at every 512th
/// record: they end as they began, or change unseen by the shell's user.
const LOOSE_BITS: u32 = 0o760;
/// Where `_gc` has the comparison of values. With KSH_ARRAYS the subscript names the element after it (zshoptions(1)).
const FULL: [u32; 2] = [15, 16];
/// Where it has that of lengths.
const CHECK: [u32; 1] = [7];
/// Names in a group of values.
const GROUP: usize = 8;
/// Bytes of trace that are kept.
const KEEP: usize = 256 << 20;
/// Different weights, so that two lengths that change in opposite directions do not cancel out.
const WEIGHTS: &[u32] = &[4099, 16_777_259];

/// The count of records set so that it makes the next record compare everything.
pub(super) const COMPARE_ALL: &str = "_gn=14";
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
/// The first record cuts the text of the comparisons out of `PS4` into parameters, from which `${(e)…}` expands them
/// when they are needed, and leaves the short text in `PS4`.
fn ps4(watch: &Watch) -> Vec<u8> {
    let frame = &watch.frame;
    let mut loose = b"D".to_vec();
    loose.extend(tier(watch, "b", &watch.loose));
    let mut close = b"C".to_vec();
    close.extend(tier(watch, "a", &watch.close));
    close.extend_from_slice(&frame.field);
    close.extend_from_slice(&frame.field);
    if !watch.loose.is_empty() {
        close.extend(format!("${{(e)_gd[1+(_gn&{LOOSE_BITS})]-}}").into_bytes());
    }
    let mut texts = vec![(loose, elements("_gd", [1, 2]))];
    if let Some(lengths) = lengths(watch) {
        close.extend(format!("${{${{_gl::=$(({lengths}))}}:+}}").into_bytes());
        // An element that there is none of, where the lengths are the same.
        let check = format!("${{(e)_gc[{}+2*(_gl=={lengths})]-}}", FULL[0]);
        texts.push((check.into_bytes(), elements("_gc", CHECK)));
    }
    texts.push((close, elements("_gc", FULL)));
    let short = short(watch);
    if watch.guard {
        texts.push((guard(&short), vec!["functions[TRAPDEBUG]".to_owned()]));
        texts.push((short.clone(), vec!["_gp".to_owned()]));
    }
    texts.push((short, vec!["PS4".to_owned()]));
    laid_out(texts)
}

/// What stays in `PS4`.
fn short(watch: &Watch) -> Vec<u8> {
    let frame = &watch.frame;
    let compare =
        if watch.always { format!("${{(e)_gc[{}]-}}", FULL[0]) } else { "${(e)_gc[++_gn&15]-}".to_owned() };
    let mut short = frame.start.clone();
    short.extend_from_slice(b"%i %I %e $ZSH_SUBSHELL %2N");
    short.extend_from_slice(&frame.field);
    short.extend_from_slice(b"%x");
    short.extend_from_slice(&frame.field);
    short.extend_from_slice(compare.as_bytes());
    short.extend_from_slice(&frame.end);
    short
}

fn elements(array: &str, at: impl IntoIterator<Item = u32>) -> Vec<String> {
    at.into_iter().map(|n| format!("{array}[{n}]")).collect()
}

/// Texts, and the parameters that they are to be put into.
fn laid_out(texts: Vec<(Vec<u8>, Vec<String>)>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut take = b"${${_gn::=14}:+}".to_vec();
    for (text, names) in texts {
        // Kept from being expanded by a parameter that is not set.
        out.extend_from_slice(b"${_gz:+");
        let first = out.len() + 1;
        out.extend(text);
        for name in names {
            take.extend(format!("${{${{{name}::=${{PS4[{first},{}]}}}}:+}}", out.len()).into_bytes());
        }
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
         PS4=$_gp; setopt xtrace promptsubst; fi' DEBUG"
    )
    .into_bytes()
}

/// The lengths of the variables whose changes are to be seen soon, as one number. `${#${X-}}`, because an unset variable
/// would be an error under NO_UNSET.
fn lengths(watch: &Watch) -> Option<String> {
    let length = |name: &Name| format!("${{#${{{name}-}}}}");
    let (first, others) = watch.core.split_first()?;
    let others = others.iter().zip(WEIGHTS).map(|(name, weight)| format!("+{weight}*{}", length(name)));
    Some(length(first) + &others.collect::<String>())
}

/// `V` and all values of a tier if any differs from the last time, else nothing.
fn tier(watch: &Watch, tier: &str, names: &[Name]) -> Vec<u8> {
    let (new, old) = (format!("_g{tier}"), format!("_g{}", tier.to_ascii_uppercase()));
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
