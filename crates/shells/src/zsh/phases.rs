//! The start-up phases of one traced run: files that moved with ZDOTDIR, files that options kept zsh from reading.

use super::files;
use crate::{Request, trace::file_phase};
use model::{Layer, LayerStatus, Origin};
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

/// Where zsh stood when it came to each phase.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// The first file path seen for each phase (index as in the phases).
    pub(super) path: Vec<Option<String>>,
    /// `$ZDOTDIR` and the option letters before the phase, where known.
    pub(super) folder: Vec<Option<String>>,
    pub(super) no_rcs: Vec<bool>,
    pub(super) no_global_rcs: Vec<bool>,
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
