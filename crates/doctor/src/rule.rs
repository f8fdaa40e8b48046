//! What a rule is.
//!
//! Not here: the rules.

use crate::Look;
use model::{Finding, Origin, Related, Severity, SpaceId};
use system::Os;

/// What a rule is about; the page's heading in the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Which go is found, and its tree.
    Sdk,
    /// Settings with which go refuses to work, or works for the wrong thing.
    Settings,
    /// Modules, workspaces, proxies.
    Modules,
    /// Start-up files of shells.
    Shell,
    /// Editors.
    Editor,
    /// PATH and other lists.
    Lists,
}

impl Area {
    pub fn as_str(self) -> &'static str {
        match self {
            Area::Sdk => "sdk",
            Area::Settings => "settings",
            Area::Modules => "modules",
            Area::Shell => "shell",
            Area::Editor => "editor",
            Area::Lists => "lists",
        }
    }
}

/// How far a rule has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Stable,
    /// Only with `--preview`.
    Preview,
}

/// A rule's pure check.
pub type Check = fn(&Look<'_>) -> Vec<Finding>;

/// A rule. Its page is the documentation of the module that defines it.
#[expect(missing_debug_implementations, reason = "holds a function")]
pub struct Rule {
    /// Never used again for another rule.
    pub code: &'static str,
    pub name: &'static str,
    pub area: Area,
    /// By consequence: an error where a Go command in some place is wrong or fails.
    pub severity: Severity,
    pub status: Status,
    /// Where it is checked; empty: everywhere.
    pub platforms: &'static [Os],
    /// The less, the nearer to the root: of findings that explain one another the lowest comes first.
    pub depth: u8,
    /// The source of the module, whose `//!` lines are the page.
    pub source: &'static str,
    pub check: Check,
}

impl Rule {
    /// The page: Markdown, from the module's documentation.
    pub fn page(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        lines
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .fold(String::new(), |page, line| page + line + "\n")
    }

    /// The page's first line, which says what the rule is for.
    pub fn summary(&self) -> String {
        self.page().lines().next().unwrap_or_default().trim_start_matches("# ").to_owned()
    }

    /// A finding of this rule at a place; the rest is filled in by [`With`].
    pub fn finding(
        &self,
        message: impl Into<String>,
        origin: Option<Origin>,
        spaces: Vec<SpaceId>,
    ) -> Finding {
        Finding {
            code: self.code.to_owned(),
            name: self.name.to_owned(),
            severity: self.severity,
            message: message.into(),
            origin,
            label: String::new(),
            related: Vec::new(),
            spaces,
            variable: None,
            consequence: String::new(),
            help: String::new(),
            fixes: Vec::new(),
        }
    }
}

/// The rest of a finding, in the order in which it is read.
pub(crate) trait With: Sized {
    fn variable(self, name: &str) -> Self;
    fn label(self, text: impl Into<String>) -> Self;
    fn related(self, origin: Origin, label: impl Into<String>) -> Self;
    fn happens(self, text: impl Into<String>) -> Self;
    fn help(self, text: impl Into<String>) -> Self;
    fn fix(self, fix: Option<model::Fix>) -> Self;
}

impl With for Finding {
    fn variable(mut self, name: &str) -> Self {
        self.variable = Some(name.into());
        self
    }

    fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    fn related(mut self, origin: Origin, label: impl Into<String>) -> Self {
        self.related.push(Related { origin, label: label.into() });
        self
    }

    fn happens(mut self, text: impl Into<String>) -> Self {
        self.consequence = text.into();
        self
    }

    fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }

    fn fix(mut self, fix: Option<model::Fix>) -> Self {
        self.fixes.extend(fix);
        self
    }
}
