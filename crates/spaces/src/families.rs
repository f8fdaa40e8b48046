//! The families of derived spaces, in the order of the map.

use crate::{
    Derive, agent, container, cron, desktop, go_children, login, ssh, su, sudo, systemd, tmux, vscode,
};

/// Every family.
pub const FAMILIES: &[Derive] = &[
    container::FAMILY,
    login::FAMILY,
    desktop::FAMILY,
    systemd::FAMILY,
    su::FAMILY,
    sudo::FAMILY,
    cron::FAMILY,
    ssh::FAMILY,
    tmux::FAMILY,
    agent::FAMILY,
    vscode::FAMILY,
    go_children::FAMILY,
];
