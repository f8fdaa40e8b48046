//! Making the fixes of findings: which of them, the diff, the question, the change itself, and whether it helped.
//!
//! Not here: whether a fix is safe (`trial`), and how files are written (`apply`).

use crate::ask::Look;
use crate::failure::{Failure, Outcome};
use crate::{journal, terminal};
use apply::{FilePlan, Plan};
use model::{Applicability, FileEdit, Finding, Fix, Reach, Severity};
use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal as _};
use system::{ReadError, System};

/// What is wanted of the fixes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    pub(crate) unsafe_too: bool,
    pub(crate) only_show: bool,
    pub(crate) yes: bool,
}

/// Makes the fixes that are wanted, as one change; then looks again and tells what is left.
pub(crate) fn run(
    look: &Look<'_>,
    findings: &[Finding],
    wish: Wish,
    again: impl Fn() -> Vec<Finding>,
) -> Result<Outcome, Failure> {
    let chosen = chosen(findings, wish.unsafe_too);
    if chosen.is_empty() {
        terminal::answer(&nothing(findings, wish.unsafe_too))?;
        return Ok(Outcome::differing(findings.iter().any(|f| f.severity <= Severity::Warning)));
    }
    let system = look.machine.system.as_ref();
    let plan = plan(system, &chosen)?;
    let disk = journal::disk(look.common)?;
    let prepared = apply::prepare(&disk, &plan).map_err(|refusal| journal::failure(&refusal))?;
    let diff: Vec<u8> = prepared.files.iter().flat_map(apply::PreparedFile::diff).collect();
    prepared.notes.iter().for_each(|note| terminal::talk(note));
    if wish.only_show {
        terminal::answer(&String::from_utf8_lossy(&diff))?;
        return Ok(Outcome::Differences);
    }
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && !wish.yes {
        terminal::answer(&String::from_utf8_lossy(&diff))?;
        terminal::talk("make this change? [y/N]");
        let mut line = String::new();
        let _ = std::io::stdin().lock().read_line(&mut line);
        if !matches!(line.trim(), "y" | "Y" | "yes") {
            terminal::talk("nothing was changed");
            return Ok(Outcome::Differences);
        }
    }
    let opened = journal::open(&disk)?;
    let applied = apply::apply(&opened, &plan).map_err(|refusal| journal::failure(&refusal))?;
    journal::tell_recovered(&applied.recovered);
    let after = again();
    let new = |f: &&Finding| f.severity == Severity::Error && !findings.iter().any(|old| same(old, f));
    if let (Some(worse), Some(id)) = (after.iter().find(new), applied.id) {
        apply::undo(&opened, apply::Which::Numbered(id)).map_err(|refusal| journal::failure(&refusal))?;
        return Err(Failure::internal(format!(
            "with the change there was a new finding, {} {} – it was taken back, all files are as before",
            worse.code, worse.message
        )));
    }
    terminal::answer(&told(&chosen, applied.id, &after))?;
    Ok(Outcome::differing(after.iter().any(|finding| finding.severity <= Severity::Warning)))
}

fn same(a: &Finding, b: &Finding) -> bool {
    a.code == b.code && a.variable == b.variable
}

/// The first allowed fix of each finding, without those that want the same bytes or the same variable as an earlier one.
fn chosen(findings: &[Finding], unsafe_too: bool) -> Vec<(&Finding, &Fix)> {
    let most = if unsafe_too { Applicability::Unsafe } else { Applicability::Safe };
    let allowed = |fix: &&Fix| {
        fix.applicability <= most
            && matches!(fix.reach, Reach::Project | Reach::User)
            && !fix.edits.is_empty()
    };
    let mut chosen: Vec<(&Finding, &Fix)> = Vec::new();
    for finding in findings {
        let Some(fix) = finding.fixes.iter().find(allowed) else { continue };
        let clashes = |(other, made): &(&Finding, &Fix)| {
            (other.variable.is_some() && other.variable == finding.variable)
                || overlap(&made.edits, &fix.edits)
        };
        if !chosen.iter().any(clashes) {
            chosen.push((finding, fix));
        }
    }
    chosen
}

fn overlap(a: &[FileEdit], b: &[FileEdit]) -> bool {
    let meets = |x: &FileEdit, y: &FileEdit| {
        x.path == y.path && x.range.start <= y.range.end && y.range.start <= x.range.end
    };
    a.iter().any(|x| b.iter().any(|y| meets(x, y)))
}

fn plan(system: &dyn System, chosen: &[(&Finding, &Fix)]) -> Result<Plan, Failure> {
    let codes: Vec<&str> = chosen.iter().map(|(finding, _)| finding.code.as_str()).collect();
    let mut plan = Plan::new(format!("doctor --fix: {}", codes.join(", ")));
    let mut by_file: BTreeMap<&str, Vec<text::edit::Edit>> = BTreeMap::new();
    for edit in chosen.iter().flat_map(|(_, fix)| &fix.edits) {
        let one = text::edit::Edit { range: edit.range.clone(), new: edit.new.clone() };
        by_file.entry(&edit.path).or_default().push(one);
    }
    for (path, edits) in by_file {
        let file = match system.read(path) {
            Ok(bytes) => FilePlan::edit(path, &bytes, edits)
                .map_err(|problem| Failure::internal(format!("`{path}` cannot be edited: {problem}")))?,
            Err(ReadError::NotFound) => {
                FilePlan::create(path, edits.into_iter().flat_map(|e| e.new).collect::<Vec<u8>>())
            }
            Err(error) => return Err(Failure::NotChecked(format!("`{path}` {error} – nothing was written"))),
        };
        plan = plan.with(file);
    }
    Ok(plan)
}

fn nothing(findings: &[Finding], unsafe_too: bool) -> String {
    let others =
        findings.iter().filter(|f| f.fixes.iter().any(|x| x.applicability == Applicability::Unsafe)).count();
    match (findings.is_empty(), others) {
        (true, _) => "nothing is wrong\n".to_owned(),
        (false, n) if n > 0 && !unsafe_too => {
            format!(
                "nothing can be made right safely; {n} with --unsafe-fixes (--diff shows what they change)\n"
            )
        }
        _ => "nothing here can be made right by an edit; `gowhence doctor` says what to do\n".to_owned(),
    }
}

fn told(chosen: &[(&Finding, &Fix)], id: Option<u64>, after: &[Finding]) -> String {
    let mut out = String::new();
    for (finding, fix) in chosen {
        let gone = !after.iter().any(|f| same(f, finding) && f.origin == finding.origin);
        let how = if gone { "made right" } else { "changed, but the finding is still there" };
        out.push_str(&format!("{}  {how}: {}\n", finding.code, fix.title));
        for what in &fix.restart {
            out.push_str(&format!("        then start anew: {what}\n"));
        }
    }
    if let Some(id) = id {
        out.push_str(&format!("gowhence undo {id} takes it back\n"));
    }
    if !after.is_empty() {
        out.push_str(&format!("{} left: gowhence doctor\n", after.len()));
    }
    out
}
