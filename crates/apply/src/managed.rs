//! Files that another program makes: an edit would be refused by the disk, or lost when that program runs again.
//!
//! What a link of stow, rcm or dotbot leads to is the user's own file and is edited where it lies. Not here: rights and
//! modes.

use crate::resolve::{self, Target};
use system::write::Disk;
use system::{FileKind, Os};

/// Who makes the file, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Manager {
    /// Follows the file's name in a sentence.
    pub(crate) what: String,
    pub(crate) advice: String,
}

fn manager(what: impl Into<String>, advice: impl Into<String>) -> Option<Manager> {
    Some(Manager { what: what.into(), advice: advice.into() })
}

/// The program that makes this file, if one is known. `path` is the file as it was named, `bytes` what is in it.
pub(crate) fn manager_of(disk: &dyn Disk, path: &str, target: &Target, bytes: &[u8]) -> Option<Manager> {
    if disk.os() != Os::Windows
        && let Some(found) = nix(target)
    {
        return Some(found);
    }
    chezmoi(disk, path, target).or_else(|| yadm(disk, target)).or_else(|| header(bytes))
}

/// The Nix store, and those who link into it: home-manager (modules/files.nix builds `home-manager-files`), NixOS
/// (nixos/modules/system/etc/etc.nix links `/etc/static`).
fn nix(target: &Target) -> Option<Manager> {
    let on_the_way = || target.links.iter().map(|l| l.to.as_str()).chain([target.file.as_str()]);
    if !target.file.starts_with("/nix/store/") {
        return None;
    }
    if on_the_way().any(|p| p.contains("-home-manager-files/")) {
        return manager(
            "is made by home-manager and lies in the Nix store, where nothing is changed",
            "change your home-manager configuration and run `home-manager switch`",
        );
    }
    if on_the_way().any(|p| p.contains("/etc/static/") || p.starts_with("/etc/static")) {
        return manager(
            "is made by NixOS and lies in the Nix store, where nothing is changed",
            "change the system's configuration.nix and run `nixos-rebuild switch`",
        );
    }
    manager("lies in the Nix store, where nothing is changed", "change what builds it")
}

/// chezmoi writes the files of the home from its source folder; one that is edited in place is overwritten by the next
/// `chezmoi apply` (chezmoi.io: "Source state attributes").
fn chezmoi(disk: &dyn Disk, path: &str, target: &Target) -> Option<Manager> {
    let os = disk.os();
    let home = disk.user().home;
    let source = join(os, &home, &[".local", "share", "chezmoi"]);
    if !disk.is_folder(&source) {
        return None;
    }
    if below(os, &source, &target.file).is_some() {
        return manager(
            format!("leads into chezmoi's source folder (`{}`)", target.file),
            format!("use `chezmoi edit --apply {path}`"),
        );
    }
    // `.chezmoiroot` names the folder of the source state within the source folder.
    let root = disk.read(&join(os, &source, &[".chezmoiroot"])).ok();
    let root = root.and_then(|bytes| Some(String::from_utf8(bytes).ok()?.trim().to_owned()));
    let source = root.filter(|r| !r.is_empty()).map_or(source.clone(), |r| join(os, &source, &[&r]));
    let parts = below(os, &home, path).or_else(|| below(os, &home, &target.file))?;
    let mut at = source;
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        let names = disk.read_dir(&at).ok()?;
        let found = names.iter().find(|name| {
            let here = join(os, &at, &[name]);
            disk.is_folder(&here) != last && chezmoi_target(name, last).is_some_and(|t| t == *part)
        })?;
        at = join(os, &at, &[found]);
    }
    manager(
        format!("is written by chezmoi from `{at}`"),
        format!("use `chezmoi edit --apply {path}`, else the next `chezmoi apply` takes the edit away"),
    )
}

/// Attributes that may stand before a name in chezmoi's source state, in any order that it accepts.
const CHEZMOI_PREFIXES: &[&str] = &[
    "encrypted_",
    "private_",
    "readonly_",
    "empty_",
    "executable_",
    "exact_",
    "external_",
    "modify_",
    "symlink_",
];

/// What a name of the source state becomes; `None` for what makes no lasting content: scripts, files that are only
/// created once, files to be removed, chezmoi's own.
fn chezmoi_target(name: &str, file: bool) -> Option<String> {
    let never = ["run_", "create_", "remove_", "."];
    if never.iter().any(|p| name.starts_with(p)) {
        return None;
    }
    let mut rest = name;
    let mut dot = false;
    loop {
        if let Some(literal) = rest.strip_prefix("literal_") {
            rest = literal;
            break;
        }
        if let Some(after) = rest.strip_prefix("dot_") {
            (rest, dot) = (after, true);
            break;
        }
        match CHEZMOI_PREFIXES.iter().find_map(|p| rest.strip_prefix(p)) {
            Some(after) => rest = after,
            None => break,
        }
    }
    if file {
        rest = match rest.strip_suffix(".literal") {
            Some(literal) => literal,
            None => rest.strip_suffix(".tmpl").unwrap_or(rest),
        };
        rest = rest.strip_suffix(".age").or_else(|| rest.strip_suffix(".asc")).unwrap_or(rest);
    }
    Some(if dot { format!(".{rest}") } else { rest.to_owned() })
}

/// yadm makes a file from its template beside it (yadm(1), TEMPLATES: `NAME##template`, `NAME##t`).
fn yadm(disk: &dyn Disk, target: &Target) -> Option<Manager> {
    let os = disk.os();
    let name = resolve::name(os, &target.file);
    let names = disk.read_dir(&target.folder(os)).ok()?;
    let template = names.iter().find(|n| {
        let conditions = n.strip_prefix(name).and_then(|rest| rest.strip_prefix("##"));
        conditions.is_some_and(|c| {
            c.split(',').any(|word| matches!(word.split('.').next(), Some("template" | "t" | "yadm")))
        })
    })?;
    manager(
        format!("is made by yadm from `{template}` beside it"),
        format!("edit `{template}` and run `yadm alt`"),
    )
}

/// Lines of a file's first comment that are looked at.
const HEAD_LINES: usize = 20;

/// Words of a first comment by which programs claim the whole file, in lower case.
const CLAIMS: &[&str] = &[
    "do not edit",
    "don't edit",
    "do not modify",
    "do not change this file",
    "managed by",
    "@generated",
    "autogenerated",
    "auto-generated",
    "automatically generated",
    "this file is generated",
    "this file was generated",
    "changes will be lost",
    "changes will be overwritten",
    "changes made here will be",
];

/// Words with which a program claims not the file, but the block that follows (conda: `# !! Contents within this block
/// are managed by 'conda init' !!`).
const BLOCK_ONLY: &[&str] =
    &["within this block", "this block", "this section", "the following lines", "lines below"];

/// A comment at the head of the file that says another program makes it.
fn header(bytes: &[u8]) -> Option<Manager> {
    let bytes = bytes.strip_prefix(text::edit::BOM).unwrap_or(bytes);
    let lines = bytes.split(|&b| b == b'\n').take(HEAD_LINES);
    for (number, line) in (1..).zip(lines) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        let comment = ["#", "//", "/*", "*", "<!--", ";", "\"", "--"].iter().any(|c| line.starts_with(c));
        if !line.is_empty() && !comment {
            return None;
        }
        // A marked block begins: what is said from here on is said of the block.
        if line.contains(">>>") {
            return None;
        }
        let lower = line.to_lowercase();
        if BLOCK_ONLY.iter().any(|w| lower.contains(w)) {
            continue;
        }
        if CLAIMS.iter().any(|w| lower.contains(w)) {
            let said: String = line.chars().filter(|c| !c.is_control()).take(100).collect();
            return manager(
                format!("says in line {number} that another program makes it (`{said}`)"),
                "change it by that program".to_owned(),
            );
        }
    }
    None
}

fn join(os: Os, folder: &str, names: &[&str]) -> String {
    let separator = resolve::separator(os);
    names
        .iter()
        .fold(folder.trim_end_matches(separator).to_owned(), |path, name| format!("{path}{separator}{name}"))
}

/// The names that lead from a folder to what is in it.
fn below(os: Os, folder: &str, path: &str) -> Option<Vec<String>> {
    let separator = resolve::separator(os);
    let rest = path.strip_prefix(folder.trim_end_matches(separator))?.strip_prefix(separator)?;
    Some(rest.split(separator).map(str::to_owned).collect())
}

/// A folder's `.stow` marker or stow's own ignore list says that links into it are stow's (stow(8)).
pub(crate) fn by_stow(disk: &dyn Disk, target: &Target) -> bool {
    let os = disk.os();
    if target.links.is_empty() {
        return false;
    }
    let mut at = target.file.as_str();
    loop {
        let up = resolve::parent(os, at);
        if up == at {
            return false;
        }
        let marked = [".stow", ".stowrc", ".stow-local-ignore", ".stow-global-ignore"];
        if marked.iter().any(|m| disk.standing(&join(os, up, &[m])).is_ok_and(|s| s.kind == FileKind::File)) {
            return true;
        }
        at = up;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use system::memory::{MemoryDisk, MemorySystem};

    fn made_by(machine: MemorySystem, path: &str) -> Option<String> {
        let disk = MemoryDisk::new(machine);
        let target = resolve::resolve(&disk, path).expect("it leads somewhere");
        let bytes = system::System::read(&disk, path).unwrap_or_default();
        manager_of(&disk, path, &target, &bytes).map(|m| format!("{} – {}", m.what, m.advice))
    }

    #[test]
    fn the_nix_store_is_not_written() {
        let store = "/nix/store/abc-home-manager-files/.zshrc";
        let machine = MemorySystem::linux().file(store, "x").link("/home/ann/.zshrc", store);
        assert!(made_by(machine, "/home/ann/.zshrc").is_some_and(|m| m.contains("home-manager switch")));
        let machine = MemorySystem::linux()
            .file("/nix/store/def-etc/etc/profile", "x")
            .link("/etc/static", "/nix/store/def-etc/etc")
            .link("/etc/profile", "/etc/static/profile");
        assert!(made_by(machine, "/etc/profile").is_some_and(|m| m.contains("nixos-rebuild switch")));
    }

    #[test]
    fn chezmoi_writes_what_its_source_names() {
        let source = "/home/ann/.local/share/chezmoi";
        let machine = MemorySystem::linux()
            .file(&format!("{source}/private_dot_config/exact_fish/config.fish.tmpl"), "x")
            .file(&format!("{source}/create_dot_bashrc"), "x")
            .file("/home/ann/.config/fish/config.fish", "x")
            .file("/home/ann/.bashrc", "x")
            .file("/home/ann/.zshrc", "x");
        let made = made_by(machine.clone(), "/home/ann/.config/fish/config.fish").expect("managed");
        assert!(made.contains("exact_fish/config.fish.tmpl") && made.contains("chezmoi edit"), "{made}");
        assert_eq!(made_by(machine.clone(), "/home/ann/.bashrc"), None);
        assert_eq!(made_by(machine, "/home/ann/.zshrc"), None);
    }

    #[test]
    fn names_of_chezmois_source_state() {
        for (name, file, wanted) in [
            ("dot_zshrc", true, Some(".zshrc")),
            ("private_readonly_dot_netrc.tmpl", true, Some(".netrc")),
            ("literal_dot_x", true, Some("dot_x")),
            ("run_once_install.sh", true, None),
            ("exact_private_dot_ssh", false, Some(".ssh")),
            ("encrypted_private_dot_env.age", true, Some(".env")),
        ] {
            assert_eq!(chezmoi_target(name, file).as_deref(), wanted, "{name}");
        }
    }

    #[test]
    fn a_first_comment_claims_a_file_and_a_block_does_not() {
        let says = |text: &str| header(text.as_bytes()).is_some();
        assert!(says("# This file is managed by Ansible, do not touch\nexport A=1\n"));
        assert!(says("// Code generated by x. DO NOT EDIT.\n"));
        assert!(says("\u{feff}# automatically generated\n"));
        assert!(!says("export A=1\n# managed by hand\n"));
        assert!(!says(
            "# >>> conda initialize >>>\n# !! Contents within this block are managed by 'conda init' !!\n"
        ));
        assert!(!says("# Generated by Powerlevel10k configuration wizard\n"));
    }

    #[test]
    fn yadm_makes_files_from_templates() {
        let machine = MemorySystem::linux()
            .file("/home/ann/.zshrc", "x")
            .file("/home/ann/.zshrc##template.default", "x")
            .file("/home/ann/.bashrc", "x")
            .file("/home/ann/.bashrc##os.Linux", "x");
        assert!(made_by(machine.clone(), "/home/ann/.zshrc").is_some());
        assert_eq!(made_by(machine, "/home/ann/.bashrc"), None);
    }
}
