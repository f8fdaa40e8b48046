//! The start-up phases of one traced run: files that moved with ZDOTDIR, files that options kept zsh from reading.

use super::place::Finder;
use super::walk::Change;
use super::{files, words};
use crate::{Request, trace::file_phase};
use model::{Layer, LayerStatus, Origin, Value};
use system::System;

/// The start-up files as phases, between zsh itself and the prompt.
pub(super) fn of(system: &dyn System, request: &Request) -> Vec<Layer> {
    let mut phases = vec![Layer::applied(files::SHELL_PHASE, "zsh itself", Vec::new())];
    phases.extend(
        files::startup_files(system, request)
            .into_iter()
            .map(|file| file_phase(&file.id, &file.path, file.status)),
    );
    if request.mode.prompt {
        phases.push(Layer::applied(files::PROMPT_PHASE, "hooks of the first prompt", Vec::new()));
    }
    phases
}

/// The phase of a file that zsh reads by itself, at the bottom of a call chain.
pub(super) fn of_file(phases: &[Layer], path: &str) -> Option<usize> {
    let (_, name) = path.rsplit_once('/')?;
    let exact = phases.iter().position(|p| p.title == path);
    exact.or_else(|| {
        let stem = name.strip_prefix('.')?;
        phases.iter().position(|p| p.id == stem)
    })
}

/// Where zsh stood when it came to each phase (index as in the phases).
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// The first file path seen for each phase (index as in the phases).
    pub(super) path: Vec<Option<String>>,
    /// `$ZDOTDIR` and the option letters before the phase, where known.
    pub(super) folder: Vec<Option<String>>,
    pub(super) no_rcs: Vec<bool>,
    pub(super) no_global_rcs: Vec<bool>,
}

impl Seen {
    pub(super) fn of(finder: &Finder<'_>, phases: &[Layer], request: &Request, changes: &[Change]) -> Self {
        let none = vec![false; phases.len()];
        let mut seen = Self {
            path: vec![None; phases.len()],
            folder: vec![None; phases.len()],
            no_rcs: none.clone(),
            no_global_rcs: none,
        };
        let text = |value: &Value| value.to_text().into_owned();
        let mut folder = request.base_value("ZDOTDIR").filter(|v| !v.is_empty()).map(text);
        let mut moves = changes.iter().filter(|c| c.name.is("ZDOTDIR")).peekable();
        let (mut no_rcs, mut no_global_rcs) = (false, false);
        let mut reached = 0;
        let mut moved = true;
        let mut file: Option<&[u8]> = None;
        for (at, record) in finder.calls.live.iter().enumerate() {
            while let Some(change) = moves.next_if(|c| c.maker < at) {
                folder = change.after.as_ref().filter(|v| !v.is_empty()).map(text);
                moved = true;
            }
            // Files without a command stand between the last phase and this record's: what held before this record
            // held for them.
            let later = if std::mem::take(&mut moved) { reached + 1..phases.len() } else { 0..0 };
            for later in later {
                seen.folder[later].clone_from(&folder);
                seen.no_rcs[later] = no_rcs;
                seen.no_global_rcs[later] = no_global_rcs;
            }
            if record.depth == 1
                && record.is_of_file()
                && file.replace(&record.file) != Some(&record.file)
                && let Some(phase) = of_file(phases, &finder.file(at))
            {
                reached = reached.max(phase);
                seen.path[phase].get_or_insert_with(|| finder.file(at));
            }
            let command = record.text;
            if sets_options(command) {
                moved = true;
                no_rcs |= unsets(command, b"rcs");
                no_global_rcs |= unsets(command, b"globalrcs");
            }
        }
        seen
    }
}

fn sets_options(command: &[u8]) -> bool {
    [b"setopt".as_slice(), b"unsetopt", b"set "].iter().any(|begin| command.starts_with(begin))
}

/// Whether a command that sets options unsets this one, by any of its spellings (zshoptions(1): case and `_` do not matter, `no` in
/// front inverts).
fn unsets(command: &[u8], option: &[u8]) -> bool {
    let words: Vec<Vec<u8>> = words::split(command)
        .into_iter()
        .map(|w| w.iter().filter(|&&b| b != b'_').map(u8::to_ascii_lowercase).collect())
        .collect();
    let inverted = [b"no", option].concat();
    match words.split_first() {
        Some((first, rest)) if first == b"unsetopt" => rest.iter().any(|w| w == option),
        Some((_, rest)) => rest.contains(&inverted),
        None => false,
    }
}

/// Corrects what was foreseen by what was seen: the folder of the user's files, and files that `unsetopt rcs` or
/// `unsetopt globalrcs` kept zsh from reading (zsh: Src/init.c `run_init_scripts`, `sourcehome`).
pub(super) fn correct(system: &dyn System, request: &Request, phases: &mut [Layer], seen: &Seen) {
    let read_here = |status: &LayerStatus| !matches!(status, LayerStatus::Skipped { reason } if reason.starts_with("only "));
    for (at, phase) in phases.iter_mut().enumerate() {
        let own = ["zshenv", "zprofile", "zshrc", "zlogin"].contains(&phase.id.as_str());
        let global = phase.id.starts_with("etc-");
        if !own && !global {
            continue;
        }
        if let Some(path) = seen.path.get(at).cloned().flatten() {
            *phase = file_phase(&phase.id.clone(), &path, LayerStatus::Applied);
            continue;
        }
        if !read_here(&phase.status) {
            continue;
        }
        if own {
            let folder = seen.folder.get(at).cloned().flatten().unwrap_or_else(|| request.home());
            let path = format!("{}/.{}", folder.trim_end_matches('/'), phase.id);
            if path != phase.title {
                *phase = file_phase(&phase.id.clone(), &path, files::status_of(system, &path));
            }
        }
        let flag = |flags: &[bool]| flags.get(at).copied().unwrap_or(false);
        let option = match () {
            () if flag(&seen.no_rcs) => "RCS",
            () if global && flag(&seen.no_global_rcs) => "GLOBAL_RCS",
            () => continue,
        };
        if phase.status == LayerStatus::Applied {
            phase.status = LayerStatus::Skipped { reason: format!("the option {option} was unset before") };
            phase.source = Some(Origin::file(phase.title.clone()));
        }
    }
}
