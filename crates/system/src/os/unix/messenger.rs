//! The smallest program that can hand an environment over: no C library, no dynamic linking, a page of memory.
//!
//! A shell that is probed ends in starting the program that hands its environment over. Starting our own file there
//! costs ten times what the kernel needs for a start, most of it in the dynamic linker; this one opens the door that
//! its second argument names, writes its environment block as it lies on its stack, closes the door and waits to be
//! ended. It lies in memory (memfd_create(2)) and is reached, like the door, through `/proc/PID/fd`, so that nothing of
//! a run needs a folder. Whether all that works here is tried once; where it does not (no `/proc`, a kernel that
//! executes no such files), our own file does it.
//!
//! Not here: what is done with the block (`run`).

#![expect(unsafe_code, reason = "a program in machine code; each block says why it is sound")]

use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::io::{self, Write as _};
use std::os::fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// How long the one try may take, milliseconds.
const TRY_AT_MOST: u16 = 2000;

// `PROGRAM __environment DOOR`: open(DOOR, O_WRONLY), write, close, wait ten seconds, end with status 2. The strings of
// the environment lie one after another, in the order of `envp` (linux: fs/exec.c `copy_strings`).
#[cfg(target_arch = "x86_64")]
std::arch::global_asm!(
    ".pushsection .rodata.gowhence_messenger, \"a\"",
    ".hidden gowhence_messenger",
    ".globl gowhence_messenger",
    ".hidden gowhence_messenger_end",
    ".globl gowhence_messenger_end",
    "gowhence_messenger:",
    "mov rax, [rsp]",
    "cmp rax, 3",
    "jb 8f",
    "lea rbx, [rsp + rax*8 + 16]", // envp
    "mov rsi, [rsp + 24]",         // argv[2]
    "mov edi, -100",
    "mov edx, 1",
    "mov eax, 257", // openat
    "syscall",
    "test eax, eax",
    "js 8f",
    "mov r12d, eax",
    "mov rsi, [rbx]",
    "test rsi, rsi",
    "jz 6f",
    "2:", // the last string
    "mov rdi, [rbx]",
    "add rbx, 8",
    "cmp qword ptr [rbx], 0",
    "jne 2b",
    "3:", // its end
    "cmp byte ptr [rdi], 0",
    "lea rdi, [rdi + 1]",
    "jne 3b",
    "mov rdx, rdi",
    "sub rdx, rsi",
    "4:",
    "mov edi, r12d",
    "mov eax, 1", // write
    "syscall",
    "test rax, rax",
    "js 8f",
    "add rsi, rax",
    "sub rdx, rax",
    "jnz 4b",
    "6:",
    "mov edi, r12d",
    "mov eax, 3", // close
    "syscall",
    "xor edi, edi",
    "xor esi, esi",
    "mov edx, 10000",
    "mov eax, 7", // poll
    "syscall",
    "8:",
    "mov edi, 2",
    "mov eax, 231", // exit_group
    "syscall",
    "gowhence_messenger_end:",
    ".popsection",
);

#[cfg(target_arch = "aarch64")]
std::arch::global_asm!(
    ".pushsection .rodata.gowhence_messenger, \"a\"",
    ".p2align 2",
    ".hidden gowhence_messenger",
    ".globl gowhence_messenger",
    ".hidden gowhence_messenger_end",
    ".globl gowhence_messenger_end",
    "gowhence_messenger:",
    "ldr x9, [sp]",
    "cmp x9, #3",
    "b.lo 8f",
    "mov x10, sp",
    "add x10, x10, x9, lsl #3",
    "add x10, x10, #16", // envp
    "ldr x1, [sp, #24]", // argv[2]
    "mov x0, #-100",
    "mov x2, #1",
    "mov x3, #0",
    "mov x8, #56", // openat
    "svc #0",
    "tbnz w0, #31, 8f",
    "mov x12, x0",
    "ldr x1, [x10]",
    "cbz x1, 6f",
    "2:", // the last string
    "ldr x11, [x10], #8",
    "ldr x13, [x10]",
    "cbnz x13, 2b",
    "3:", // its end
    "ldrb w13, [x11], #1",
    "cbnz w13, 3b",
    "sub x2, x11, x1",
    "4:",
    "mov x0, x12",
    "mov x8, #64", // write
    "svc #0",
    "tbnz x0, #63, 8f",
    "add x1, x1, x0",
    "subs x2, x2, x0",
    "b.ne 4b",
    "6:",
    "mov x0, x12",
    "mov x8, #57", // close
    "svc #0",
    "mov x0, #10",
    "stp x0, xzr, [sp, #-16]!",
    "mov x0, sp",
    "mov x1, #0",
    "mov x8, #101", // nanosleep
    "svc #0",
    "8:",
    "mov x0, #2",
    "mov x8, #94", // exit_group
    "svc #0",
    "gowhence_messenger_end:",
    ".popsection",
);

unsafe extern "C" {
    #[link_name = "gowhence_messenger"]
    static BEGIN: u8;
    #[link_name = "gowhence_messenger_end"]
    static END: u8;
}

/// The program's path, for as long as this process lives; `None` where it cannot be used.
pub(super) fn path() -> Option<&'static str> {
    static PATH: OnceLock<Option<(OwnedFd, String)>> = OnceLock::new();
    PATH.get_or_init(|| made().filter(|(_, path)| works(path))).as_ref().map(|(_, path)| path.as_str())
}

fn made() -> Option<(OwnedFd, String)> {
    let name = c"gowhence-messenger".as_ptr();
    let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
    // SAFETY: a literal name. Kernels before 6.3 know no MFD_EXEC, and need none.
    let fd = unsafe {
        match libc::memfd_create(name, flags | libc::MFD_EXEC) {
            ..0 => libc::memfd_create(name, flags),
            fd => fd,
        }
    };
    if fd < 0 {
        return None;
    }
    // SAFETY: a fresh descriptor that nobody else knows.
    let fd = unsafe { OwnedFd::from_raw_fd(fd) };
    let mut file = std::fs::File::from(fd);
    file.write_all(&image()).ok()?;
    let fd = OwnedFd::from(file);
    // What is executed must be what was written here.
    let seals = libc::F_SEAL_WRITE | libc::F_SEAL_GROW | libc::F_SEAL_SHRINK | libc::F_SEAL_SEAL;
    // SAFETY: integers.
    unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_ADD_SEALS, seals) };
    let path = path_of(&fd);
    Some((fd, path))
}

/// How other processes of the same user reach a descriptor of ours.
fn path_of(fd: &OwnedFd) -> String {
    format!("/proc/{}/fd/{}", std::process::id(), fd.as_raw_fd())
}

/// The code in a static program of one segment (elf(5)).
fn image() -> Vec<u8> {
    const HEADERS: u64 = 64 + 2 * 56;
    const BASE: u64 = 0x40_0000;
    let machine: u16 = if cfg!(target_arch = "x86_64") { 62 } else { 183 };
    // SAFETY: the two symbols enclose the code above, in one section.
    let code = unsafe {
        let begin = &raw const BEGIN;
        std::slice::from_raw_parts(begin, (&raw const END).addr() - begin.addr())
    };
    let length = HEADERS + code.len() as u64;
    let mut image = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    let half = |image: &mut Vec<u8>, n: u16| image.extend_from_slice(&n.to_le_bytes());
    let word = |image: &mut Vec<u8>, n: u32| image.extend_from_slice(&n.to_le_bytes());
    let long = |image: &mut Vec<u8>, n: u64| image.extend_from_slice(&n.to_le_bytes());
    // ET_EXEC, machine, version; entry, program headers, no sections; flags; sizes and counts.
    half(&mut image, 2);
    half(&mut image, machine);
    word(&mut image, 1);
    long(&mut image, BASE + HEADERS);
    long(&mut image, 64);
    long(&mut image, 0);
    word(&mut image, 0);
    for n in [64, 56, 2, 64, 0, 0] {
        half(&mut image, n);
    }
    // PT_LOAD, readable and executable; PT_GNU_STACK, readable and writable.
    for (kind, flags, place, size, align) in [(1, 5, BASE, length, 0x1000), (0x6474_e551, 6, 0, 0, 16)] {
        word(&mut image, kind);
        word(&mut image, flags);
        for n in [0, place, place, size, size, align] {
            long(&mut image, n);
        }
    }
    image.extend_from_slice(code);
    image
}

/// Whether the program hands something over here.
fn works(path: &str) -> bool {
    let Ok(door) = Door::open() else { return false };
    let mut command = Command::new(path);
    command.args(["__environment", &door.path]).env_clear().env("A", "1");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    let mut fds = [PollFd::new(door.read.as_fd(), PollFlags::POLLIN)];
    let heard = poll(&mut fds, PollTimeout::from(TRY_AT_MOST)).is_ok_and(|n| n > 0);
    let mut block = [0u8; 16];
    let right = heard && nix::unistd::read(&door.read, &mut block).is_ok_and(|n| &block[..n] == b"A=1\0");
    let _ = child.kill();
    let _ = child.wait();
    right
}

/// A pipe that others write to by a path.
pub(super) struct Door {
    /// Our end, non-blocking.
    pub(super) read: OwnedFd,
    /// Held so that the pipe does not count as ended before anybody came.
    pub(super) held: OwnedFd,
    pub(super) path: String,
}

impl Door {
    pub(super) fn open() -> io::Result<Self> {
        use nix::fcntl::OFlag;
        let (read, held) = nix::unistd::pipe2(OFlag::O_CLOEXEC | OFlag::O_NONBLOCK)?;
        // Opened by its path a pipe is a writer's whichever end the path names.
        let path = path_of(&read);
        Ok(Self { read, held, path })
    }
}
