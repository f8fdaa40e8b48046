//! Spaces that agree, as one column: letters, and the legend's names of their members.
//!
//! Not here: what they agree in; each view gives its own key.

use crate::folded::is_shell_mode;
use crate::layout::{hanging, pad};
use crate::{Options, spell};
use model::Space;

/// Spaces that agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// Indexes into the atlas, ascending.
    pub(crate) members: Vec<usize>,
}

impl Group {
    /// The member that stands for all: the reference space where it is one of them, else the first that is more
    /// than a place to start from, for that is where a user would look.
    pub(crate) fn speaker(&self, reference: Option<usize>, spaces: &[Space]) -> usize {
        let bare = |&&i: &&usize| !matches!(spaces[i].id.family(), "login" | "desktop" | "container");
        let first = || self.members.iter().find(bare).copied().unwrap_or(self.members[0]);
        reference.filter(|r| self.members.contains(r)).unwrap_or_else(first)
    }
}

/// Puts spaces with equal keys together: the group of `reference` first, the others in the order of the atlas.
pub(crate) fn group<K: PartialEq>(
    spaces: &[usize],
    reference: Option<usize>,
    key: impl Fn(usize) -> K,
) -> Vec<Group> {
    let mut found: Vec<(K, Group)> = Vec::new();
    for &space in spaces {
        let key = key(space);
        match found.iter_mut().find(|(k, _)| *k == key) {
            Some((_, group)) => group.members.push(space),
            None => found.push((key, Group { members: vec![space] })),
        }
    }
    let mut groups: Vec<Group> = found.into_iter().map(|(_, g)| g).collect();
    if let Some(first) = reference.and_then(|r| groups.iter().position(|g| g.members.contains(&r))) {
        let own = groups.remove(first);
        groups.insert(0, own);
    }
    groups
}

/// `A` … `Z`, `AA` …
pub(crate) fn letter(n: usize) -> String {
    let last = char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    if n < 26 { last.to_string() } else { format!("{}{last}", letter(n / 26 - 1)) }
}

/// Members by name, the modes of one shell together: `zsh (interactive, prompt) · tmux · pid:4711 gopls`.
pub(crate) fn members(spaces: &[&Space]) -> Vec<String> {
    let mut names: Vec<(String, Vec<&str>)> = Vec::new();
    for space in spaces {
        let mode = is_shell_mode(&space.id).then(|| space.id.variant()).flatten();
        let head = if mode.is_some() { shell_of(space) } else { alone(space) };
        match (mode, names.iter_mut().find(|(name, modes)| *name == head && !modes.is_empty())) {
            (Some(mode), Some((_, modes))) => modes.push(mode),
            (mode, _) => names.push((head, mode.into_iter().collect())),
        }
    }
    let text = |(name, modes): (String, Vec<&str>)| {
        if modes.is_empty() { name } else { format!("{name} ({})", modes.join(", ")) }
    };
    names.into_iter().map(text).collect()
}

fn shell_of(space: &Space) -> String {
    let id = space.id.as_str();
    id.split_once(':').map_or(id, |(head, _)| head).to_owned()
}

/// A live process is known by its number only: its title says what it is.
fn alone(space: &Space) -> String {
    let id = space.id.as_str();
    match space.id.family() {
        "pid" if !space.title.is_empty() && space.title != id => {
            let title = space.title.strip_prefix(&id.replace(':', " ")).unwrap_or(&space.title).trim();
            format!("{id} {}", spell::printable(title.as_bytes(), None, None))
        }
        _ => id.to_owned(),
    }
}

/// One line (or more) of a legend: ` A  zsh (interactive) · tmux`.
pub(crate) fn legend(label: &str, spaces: &[&Space], columns: usize) -> String {
    // A name is broken only where it is longer than a line: its spaces are made unbreakable for the wrapping.
    let names: Vec<String> = members(spaces).iter().map(|n| n.replace(' ', "\u{a0}")).collect();
    let joined = names.join("\u{a0}· ");
    hanging(&format!(" {label}  "), &joined, columns).replace('\u{a0}', " ")
}

/// Legend lines of the spaces without values, those with the same reason together. `label` is the width of labels.
pub(crate) fn silent(spaces: &[Space], label: usize, options: &Options) -> String {
    let mut found: Vec<(String, Vec<&Space>)> = Vec::new();
    for space in spaces.iter().filter(|s| !s.evidence.has_values()) {
        let why = spell::evidence(&space.evidence, options);
        match found.iter_mut().find(|(w, _)| *w == why) {
            Some((_, members)) => members.push(space),
            None => found.push((why, vec![space])),
        }
    }
    let mut out = String::new();
    for (why, members) in found {
        out.push_str(&legend(&pad("–", label), &members, options.columns()));
        out.push_str(&hanging(&" ".repeat(label + 3), &why, options.columns()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Evidence, SpaceId};

    #[test]
    fn modes_of_one_shell_stand_together() {
        let space = |id: &str, title: &str| {
            let id: SpaceId = id.parse().expect("well formed");
            Space::new(id, title, None, Evidence::Observed)
        };
        let all = [
            space("zsh:login", ""),
            space("tmux", "tmux"),
            space("zsh:prompt", ""),
            space("pid:7", "pid 7 gopls"),
            space("sudo:login", ""),
        ];
        let all: Vec<&Space> = all.iter().collect();
        assert_eq!(members(&all).join(" · "), "zsh (login, prompt) · tmux · pid:7 gopls · sudo:login");
    }

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 25, 26, 51, 52].map(letter).join(" "), "A Z AA AZ BA");
    }
}
