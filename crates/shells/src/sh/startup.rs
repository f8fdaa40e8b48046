//! Which files a POSIX shell reads when it starts (POSIX.1-2017 XCU sh, ENV; dash: main.c main; bash: shell.c
//! run_startup_files under `act_like_sh`).

use crate::bash::startup::{file, home, named_file};
use crate::{Request, StartupFile};
use model::LayerStatus;
use system::System;

pub(super) fn files(system: &dyn System, request: &Request) -> Vec<StartupFile> {
    let not_login = (!request.mode.login).then_some("read by login shells only");
    let home = home(system, request);
    let not_interactive = (!request.mode.interactive).then_some("ENV is for interactive shells");
    let env = match named_file(system, request, "ENV") {
        Some(path) => file(system, "env-file", &path, not_interactive),
        None => {
            let reason = not_interactive.unwrap_or("ENV is not set when the shell starts").to_owned();
            let status = LayerStatus::Skipped { reason };
            StartupFile { id: "env-file".to_owned(), path: "$ENV".to_owned(), status }
        }
    };
    vec![
        file(system, "etc-profile", "/etc/profile", not_login),
        file(system, "profile", &format!("{home}/.profile"), not_login),
        env,
    ]
}
