//! The private folder of a run, and the placeholders that stand for what is in it.

use crate::os::HandOver;
use crate::{RunSpec, Scratch};
use std::io;
use std::path::{Path, PathBuf};

/// The folder of one run; removed with it.
pub(super) struct Laid {
    pub(super) folder: PathBuf,
    pub(super) fifo: PathBuf,
    replacements: Vec<(&'static [u8], Vec<u8>)>,
}

impl Laid {
    pub(super) fn new(spec: &RunSpec, hand_over: &HandOver) -> io::Result<Self> {
        let template = std::env::temp_dir().join("gowhence-XXXXXX");
        let folder = nix::unistd::mkdtemp(&template).map_err(io::Error::from)?;
        let fifo = folder.join("environment");
        let mut laid = Self { folder, fifo, replacements: Vec::new() };
        nix::unistd::mkfifo(&laid.fifo, nix::sys::stat::Mode::S_IRUSR | nix::sys::stat::Mode::S_IWUSR)?;
        laid.replacements = laid.replacements_for(hand_over);
        for scratch in &spec.scratch {
            laid.lay(scratch)?;
        }
        Ok(laid)
    }

    fn replacements_for(&self, hand_over: &HandOver) -> Vec<(&'static [u8], Vec<u8>)> {
        let fifo = self.fifo.to_string_lossy().into_owned();
        let command = match hand_over {
            HandOver::Program(program) => format!("{} __environment {}", quote(program), quote(&fifo)),
            // `$$` is the shell that was executed with exactly the environment; `cat` only reads its block.
            HandOver::Shell => {
                format!("/bin/sh -c '/bin/cat /proc/$$/environ >\"$1\"; /bin/sleep 10' sh {}", quote(&fifo))
            }
        };
        let program = match hand_over {
            HandOver::Program(program) => program.clone(),
            HandOver::Shell => "/bin/sh".to_owned(),
        };
        vec![
            (b"@HANDOVER@", command.into_bytes()),
            (b"@HANDOVER_PROGRAM@", program.into_bytes()),
            (b"@HANDOVER_FIFO@", fifo.into_bytes()),
            (b"@SCRATCH@", self.folder.to_string_lossy().into_owned().into_bytes()),
        ]
    }

    fn lay(&self, scratch: &Scratch) -> io::Result<()> {
        let (Scratch::File { path, .. } | Scratch::Link { path, .. }) = scratch;
        let path = self.folder.join(path);
        if let Some(parent) = path.parent() {
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

impl Drop for Laid {
    fn drop(&mut self) {
        // What cannot be removed is left in the temporary folder; the answer does not depend on it.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Quoted for POSIX shells, fish and csh alike: single quotes, and only where the text needs them.
fn quote(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-+,:".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
