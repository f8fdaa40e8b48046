//! `container`: what process 1 of a container was given. Not here: containers seen from outside.

use crate::derived::{Context, Derive, Derived, Stage};
use crate::trace::Trace;
use model::{Evidence, Origin, Space, SpaceId};
use system::{Os, ReadError, System};

/// The family `container`.
pub(crate) const FAMILY: Derive = Derive { family: "container", stage: Stage::BeforeShells, spaces: derive };

fn derive(context: &Context<'_>) -> Vec<Derived> {
    let Some(sign) = sign(context.system) else { return Vec::new() };
    let id = SpaceId::of("container");
    let title = format!("container ({sign})");
    let space = process_1(context.system, id.clone(), &title).unwrap_or_else(|error| {
        let reason = format!("the environment of process 1 {error}");
        Space::new(id, title, None, Evidence::Unreadable { reason })
    });
    vec![Derived { space, then: None }]
}

/// What tells that this is a container, in words.
pub(crate) fn sign(system: &dyn System) -> Option<String> {
    if system.os() != Os::Linux {
        return None;
    }
    for file in ["/.dockerenv", "/run/.containerenv", "/run/host/container-manager"] {
        if system.exists(file) {
            return Some(format!("there is `{file}`"));
        }
    }
    let groups = system.read("/proc/1/cgroup").unwrap_or_default();
    let groups = String::from_utf8_lossy(&groups);
    if let Some(word) = ["docker", "kubepods", "libpod", "lxc"].iter().find(|w| groups.contains(**w)) {
        return Some(format!("`{word}` in /proc/1/cgroup"));
    }
    let variables = system.process_environment(1).ok()?;
    variables
        .iter()
        .any(|(name, _)| name.is("container"))
        .then(|| "process 1 has the variable `container`".to_owned())
}

/// What process 1 was given, as a space.
pub(crate) fn process_1(system: &dyn System, id: SpaceId, title: &str) -> Result<Space, ReadError> {
    let variables = system.process_environment(1)?;
    let mut space = Space::new(id, title, None, Evidence::Observed);
    let mut trace = Trace::new();
    let origin = Origin::Process { pid: 1 };
    trace.layer("observed", "given to process 1 of the container", origin.clone());
    for (name, value) in &variables {
        trace.set(name.as_bytes(), value.as_bytes(), origin.clone());
    }
    space.layers = trace.into_layers();
    Ok(space)
}

#[cfg(test)]
mod tests {
    use super::*;
    use system::memory::MemorySystem;

    #[test]
    fn a_container_is_known_by_its_file() {
        assert_eq!(sign(&MemorySystem::linux()), None);
        assert!(sign(&MemorySystem::linux().file("/.dockerenv", "")).is_some());
    }
}
