//! Taking times: several runs, and the median of them, or the shortest.
//!
//! The shortest is what a short command takes where nothing else is in its way: whatever else the machine does only
//! adds to a time, and adds more to what runs on several processors.

use crate::failure::Done;
use std::time::{Duration, Instant};

/// The middle of the times of `runs` calls.
pub(super) fn median(runs: usize, mut call: impl FnMut() -> Done) -> Done<Duration> {
    let mut times = Vec::new();
    for _ in 0..runs {
        let started = Instant::now();
        call()?;
        times.push(started.elapsed());
    }
    Ok(middle(times))
}

/// The shortest times of two calls that are made by turns.
pub(super) fn shortest_by_turns(
    runs: usize,
    mut first: impl FnMut() -> Done,
    mut second: impl FnMut() -> Done,
) -> Done<(Duration, Duration)> {
    let mut shortest = (Duration::MAX, Duration::MAX);
    for _ in 0..runs {
        shortest.0 = shortest.0.min(median(1, &mut first)?);
        shortest.1 = shortest.1.min(median(1, &mut second)?);
    }
    Ok(shortest)
}

pub(super) fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

pub(super) fn ratio(part: Duration, whole: Duration) -> f64 {
    part.as_secs_f64() / whole.as_secs_f64().max(1e-9)
}

/// Milliseconds, for the eye.
pub(super) fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
