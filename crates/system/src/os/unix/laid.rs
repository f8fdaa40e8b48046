//! Where a run hands its environment over, its private folder, and the placeholders that stand for them.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
use super::messenger;
use crate::os::HandOver;
use crate::{RunSpec, Scratch};
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// What one run needs beside itself.
pub(super) struct Laid {
    /// Only where something is laid into it.
    folder: Option<Folder>,
    replacements: Vec<(&'static [u8], Vec<u8>)>,
}

/// The end of the hand-over at which the environment comes out.
pub(super) struct Door {
    /// Non-blocking; reads as empty until the environment comes.
    pub(super) read: OwnedFd,
    /// An end for writing that keeps a pipe from counting as ended; to be closed once something came.
    pub(super) held: Option<OwnedFd>,
}

struct Entrance {
    door: Door,
    path: String,
    /// The command that hands over, up to the entrance's path.
    program: Option<&'static str>,
}

/// A private folder; removed with this.
struct Folder(PathBuf);

impl Laid {
    pub(super) fn new(spec: &RunSpec, hand_over: &HandOver) -> io::Result<(Self, Door)> {
        match by_messenger() {
            Some(entrance) => {
                let folder = if spec.scratch.is_empty() { None } else { Some(Folder::make()?) };
                Self::with(spec, hand_over, folder, entrance)
            }
            None => Self::by_fifo(spec, hand_over),
        }
    }

    /// By our own file or the system's programs, and a FIFO in a folder.
    fn by_fifo(spec: &RunSpec, hand_over: &HandOver) -> io::Result<(Self, Door)> {
        let folder = Folder::make()?;
        let entrance = fifo(&folder)?;
        Self::with(spec, hand_over, Some(folder), entrance)
    }

    fn with(
        spec: &RunSpec,
        hand_over: &HandOver,
        folder: Option<Folder>,
        entrance: Entrance,
    ) -> io::Result<(Self, Door)> {
        let replacements = replacements(hand_over, &entrance, folder.as_ref());
        let laid = Self { folder, replacements };
        for scratch in &spec.scratch {
            laid.lay(scratch)?;
        }
        Ok((laid, entrance.door))
    }

    fn lay(&self, scratch: &Scratch) -> io::Result<()> {
        let Some(Folder(folder)) = &self.folder else { return Ok(()) };
        let (Scratch::File { path, .. } | Scratch::Link { path, .. }) = scratch;
        let path = folder.join(path);
        if let Some(parent) = path.parent().filter(|parent| parent != folder) {
            crate::store::make_private_folder(parent)?;
        }
        match scratch {
            Scratch::File { bytes, .. } => crate::store::write_private(&path, &self.fill(bytes)),
            Scratch::Link { target, .. } => std::os::unix::fs::symlink(Path::new(target), &path),
        }
    }

    /// The text with the placeholders replaced.
    pub(super) fn fill(&self, text: &[u8]) -> Vec<u8> {
        if !text.contains(&b'@') {
            return text.to_vec();
        }
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        'next: while at < text.len() {
            if text[at] == b'@' {
                for (placeholder, bytes) in &self.replacements {
                    if text[at..].starts_with(placeholder) {
                        out.extend_from_slice(bytes);
                        at += placeholder.len();
                        continue 'next;
                    }
                }
            }
            out.push(text[at]);
            at += 1;
        }
        out
    }
}

impl Folder {
    fn make() -> io::Result<Self> {
        let template = std::env::temp_dir().join("gowhence-XXXXXX");
        Ok(Self(nix::unistd::mkdtemp(&template).map_err(io::Error::from)?))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left in the temporary folder; the answer does not depend on it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
fn by_messenger() -> Option<Entrance> {
    let program = messenger::path()?;
    let messenger::Door { read, held, path } = messenger::Door::open().ok()?;
    Some(Entrance { door: Door { read, held: Some(held) }, path, program: Some(program) })
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
fn by_messenger() -> Option<Entrance> {
    None
}

fn fifo(folder: &Folder) -> io::Result<Entrance> {
    use nix::fcntl::{OFlag, open};
    use nix::sys::stat::Mode;
    let path = folder.0.join("environment");
    nix::unistd::mkfifo(&path, Mode::S_IRUSR | Mode::S_IWUSR)?;
    // Opened before the other end is, without blocking; it reads as empty until then.
    let read = open(&path, OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC, Mode::empty())?;
    let path = path.to_string_lossy().into_owned();
    Ok(Entrance { door: Door { read, held: None }, path, program: None })
}

fn replacements(
    hand_over: &HandOver,
    entrance: &Entrance,
    folder: Option<&Folder>,
) -> Vec<(&'static [u8], Vec<u8>)> {
    let path = &entrance.path;
    let program = match (entrance.program, hand_over) {
        (Some(program), _) => program.to_owned(),
        (None, HandOver::Program(program)) => program.clone(),
        (None, HandOver::Shell) => "/bin/sh".to_owned(),
    };
    let command = match (entrance.program, hand_over) {
        // `$$` is the shell that was executed with exactly the environment; `cat` only reads its block.
        (None, HandOver::Shell) => {
            format!("/bin/sh -c '/bin/cat /proc/$$/environ >\"$1\"; /bin/sleep 10' sh {}", quote(path))
        }
        _ => format!("{} __environment {}", quote(&program), quote(path)),
    };
    let folder = folder.map(|f| f.0.to_string_lossy().into_owned()).unwrap_or_default();
    vec![
        (b"@HANDOVER@", command.into_bytes()),
        (b"@HANDOVER_PROGRAM@", program.into_bytes()),
        (b"@HANDOVER_FIFO@", path.clone().into_bytes()),
        (b"@SCRATCH@", folder.into_bytes()),
    ]
}

/// Quoted for POSIX shells, fish and csh alike: single quotes, and only where the text needs them.
fn quote(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-+,:".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd as _;
    use std::process::Command;

    /// What comes out when `/bin/sh` runs the hand-over command.
    fn handed_over(laid: &Laid, end: &OwnedFd) -> Vec<u8> {
        let command = String::from_utf8(laid.fill(b"exec @HANDOVER@")).expect("text");
        let mut fds = [PollFd::new(end.as_fd(), PollFlags::POLLIN)];
        assert_eq!(poll(&mut fds, PollTimeout::ZERO), Ok(0), "nobody has written yet");
        let mut child =
            Command::new("/bin/sh").arg("-c").arg(command).env_clear().env("A", "1\n").spawn().expect("sh");
        assert!(poll(&mut fds, PollTimeout::from(5000u16)).is_ok_and(|n| n > 0), "nothing came");
        let mut block = vec![0; 4096];
        let length = nix::unistd::read(end, &mut block).expect("readable");
        block.truncate(length);
        child.kill().expect("ended");
        child.wait().expect("waited for");
        block
    }

    #[test]
    fn with_and_without_the_messenger_the_same_is_handed_over() {
        let spec = RunSpec::default();
        for made in [Laid::new(&spec, &HandOver::Shell), Laid::by_fifo(&spec, &HandOver::Shell)] {
            let (laid, door) = made.expect("made");
            let block = handed_over(&laid, &door.read);
            let has = block.split(|&b| b == 0).any(|entry| entry == b"A=1\n");
            assert!(has, "{:?}", String::from_utf8_lossy(&block));
        }
    }
}
