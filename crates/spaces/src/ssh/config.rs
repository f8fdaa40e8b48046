//! What sshd_config says about the environment of one user's sessions (openssh: servconf.c).
//!
//! Match blocks are decided by user and group; one that asks for an address, a host or a port cannot be decided
//! without a connection and is taken not to match.

use model::{Origin, Problem};
use system::{ReadError, System, User};
use text::sshd::{Line, matches, matches_list, read};

/// `SERVCONF_MAX_DEPTH` of servconf.c.
const MAX_DEPTH: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) use_pam: bool,
    pub(super) user_environment: bool,
    /// Which names of `~/.ssh/environment` count; `None`: all.
    pub(super) user_environment_names: Option<String>,
    pub(super) set_env: Vec<(String, String, Origin)>,
    pub(super) problems: Vec<Problem>,
    pub(super) unreadable: Option<String>,
}

/// A line, and the Match block that it stands in, if any.
struct Located {
    line: Line,
    path: String,
    block: Option<usize>,
}

impl Config {
    pub(super) fn read(system: &dyn System, path: &str, user: &User, groups: Vec<String>) -> Self {
        let mut config = Self::default();
        let mut reader = Reader { system, lines: Vec::new(), conditions: Vec::new(), problems: Vec::new() };
        match reader.file(path, 0, None) {
            Ok(()) => {}
            // Without a file of its own sshd does not start; its defaults are all that can be said.
            Err(error) => config.unreadable = Some(format!("`{path}` {error}")),
        }
        config.problems.append(&mut reader.problems);
        let who = Who { user, groups };
        let mut decided = Vec::new();
        for (condition, origin) in &reader.conditions {
            decided.push(who.holds(condition).unwrap_or_else(|what| {
                let message = format!("`Match {what}` is taken not to match – it depends on the connection");
                config.problems.push(Problem::info("ssh-match-undecided", message).at(origin.clone()));
                false
            }));
        }
        let global = || reader.lines.iter().filter(|l| l.block.is_none());
        let first =
            |keyword: &str| global().find(|l| l.line.keyword == keyword).and_then(|l| l.line.args.first());
        config.use_pam = first("usepam").is_some_and(|a| a == "yes");
        match first("permituserenvironment").map(String::as_str) {
            None | Some("no") => {}
            Some("yes") => config.user_environment = true,
            Some(list) => {
                config.user_environment = true;
                config.user_environment_names = Some(list.to_owned());
            }
        }
        // The first SetEnv line counts; one of a block that matches takes the place of the whole list.
        let matched = || reader.lines.iter().filter(|l| l.block.is_some_and(|b| decided[b]));
        let of = |l: &&Located| l.line.keyword == "setenv";
        if let Some(found) = matched().find(of).or_else(|| global().find(of)) {
            for argument in &found.line.args {
                let Some((name, value)) = argument.split_once('=') else { continue };
                if !config.set_env.iter().any(|(n, ..)| n == name) {
                    let origin = Origin::line(&found.path, found.line.line);
                    config.set_env.push((name.to_owned(), value.to_owned(), origin));
                }
            }
        }
        config
    }
}

struct Reader<'a> {
    system: &'a dyn System,
    lines: Vec<Located>,
    conditions: Vec<(Vec<String>, Origin)>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn file(&mut self, path: &str, depth: usize, block: Option<usize>) -> Result<(), ReadError> {
        let bytes = self.system.read(path)?;
        if depth > MAX_DEPTH {
            return Ok(());
        }
        // A Match block ends with the file that it stands in.
        let mut block = block;
        for line in read(&bytes) {
            match line.keyword.as_str() {
                "match" => {
                    let origin = Origin::line(path, line.line);
                    self.conditions.push((line.args, origin));
                    block = Some(self.conditions.len() - 1);
                }
                "include" => {
                    for pattern in &line.args {
                        self.include(pattern, depth, block);
                    }
                }
                _ => self.lines.push(Located { line, path: path.to_owned(), block }),
            }
        }
        Ok(())
    }

    fn include(&mut self, pattern: &str, depth: usize, block: Option<usize>) {
        let pattern =
            if pattern.starts_with('/') { pattern.to_owned() } else { format!("/etc/ssh/{pattern}") };
        let Some((folder, name)) = pattern.rsplit_once('/') else { return };
        for file in self.system.read_dir(folder).unwrap_or_default() {
            if !matches(&file, name) || (file.starts_with('.') && !name.starts_with('.')) {
                continue;
            }
            let path = format!("{folder}/{file}");
            if let Err(error) = self.file(&path, depth + 1, block) {
                let message = format!("`{path}` {error}, so what it changes is not known");
                self.problems.push(Problem::warning("ssh-config-unreadable", message).at(Origin::file(path)));
            }
        }
    }
}

struct Who<'a> {
    user: &'a User,
    groups: Vec<String>,
}

impl Who<'_> {
    /// Whether all conditions hold; the words of one that cannot be decided.
    fn holds(&self, conditions: &[String]) -> Result<bool, String> {
        if conditions.first().is_some_and(|c| c.eq_ignore_ascii_case("all")) {
            return Ok(true);
        }
        let mut undecided = None;
        for pair in conditions.chunks(2) {
            let [what, list] = pair else { return Ok(false) };
            let holds = match what.to_ascii_lowercase().as_str() {
                "user" => matches_list(&self.user.name, list),
                "group" => group_list(&self.groups, list),
                _ => {
                    undecided = Some(format!("{what} {list}"));
                    true
                }
            };
            if !holds {
                return Ok(false);
            }
        }
        undecided.map_or(Ok(true), Err)
    }
}

/// A negated pattern that any group matches decides (openssh: groupaccess.c `ga_match_pattern_list`).
fn group_list(groups: &[String], list: &str) -> bool {
    let mut found = false;
    for group in groups {
        for pattern in list.split(',') {
            match pattern.strip_prefix('!') {
                Some(negated) if matches(group, negated) => return false,
                Some(_) => {}
                None => found |= matches(group, pattern),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use system::memory::MemorySystem;

    fn set_env(text: &str) -> Vec<(String, String)> {
        let machine =
            MemorySystem::linux().file("/c", text).file("/etc/ssh/sshd_config.d/a.conf", "SetEnv A=inc\n");
        let config = Config::read(&machine, "/c", &machine.user(), vec!["wheel".into()]);
        config.set_env.into_iter().map(|(n, v, _)| (n, v)).collect()
    }

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    // Each was seen with Debian 12's sshd (OpenSSH 9.2) on loopback.
    #[test]
    fn the_first_set_env_counts_and_a_matching_block_replaces_it() {
        assert_eq!(set_env("SetEnv A=1 B=2 A=3\nSetEnv C=4\n"), [pair("A", "1"), pair("B", "2")]);
        assert_eq!(set_env("SetEnv A=1\nMatch User ann\nSetEnv B=2\n"), [pair("B", "2")]);
        assert_eq!(set_env("SetEnv A=1\nMatch User bob\nSetEnv B=2\n"), [pair("A", "1")]);
        assert_eq!(set_env("Match Group wheel,!x\nSetEnv B=2\n"), [pair("B", "2")]);
        assert_eq!(set_env("Include sshd_config.d/*.conf\nSetEnv A=1\n"), [pair("A", "inc")]);
    }

    #[test]
    fn a_block_that_asks_for_an_address_is_undecided() {
        let machine = MemorySystem::linux().file("/c", "Match Address 10.0.0.0/8\nSetEnv A=1\n");
        let config = Config::read(&machine, "/c", &machine.user(), Vec::new());
        assert!(config.set_env.is_empty());
        assert_eq!(config.problems.len(), 1);
    }
}
