//! The private machine of a variant: mounts, users, files. Runs inside of the namespaces only.

use super::dump;
use super::variants::Variant;
use crate::failure::{Doing, Done, Failure};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;
use system::User;

/// Who is there.
pub(super) struct Stage {
    pub(super) ann: User,
    pub(super) bob: User,
    pub(super) root: User,
}

const EMPTY: &[&str] = &["/run", "/home", "/root", "/var/log", "/var/spool/cron", "/var/mail"];
const ETC: &str = "/run/etc";

pub(super) fn set(variant: &Variant) -> Done<Stage> {
    for folder in EMPTY {
        mount(&["-t", "tmpfs", "-o", "mode=755", "none", folder])?;
    }
    for folder in ["/run/etc/upper", "/run/etc/work", "/run/sshd", "/run/lock", "/home/ann/.ssh", "/home/bob"]
    {
        fs::create_dir_all(folder)?;
    }
    let options = format!("lowerdir=/etc,upperdir={ETC}/upper,workdir={ETC}/work");
    mount(&["-t", "overlay", "-o", &options, "none", "/etc"])?;
    fs::create_dir_all(dump::FOLDER)?;
    fs::set_permissions(dump::FOLDER, fs::Permissions::from_mode(0o1777))?;
    fs::write(dump::program(), b"")?;
    let own = std::env::current_exe()?;
    mount(&["--bind", &own.to_string_lossy(), &dump::program()])?;
    let stage = users(variant)?;
    crontabs(variant, &stage)?;
    for (path, text) in &variant.files {
        write(path, text)?;
    }
    owned_by("/home/ann", &stage.ann)?;
    owned_by("/home/bob", &stage.bob)?;
    for path in ["/etc/sudoers", "/etc/sudoers.d/50-variant"] {
        if Path::new(path).exists() {
            fs::set_permissions(path, fs::Permissions::from_mode(0o440))?;
        }
    }
    Ok(stage)
}

fn mount(args: &[&str]) -> Done {
    let status = Command::new("mount").args(args).status().doing("mount")?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("mount {} failed", args.join(" ")))) }
}

fn write(path: &str, text: &[u8]) -> Done {
    if let Some(folder) = Path::new(path).parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).doing(path)
}

fn users(variant: &Variant) -> Done<Stage> {
    let passwd = fs::read_to_string("/etc/passwd")?;
    let mut lines: Vec<String> = passwd
        .lines()
        .map(|line| match line.strip_prefix("root:") {
            // The tests look at what root's shell is given.
            Some(_) => format!("root:x:0:0:root:/root:{}", variant.shell),
            None => line.to_owned(),
        })
        .collect();
    let user = |name: &str, id: u32| User {
        name: name.to_owned(),
        uid: id,
        gid: id,
        home: format!("/home/{name}"),
        shell: variant.shell.clone(),
    };
    let (ann, bob) = (user("ann", 2001), user("bob", 2002));
    let mut groups = fs::read_to_string("/etc/group")?;
    let mut shadow = fs::read_to_string("/etc/shadow")?;
    for u in [&ann, &bob] {
        lines.push(format!("{}:x:{}:{}::{}:{}", u.name, u.uid, u.gid, u.home, u.shell));
        groups.push_str(&format!("{}:x:{}:\n", u.name, u.gid));
        shadow.push_str(&format!("{}:*:19000:0:99999:7:::\n", u.name));
    }
    groups.push_str("crew:x:2010:ann\n");
    fs::write("/etc/passwd", lines.join("\n") + "\n")?;
    fs::write("/etc/group", groups)?;
    fs::write("/etc/shadow", shadow)?;
    fs::write("/etc/shells", format!("/bin/sh\n/bin/bash\n{}\n", variant.shell))?;
    let root = User {
        name: "root".to_owned(),
        uid: 0,
        gid: 0,
        home: "/root".to_owned(),
        shell: variant.shell.clone(),
    };
    Ok(Stage { ann, bob, root })
}

fn crontabs(variant: &Variant, stage: &Stage) -> Done {
    let path = format!("/var/spool/cron/crontabs/{}", stage.ann.name);
    write(&path, &variant.crontab)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    let passwd = text::passwd::read_groups(&fs::read("/etc/group")?);
    let group = passwd.iter().find(|g| g.name == "crontab").map(|g| g.gid);
    chown(&path, Some(stage.ann.uid), group)?;
    // The machine's own jobs are not to run.
    fs::write("/etc/crontab", "")?;
    for entry in fs::read_dir("/etc/cron.d")? {
        fs::remove_file(entry?.path())?;
    }
    Ok(())
}

fn owned_by(folder: &str, user: &User) -> Done {
    chown(folder, Some(user.uid), Some(user.gid))?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        chown(&path, Some(user.uid), Some(user.gid))?;
        if path.is_dir() {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
            owned_by(&path.to_string_lossy(), user)?;
        }
    }
    Ok(())
}
