//! `gowhence doctor`: what is wrong, where, why it matters for Go, and what makes it right.
//!
//! Not here: rules (`doctor`), trying fixes (`trial`), making them (`fixing`).

use super::map::Level;
use crate::arguments::{Common, Format, TEMPLATE};
use crate::ask::{Look, Wanted};
use crate::failure::{Failure, Outcome};
use crate::fixing::{self, Wish};
use crate::trial::{Answer, Trials};
use crate::{progress, terminal};
use clap::Args;
use model::{Finding, Severity};
use spaces::{GoOf, Survey};

const EXAMPLES: &str = "\
Examples:
  gowhence doctor                     what is wrong on this machine, for this project
  gowhence doctor --base here         in the session that it is called from
  gowhence doctor --diff              what --fix would change
  gowhence doctor --fix               makes the safe fixes; `gowhence undo` takes them back
  gowhence doctor --select GOW010     one rule alone
  gowhence rule GOW010                what a rule is about
";

/// What is wrong, where, why it matters for Go, and the edit that makes it right
#[derive(Clone, Debug, Default, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Only these rules: codes, beginnings of codes (GOW1), or names
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    select: Vec<String>,
    /// None of these rules
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Look at every shell in every mode
    #[arg(long)]
    all: bool,
    /// Make the safe fixes, as one change that `gowhence undo` takes back
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff: the unsafe ones, too
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what would be changed, and change nothing
    #[arg(long, conflicts_with = "fix")]
    diff: bool,
    /// With --fix on a terminal: do not ask
    #[arg(short, long)]
    yes: bool,
    /// Exit with 1 if there is a finding of this severity or above
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "warning")]
    fail_on: Option<Level>,
    /// Answers to the program itself, which tries a fix
    #[arg(long, hide = true)]
    trial_answer: bool,
}

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    if matches!(common.format, Format::Mermaid | Format::Dot) {
        super::text_or_json(common.format)?;
    }
    let rules = chosen(own)?;
    let mut look = Look::new(common)?;
    if own.trial_answer {
        look.machine.store = None;
        let (survey, findings) = examined(&look, own, &rules, true);
        let answer = serde_json::to_string(&Answer::new(&survey.atlas, &findings));
        terminal::answer(&answer.map_err(|error| Failure::internal(error.to_string()))?)?;
        return Ok(Outcome::Fine);
    }
    let (survey, mut findings) = examined(&look, own, &rules, common.refresh);
    let progress = progress::Progress::new(!common.quiet);
    let trials = Trials {
        system: look.machine.system.as_ref(),
        arguments: again(&look, own),
        seen: Answer::new(&survey.atlas, &findings),
        progress: &|text| progress.say(text),
    };
    if common.machine.is_none() && look.machine.system.can_run() {
        trials.judge(&mut findings);
    }
    drop(progress);
    if own.fix || own.diff {
        let wish = Wish { unsafe_too: own.unsafe_fixes, only_show: own.diff, yes: own.yes };
        return fixing::run(&look, &findings, wish, || examined(&look, own, &rules, true).1);
    }
    let could_not_check: Vec<(String, String)> =
        survey.could_not_check.iter().map(|(id, reason)| (id.to_string(), reason.clone())).collect();
    let options = look.view_options(&survey.atlas);
    match common.format {
        Format::Json => terminal::answer_json(view::doctor_json(&findings, &could_not_check, &options))?,
        Format::Sarif => {
            let version = env!("CARGO_PKG_VERSION");
            terminal::answer_json(view::doctor_sarif(&findings, &metadata(&rules), version, &options))?;
        }
        Format::Github => terminal::answer(&view::doctor_github(&findings, &options))?,
        Format::Text | Format::Mermaid | Format::Dot => {
            let lookups = look.lookups();
            let (exists, line) =
                (|path: &str| lookups.exists(path), |place: &model::Place| lookups.line(place));
            let looks = view::Look { exists: &exists, line: &line };
            terminal::answer(&view::doctor_text(&findings, &could_not_check, &looks, &options))?;
        }
    }
    let level = own.fail_on.map_or(Severity::Warning, Severity::from);
    Ok(Outcome::differing(findings.iter().any(|finding: &Finding| finding.severity <= level)))
}

/// What SARIF tells of the rules.
fn metadata(rules: &[&'static doctor::Rule]) -> Vec<view::RuleMetadata> {
    let one = |rule: &&'static doctor::Rule| view::RuleMetadata {
        code: rule.code,
        name: rule.name,
        summary: rule.summary(),
        page: rule.page(),
        severity: rule.severity,
    };
    rules.iter().map(one).collect()
}

/// One look at the machine, and what the rules find there.
fn examined(
    look: &Look<'_>,
    own: &Arguments,
    rules: &[&'static doctor::Rule],
    refresh: bool,
) -> (std::mem::ManuallyDrop<Survey>, Vec<Finding>) {
    let wanted = if own.all { Wanted::All } else { Wanted::Usual };
    let survey = look.survey_with(&wanted, GoOf::Every, refresh);
    let files = system::Still::new(look.machine.system.as_ref());
    let project = look.machine.project();
    let seen = doctor::Look::new(&files, &survey.atlas, &project, survey.everyday.as_ref());
    let findings = doctor::examine(&seen, rules);
    (survey, findings)
}

/// The arguments of a call that looks at the same again.
fn again(look: &Look<'_>, own: &Arguments) -> Vec<String> {
    let mut words = vec!["doctor".to_owned(), "--trial-answer".to_owned(), "--quiet".to_owned()];
    words.extend(["-C".to_owned(), look.machine.folder.clone()]);
    if let Some(base) = &look.common.base {
        words.extend(["--base".to_owned(), base.clone()]);
    }
    if let Some(timeout) = look.common.timeout {
        words.extend(["--timeout".to_owned(), format!("{}ms", timeout.as_millis())]);
    }
    words.extend(own.all.then(|| "--all".to_owned()));
    for (flag, codes) in [("--select", &own.select), ("--ignore", &own.ignore)] {
        words.extend(codes.iter().flat_map(|code| [flag.to_owned(), code.clone()]));
    }
    words
}

/// The rules that are asked for.
fn chosen(own: &Arguments) -> Result<Vec<&'static doctor::Rule>, Failure> {
    for text in own.select.iter().chain(&own.ignore) {
        let one = std::slice::from_ref(text);
        if !doctor::RULES.iter().any(|rule| doctor::selects(rule, one)) {
            return Err(super::rule::unknown(text));
        }
    }
    let wanted = |rule: &&&doctor::Rule| own.select.is_empty() || doctor::selects(rule, &own.select);
    let rules = doctor::RULES.iter().filter(wanted).filter(|rule| !doctor::selects(rule, &own.ignore));
    Ok(rules.copied().collect())
}
