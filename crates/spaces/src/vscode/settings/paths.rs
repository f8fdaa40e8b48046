//! Paths in the machine's own spelling.

use system::{Os, System};

pub(crate) fn join(system: &dyn System, base: &str, parts: &[&str]) -> String {
    let windows = system.os() == Os::Windows;
    let is_separator = |c: char| c == '/' || (windows && c == '\\');
    let mut path = base.trim_end_matches(is_separator).to_owned();
    for part in parts {
        path.push(if windows { '\\' } else { '/' });
        path.push_str(part);
    }
    path
}
