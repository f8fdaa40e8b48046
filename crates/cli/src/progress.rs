//! What is shown while shells are slow: one line on stderr, on a terminal only.
//!
//! Not here: when something is slow; whoever works says what they do.

use crate::terminal;
use std::sync::Mutex;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the line is drawn anew.
const TICK: Duration = Duration::from_millis(120);

/// What turns before the text.
const SIGNS: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/// A line that is gone when this is dropped.
pub(crate) struct Progress {
    wanted: bool,
    drawing: Mutex<Option<(Sender<String>, JoinHandle<()>)>>,
}

impl Progress {
    pub(crate) fn new(wanted: bool) -> Self {
        Self { wanted: wanted && terminal::can_animate(), drawing: Mutex::new(None) }
    }

    /// Says what is being done now.
    pub(crate) fn say(&self, text: &str) {
        if !self.wanted {
            return;
        }
        let Ok(mut drawing) = self.drawing.lock() else { return };
        let (texts, _) = drawing.get_or_insert_with(|| {
            let (texts, told) = channel::<String>();
            (texts, std::thread::spawn(move || draw(&told)))
        });
        let _ = texts.send(text.to_owned());
    }
}

/// Draws the newest text until nobody has more to say, then takes the line away.
fn draw(told: &std::sync::mpsc::Receiver<String>) {
    let mut text = String::new();
    for sign in SIGNS.iter().cycle() {
        match told.recv_timeout(TICK) {
            Ok(newest) => text = newest,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        terminal::redraw(&format!("{sign} {text}"));
    }
    terminal::redraw("");
}

impl Drop for Progress {
    fn drop(&mut self) {
        let drawing = self.drawing.get_mut().ok().and_then(Option::take);
        if let Some((texts, thread)) = drawing {
            drop(texts);
            let _ = thread.join();
        }
    }
}
