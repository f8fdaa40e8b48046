//! Modules, workspaces, toolchains and proxies.

pub(crate) mod gomodule_off;
pub(crate) mod goprivate_scheme;
pub(crate) mod mod_in_workspace;
pub(crate) mod proxy_silent;
pub(crate) mod toolchain_local;
pub(crate) mod vendor_missing;
pub(crate) mod workspace_excludes;
