//! The greatest resident memory of a command.
//!
//! A child counts what its parent held when it was forked (Linux: exec keeps the high-water mark of the old memory), so
//! the command is started by a program of almost no memory. Not here: times.

use crate::failure::{Doing as _, Done, Failure};
use crate::steps;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Starts its arguments as a command with stdout and stderr closed to the world, and prints `ru_maxrss` (getrusage(2):
/// KiB); ends with status 1 unless the command ends with 0.
const SOURCE: &str = "\
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
    pid_t child = fork();
    if (child == 0) {
        int null = open(\"/dev/null\", O_RDWR);
        dup2(null, 1);
        dup2(null, 2);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    int status = 0;
    struct rusage usage;
    if (argc < 2 || child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) return 1;
    printf(\"%ld\\n\", usage.ru_maxrss);
    return 0;
}
";

/// The small program, built in a folder.
pub(super) fn build(folder: &Path) -> Done<PathBuf> {
    let (source, program) = (folder.join("memory.c"), folder.join("memory"));
    std::fs::write(&source, SOURCE)?;
    let mut compile = Command::new("cc");
    steps::step(compile.args(["-O1", "-static", "-o"]).args([&program, &source]))?;
    Ok(program)
}

/// KiB of a command, which must succeed.
pub(super) fn of(small: &Path, command: &Command) -> Done<u32> {
    let mut through = Command::new(small);
    through.arg(command.get_program()).args(command.get_args()).env_clear();
    through.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        through.current_dir(folder);
    }
    let output = through.stdin(Stdio::null()).output().doing(small.display())?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| Failure::new(format!("{command:?}: ended with {}", output.status)))
}
