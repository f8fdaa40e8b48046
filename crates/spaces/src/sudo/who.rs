//! Whom a Defaults line is for: lists of users, groups, hosts and aliases (sudo: plugins/sudoers/match.c).
//!
//! Not here: netgroups, networks and addresses, which never match.

use crate::accounts;
use system::{System, User};
use text::sudoers::{Line, Scope};

/// Aliases may name aliases, and each other.
const MAX_DEPTH: usize = 128;

/// The host's name as sudo compares it: with `fqdn`, what `/etc/hosts` calls it first.
pub(super) fn canonical_host(system: &dyn System, fqdn: bool) -> String {
    let own = system.host_name();
    if !fqdn {
        return own;
    }
    let hosts = system.read("/etc/hosts").unwrap_or_default();
    let hosts = String::from_utf8_lossy(&hosts);
    let line = hosts.lines().map(|l| l.split('#').next().unwrap_or_default()).find_map(|l| {
        let names: Vec<&str> = l.split_whitespace().skip(1).collect();
        names.contains(&own.as_str()).then(|| names[0].to_owned())
    });
    line.unwrap_or(own)
}

/// Decides the lists of members of Defaults lines.
pub(super) struct Matcher<'a> {
    system: &'a dyn System,
    lines: &'a [(Line, String)],
    host: &'a str,
    depth: usize,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(system: &'a dyn System, lines: &'a [(Line, String)], host: &'a str) -> Self {
        Self { system, lines, host, depth: 0 }
    }

    /// The last member that matches decides; `!` turns it round.
    fn decide(members: &[String], one: impl Fn(&str) -> bool) -> bool {
        members
            .iter()
            .rev()
            .find_map(|member| {
                let bare = member.trim_start_matches('!');
                let negated = (member.len() - bare.len()) % 2 == 1;
                one(bare).then_some(!negated)
            })
            .unwrap_or(false)
    }

    fn alias(&self, kinds: &[Scope], name: &str) -> Option<&[String]> {
        self.lines.iter().find_map(|(line, _)| match line {
            Line::Alias { scope, name: found, members, .. } if kinds.contains(scope) && found == name => {
                Some(members.as_slice())
            }
            _ => None,
        })
    }

    fn deeper(&self) -> Matcher<'a> {
        Matcher { depth: self.depth + 1, ..*self }
    }

    pub(super) fn user(&self, members: &[String], user: &User) -> bool {
        Self::decide(members, |member| {
            if member == "ALL" || member == user.name {
                return true;
            }
            if let Some(id) = member.strip_prefix("%#") {
                return accounts::groups_of(self.system, user).iter().any(|g| g.gid.to_string() == id);
            }
            if let Some(group) = member.strip_prefix('%') {
                return accounts::groups_of(self.system, user).iter().any(|g| g.name == group);
            }
            if let Some(id) = member.strip_prefix('#') {
                return user.uid.to_string() == id;
            }
            self.depth < MAX_DEPTH
                && self
                    .alias(&[Scope::User, Scope::Runas], member)
                    .is_some_and(|inner| self.deeper().user(inner, user))
        })
    }

    pub(super) fn host(&self, members: &[String]) -> bool {
        Self::decide(members, |member| {
            let short = self.host.split('.').next().unwrap_or_default();
            let name = if member.contains('.') { self.host } else { short };
            member == "ALL"
                || text::sshd::matches(&name.to_ascii_lowercase(), &member.to_ascii_lowercase())
                || (self.depth < MAX_DEPTH
                    && self.alias(&[Scope::Host], member).is_some_and(|inner| self.deeper().host(inner)))
        })
    }
}
