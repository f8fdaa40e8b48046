//! What the dynamic linker takes from the environment of a program that gains privileges (`su`, `sudo`).
//!
//! glibc 2.36: sysdeps/generic/unsecvars.h `UNSECURE_ENVVARS`, unset in elf/dl-support.c and rtld.c where
//! `AT_SECURE` is set. Seen as a plain user with Debian 12's su and sudo.

use crate::trace::Trace;
use model::Origin;

const UNSECURE: &[&str] = &[
    "GCONV_PATH",
    "GETCONF_DIR",
    "HOSTALIASES",
    "LD_AUDIT",
    "LD_DEBUG",
    "LD_DEBUG_OUTPUT",
    "LD_DYNAMIC_WEAK",
    "LD_HWCAP_MASK",
    "LD_LIBRARY_PATH",
    "LD_ORIGIN_PATH",
    "LD_PRELOAD",
    "LD_PROFILE",
    "LD_SHOW_AUXV",
    "LOCALDOMAIN",
    "LOCPATH",
    "MALLOC_CHECK_",
    "MALLOC_TRACE",
    "NIS_PATH",
    "NLSPATH",
    "RESOLV_HOST_CONF",
    "RES_OPTIONS",
    "TMPDIR",
    "TZDIR",
];

/// Whose settings are filtered one by one (elf/dl-tunables.c `parse_tunables`): which stay depends on glibc's release.
const FILTERED: &str = "GLIBC_TUNABLES";

/// Adds the layer, unless the caller has the privileges already.
pub(crate) fn apply(trace: &mut Trace, caller_uid: u32) {
    let touched = UNSECURE.iter().chain([&FILTERED]).any(|name| trace.has(name.as_bytes()));
    if caller_uid == 0 || !touched {
        return;
    }
    let rule = Origin::rule(
        "the dynamic linker drops it from a program that gains privileges",
        "glibc: sysdeps/generic/unsecvars.h",
    );
    trace.layer("secure-execution", "dynamic linker, for a set-uid program", rule.clone());
    for name in UNSECURE {
        trace.unset(name.as_bytes(), rule.clone());
    }
    if trace.has(FILTERED.as_bytes()) {
        let filter = Origin::rule("the dynamic linker filters its settings", "glibc: elf/dl-tunables.c");
        trace.unreadable(FILTERED.as_bytes(), "which settings stay depends on glibc's release", filter);
    }
}
