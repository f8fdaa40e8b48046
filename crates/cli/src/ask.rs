//! Asking for a survey: progress while it lasts, and what must be said about it afterwards.
//!
//! Not here: what the answer is used for.

use crate::arguments::Common;
use crate::failure::{Failure, Outcome};
use crate::machine::{Lookups, Machine};
use crate::names;
use crate::progress::Progress;
use crate::terminal;
use model::{Atlas, SpaceId};
use spaces::{GoOf, Options, Survey};
use std::mem::ManuallyDrop;
use system::System;

/// Which spaces are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Those that the map shows by default.
    Usual,
    /// Every shell and every space.
    All,
    /// These, and what they hang under.
    These(Vec<SpaceId>),
}

/// A survey that is kept to the end of the process: to take it apart costs as much as to make it, and answers nothing.
pub(crate) type Kept = ManuallyDrop<Survey>;

/// One command's look at the machine.
pub(crate) struct Look<'a> {
    pub(crate) common: &'a Common,
    pub(crate) machine: Machine,
}

impl<'a> Look<'a> {
    pub(crate) fn new(common: &'a Common) -> Result<Self, Failure> {
        Ok(Self { common, machine: Machine::open(common)? })
    }

    /// A space as it was typed.
    pub(crate) fn space(&self, text: &str) -> Result<SpaceId, Failure> {
        names::resolve(text, self.machine.system.as_ref())
    }

    pub(crate) fn spaces(&self, texts: &[String]) -> Result<Vec<SpaceId>, Failure> {
        texts.iter().map(|text| self.space(text)).collect()
    }

    /// Looks, with stored probes as far as they may be used, and says if they were.
    pub(crate) fn survey(&self, wanted: &Wanted, go: GoOf) -> Kept {
        let survey = self.survey_with(wanted, go, self.common.refresh);
        if let Some(age) = survey.stored_age_ms.filter(|_| !self.common.quiet) {
            let age = names::age(age);
            terminal::talk(&format!("using probes of shells stored {age} ago; --refresh starts them anew"));
        }
        survey
    }

    /// Looks; with `refresh` no stored probe is used.
    pub(crate) fn survey_with(&self, wanted: &Wanted, go: GoOf, refresh: bool) -> Kept {
        self.survey_on(self.machine.system.as_ref(), wanted, go, refresh)
    }

    /// Looks at this machine through another one that stands before it.
    pub(crate) fn survey_on(&self, system: &dyn System, wanted: &Wanted, go: GoOf, refresh: bool) -> Kept {
        let progress = Progress::new(!self.common.quiet);
        let say = |text: &str| progress.say(text);
        let (all, spaces) = match wanted {
            Wanted::Usual => (false, None),
            Wanted::All => (true, None),
            Wanted::These(ids) => (false, Some(ids.clone())),
        };
        let options = Options {
            all,
            base: self.machine.base.clone(),
            project: self.machine.project(),
            live: spaces.is_none(),
            go,
            spaces,
            limits: self.machine.limits,
            refresh,
            probes: self.machine.store.as_ref(),
            progress: Some(&say),
            open: self.machine.open.clone(),
        };
        let _first = self.first_start();
        Kept::new(spaces::survey(system, &options))
    }

    /// What first starts of shells leave behind is taken away when this is dropped.
    fn first_start(&self) -> Option<system::first_start::FirstStart> {
        let machine = &self.machine.system;
        if self.common.machine.is_some() || !machine.can_run() {
            return None;
        }
        let environment = machine.environment();
        let find = |name: &str| {
            let (_, value) = environment.iter().find(|(n, _)| n.is(name))?;
            value.as_str().map(str::to_owned)
        };
        let home = find("HOME").unwrap_or_else(|| machine.user().home);
        Some(system::first_start::FirstStart::before(&home, find))
    }

    /// How answers about this atlas are to look.
    pub(crate) fn view_options(&self, atlas: &Atlas) -> view::Options {
        let base = atlas.fold(&atlas.baseline.space);
        let home = base.value("HOME").and_then(|home| home.as_str()).map(str::to_owned);
        terminal::view_options(self.common, home.or_else(|| Some(self.machine.system.user().home)))
    }

    pub(crate) fn lookups(&self) -> Lookups<'_> {
        Lookups::new(self.machine.system.as_ref())
    }

    /// Fails if a named space is none of this machine's, with names that are near; for one that is, but could not be
    /// had, says so and gives the exit status.
    pub(crate) fn check_named(&self, survey: &Survey) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::Fine;
        for (id, reason) in &survey.could_not_check {
            if survey.atlas.space(id).is_none() {
                return Err(self.unknown_space(id, reason));
            }
            terminal::talk(&format!("gowhence: {id} could not be checked – {reason}"));
            outcome = Outcome::NotChecked;
        }
        Ok(outcome)
    }

    /// A space that the machine has not got: not checked if there could be one of that name, else wrong usage.
    fn unknown_space(&self, id: &SpaceId, reason: &str) -> Failure {
        let known = self.known_spaces();
        let near = names::nearest(id.as_str(), known.iter().map(SpaceId::as_str));
        let system = self.machine.system.as_ref();
        if id.family() == "pid" && names::could_be(id, &known, system) {
            return Failure::NotChecked(format!(
                "{id} could not be checked – there is no process of that number"
            ));
        }
        if near.is_empty() && names::could_be(id, &known, system) {
            return Failure::NotChecked(format!("{id} could not be checked – {reason}"));
        }
        Failure::Usage {
            message: format!("`{id}` is no space of this machine"),
            hint: Some(names::did_you_mean(&near, "`gowhence map --all --no-run` lists them")),
        }
    }

    /// Every space that the machine has, found without starting anything.
    fn known_spaces(&self) -> Vec<SpaceId> {
        let still = system::os::Real::new().without_runs();
        let system = if self.common.machine.is_some() { self.machine.system.as_ref() } else { &still };
        let options = Options {
            all: true,
            base: spaces::Base::Login,
            project: self.machine.project(),
            spaces: None,
            limits: self.machine.limits,
            refresh: false,
            probes: None,
            progress: None,
            live: true,
            go: GoOf::NONE,
            open: self.machine.open.clone(),
        };
        spaces::survey(system, &options).atlas.spaces.into_iter().map(|s| s.id).collect()
    }
}
