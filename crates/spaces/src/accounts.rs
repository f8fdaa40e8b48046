//! Accounts of the machine, from `/etc/passwd` and `/etc/group`. Not here: accounts that only a directory service knows.

use std::sync::Arc;
use system::{System, User, read_as};
use text::passwd::{Account, Group, read_accounts, read_groups};

/// What stands in for an empty shell field.
pub(crate) const DEFAULT_SHELL: &str = "/bin/sh";

pub(crate) fn user_named(system: &dyn System, name: &str) -> Option<User> {
    accounts(system)?.iter().find(|a| a.name == name).map(user)
}

fn accounts(system: &dyn System) -> Option<Arc<Vec<Account>>> {
    read_as(system, "/etc/passwd", read_accounts).ok()
}

fn user(account: &Account) -> User {
    let Account { name, uid, gid, home, shell, .. } = account.clone();
    let shell = if shell.is_empty() { DEFAULT_SHELL.to_owned() } else { shell };
    User { name, uid, gid, home, shell }
}

/// The account of uid 0: the first one in the file, else what every Unix calls it.
pub(crate) fn root(system: &dyn System) -> User {
    let accounts = accounts(system).unwrap_or_default();
    accounts.iter().find(|a| a.uid == 0).map_or_else(
        || User { name: "root".into(), uid: 0, gid: 0, home: "/root".into(), shell: DEFAULT_SHELL.into() },
        user,
    )
}

/// The groups that a user belongs to, the primary one first.
pub(crate) fn groups_of(system: &dyn System, user: &User) -> Vec<Group> {
    let all = read_as(system, "/etc/group", read_groups).unwrap_or_default();
    let mut groups: Vec<Group> =
        all.iter().filter(|g| g.gid == user.gid || g.members.contains(&user.name)).cloned().collect();
    groups.sort_by_key(|g| g.gid != user.gid);
    groups
}
