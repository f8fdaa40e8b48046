//! System calls of Linux without the C library: what runs beside us in our own memory must not touch the caller's
//! `errno`.
//!
//! Not here: calls made by this process itself.

#![expect(unsafe_code, reason = "a system call is an instruction")]

use nix::libc::{c_int, c_long};

/// The call's result, or the error number as a negative one (syscall(2), "Architecture calling conventions").
///
/// # Safety
/// Pointers among the arguments must be what the call asks for.
#[cfg(target_arch = "x86_64")]
pub(super) unsafe fn call(number: c_long, arguments: [isize; 5]) -> isize {
    let [a, b, c, d, e] = arguments;
    let result: isize;
    // SAFETY: the instruction keeps every register but those named.
    unsafe {
        std::arch::asm!(
            "syscall",
            inlateout("rax") number as isize => result,
            in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e,
            lateout("rcx") _, lateout("r11") _,
            options(nostack),
        );
    }
    result
}

/// See above.
///
/// # Safety
/// Pointers among the arguments must be what the call asks for.
#[cfg(target_arch = "aarch64")]
pub(super) unsafe fn call(number: c_long, arguments: [isize; 5]) -> isize {
    let [a, b, c, d, e] = arguments;
    let result: isize;
    // SAFETY: the instruction keeps every register but the first.
    unsafe {
        std::arch::asm!(
            "svc 0",
            in("x8") number as isize,
            inlateout("x0") a => result,
            in("x1") b, in("x2") c, in("x3") d, in("x4") e,
            options(nostack),
        );
    }
    result
}

/// Ends the process.
pub(super) fn exit(status: c_int) -> ! {
    loop {
        // SAFETY: no pointers; the call does not return.
        unsafe { call(nix::libc::SYS_exit_group, [status as isize, 0, 0, 0, 0]) };
    }
}
