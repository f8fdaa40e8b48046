//! Which go is found, and the tree around it.

pub(crate) mod goroot_wrong;
