//! Starts of shells side by side: those of one shell one after another, for they write the same home.
//!
//! Not here: what is started.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{Scope, ScopedJoinHandle};

/// The work that waits for each shell's earlier work.
pub(crate) struct Chains<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    /// By shell family; never sent to, but closed when its last work is done.
    last: BTreeMap<String, Receiver<()>>,
}

impl<'scope, 'env> Chains<'scope, 'env> {
    pub(crate) fn new(scope: &'scope Scope<'scope, 'env>) -> Self {
        Self { scope, last: BTreeMap::new() }
    }

    /// Begins the work when all that was given for the same shell before is done.
    pub(crate) fn run<T: Send + 'scope>(
        &mut self,
        family: &str,
        work: impl FnOnce() -> T + Send + 'scope,
    ) -> ScopedJoinHandle<'scope, T> {
        let (open, closed) = channel::<()>();
        let before = self.last.insert(family.to_owned(), closed);
        self.scope.spawn(move || {
            if let Some(before) = before {
                // Ends in an error, as nothing is sent.
                let _ = before.recv();
            }
            let done = work();
            drop(open);
            done
        })
    }
}

/// What a thread gave; its panic is ours.
pub(crate) fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::time::Duration;

    #[test]
    fn one_shell_after_another_and_different_ones_side_by_side() {
        let log = Mutex::new(Vec::new());
        let note = &|what: &'static str| log.lock().expect("lock").push(what);
        std::thread::scope(|scope| {
            let mut chains = Chains::new(scope);
            let (go, wait) = channel::<()>();
            let first = chains.run("bash", move || {
                // Ends only because zsh does not wait for bash.
                let _ = wait.recv_timeout(Duration::from_secs(30));
                note("bash 1");
            });
            let second = chains.run("bash", move || note("bash 2"));
            let other = chains.run("zsh", move || {
                note("zsh");
                drop(go);
            });
            joined(first);
            joined(second);
            joined(other);
        });
        assert_eq!(log.into_inner().expect("lock"), ["zsh", "bash 1", "bash 2"]);
    }
}
