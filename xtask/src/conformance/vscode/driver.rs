//! The program that starts servers and drives the browser (`conformance/vscode/driver.mjs`), spoken to in lines of JSON.
//!
//! One driver and one browser for all jobs; several threads may ask at a time. When it is dropped, the driver ends
//! itself and all that it began.

use super::setup::Server;
use crate::failure::{Doing as _, Done, Failure};
use crate::root;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

type Waiting = Arc<Mutex<HashMap<u64, Sender<Value>>>>;

/// A running driver.
#[derive(Debug)]
pub(super) struct Driver {
    child: Child,
    input: Mutex<Option<ChildStdin>>,
    waiting: Waiting,
    next: Mutex<u64>,
}

impl Driver {
    /// `scratch` is the browser's home.
    pub(super) fn start(server: &Server, scratch: &Path) -> Done<Self> {
        let mut child = Command::new(&server.node)
            // Its SQLite is said to be an experiment.
            .arg("--disable-warning=ExperimentalWarning")
            .arg(root::root().join("conformance/vscode/driver.mjs"))
            .args([&server.modules, &server.chromium])
            .arg(scratch)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .doing("the driver")?;
        let waiting = Waiting::default();
        let input = Mutex::new(child.stdin.take());
        if let Some(output) = child.stdout.take() {
            let waiting = Arc::clone(&waiting);
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let Ok(answer) = serde_json::from_str::<Value>(&line) else { continue };
                    let number = answer["number"].as_u64().unwrap_or_default();
                    let asked = waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
                    if let Some(asked) = asked {
                        drop(asked.send(answer));
                    }
                }
                // Without a driver nobody will answer: those that wait are let go.
                waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
            });
        }
        Ok(Self { child, input, waiting, next: Mutex::new(0) })
    }

    /// Has one job done and waits for its answer.
    pub(super) fn ask(&self, mut job: Value) -> Done<Value> {
        let what = format!("driver: {}", job["job"].as_str().unwrap_or_default());
        let (sender, receiver) = channel();
        let number = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            *next += 1;
            *next
        };
        job["number"] = json!(number);
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(number, sender);
        if let Some(input) = self.input.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            writeln!(input, "{job}").and_then(|()| input.flush()).doing(&what)?;
        }
        let answer = receiver.recv().map_err(|_| Failure::new(format!("{what}: the driver has ended")))?;
        if answer["ok"].as_bool() == Some(true) {
            return Ok(answer);
        }
        Err(Failure::new(format!("{what}: {}", answer["error"].as_str().unwrap_or("no answer"))))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The end of its input is its sign to end.
        drop(self.input.lock().unwrap_or_else(PoisonError::into_inner).take());
        drop(self.child.wait());
    }
}
