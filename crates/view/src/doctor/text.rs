//! Findings for reading: what, where, since when it matters, and what to do.
//!
//! Not here: JSON.

use crate::paint::{Ink, paint};
use crate::{Look, Options, spell};
use annotate_snippets::{AnnotationKind, Element, Level, Origin as Arrow, Renderer, Snippet};
use model::{Applicability, Finding, Fix, Name, Origin, Severity};

/// Places that are named before the rest is counted.
const NAMED: usize = 6;
/// Where the answer goes to no terminal.
const WIDE: usize = 400;

/// Every finding, then how many there are and what can be done at once.
pub fn doctor_text(
    findings: &[Finding],
    could_not_check: &[(String, String)],
    look: &Look<'_>,
    options: &Options,
) -> String {
    let mut out = String::new();
    for finding in findings {
        out.push_str(&one(finding, look, options));
        out.push_str("\n\n");
    }
    if findings.is_empty() {
        out.push_str("nothing is wrong\n");
    } else {
        out.push_str(&summary(findings));
        out.push('\n');
    }
    if !could_not_check.is_empty() {
        let all: Vec<String> = could_not_check
            .iter()
            .map(|(id, reason)| format!("{id} ({})", spell::words(reason, options)))
            .collect();
        out.push_str(&format!("could not check: {}\n", all.join(", ")));
    }
    let safe =
        findings.iter().filter(|f| f.fixes.iter().any(|x| x.applicability == Applicability::Safe)).count();
    if safe > 0 && !options.quiet {
        let command = paint(options.color, Ink::Command, "gowhence doctor --fix");
        out.push_str(&format!(
            "{} can be made right safely: {command}\n",
            spell::count(safe, "finding", "findings")
        ));
    }
    out
}

fn summary(findings: &[Finding]) -> String {
    let count = |severity: Severity| findings.iter().filter(|f| f.severity == severity).count();
    let words = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Info, "note", "notes"),
        (Severity::Hint, "hint", "hints"),
    ];
    let parts: Vec<String> = words
        .into_iter()
        .filter(|(severity, ..)| count(*severity) > 0)
        .map(|(severity, one, many)| spell::count(count(severity), one, many))
        .collect();
    parts.join(", ")
}

fn one(finding: &Finding, look: &Look<'_>, options: &Options) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let mut elements: Vec<Element<'_>> = Vec::new();
    let name = finding.variable.clone().unwrap_or_else(|| Name::from(""));
    if let Some(origin) = &finding.origin {
        elements.push(source(origin, &name, &finding.label, AnnotationKind::Primary, look, options));
    }
    for related in &finding.related {
        elements.push(source(&related.origin, &name, &related.label, AnnotationKind::Context, look, options));
    }
    let note = |name: &'static str, text: String| -> Element<'_> {
        Level::NOTE.with_name(name).message(text).into()
    };
    if !finding.spaces.is_empty() {
        elements.push(note("seen in", places(finding)));
    }
    if !finding.consequence.is_empty() {
        elements.push(note("what happens", spell::words(&finding.consequence, options)));
    }
    // What is to be typed or written stands there as it must be, the home too.
    let typed = Options { home: None, ..options.clone() };
    if !finding.help.is_empty() {
        elements.push(Level::HELP.message(spell::words(&finding.help, &typed)).into());
    }
    for fix in &finding.fixes {
        elements.push(note("fix", self::fix(fix, &typed)));
    }
    let title = level.primary_title(spell::words(&finding.message, options)).id(finding.code.clone());
    let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(options.width.unwrap_or(WIDE)).render(&[title.elements(elements)])
}

fn places(finding: &Finding) -> String {
    let named: Vec<&str> = finding.spaces.iter().take(NAMED).map(model::SpaceId::as_str).collect();
    let more = finding.spaces.len().saturating_sub(NAMED);
    let more = if more > 0 {
        format!(" and {}", spell::count(more, "other place", "other places"))
    } else {
        String::new()
    };
    named.join(", ") + &more
}

fn fix(fix: &Fix, options: &Options) -> String {
    let reason = fix.reason.as_ref().map(|r| format!(", {}", spell::words(r, options))).unwrap_or_default();
    let restart = match fix.restart.as_slice() {
        [] => String::new(),
        all => format!("; then start anew: {}", all.join(", ")),
    };
    format!(
        "{} ({}{reason}; reaches: {}){restart}",
        spell::words(&fix.title, options),
        fix.applicability.as_str(),
        fix.reach.as_str()
    )
}

/// The line with a mark under what is meant, if it may be shown; else only where it stands.
fn source<'a>(
    origin: &'a Origin,
    name: &Name,
    label: &'a str,
    kind: AnnotationKind,
    look: &Look<'_>,
    options: &Options,
) -> Element<'a> {
    let Some(place) = origin.place() else {
        let words = spell::origin(origin, options);
        let text = if label.is_empty() { words } else { format!("{label} ({words})") };
        return Level::NOTE.with_name("from").message(text).into();
    };
    let line = (look.line)(place).filter(|_| place.line > 0);
    let shown = line.as_deref().and_then(|line| spell::source_line(name, line, options));
    let at = usize::try_from(place.line).unwrap_or_default();
    let Some(shown) = shown else {
        let arrow = Arrow::path(spell::path(&place.path, options));
        return if place.line > 0 { arrow.line(at).into() } else { arrow.into() };
    };
    let len = shown.len();
    let annotation = kind.span(0..len);
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    Snippet::source(shown)
        .line_start(at)
        .path(spell::path(&place.path, options))
        .annotation(annotation)
        .into()
}
