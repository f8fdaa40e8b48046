//! Counts, and what is printed of them.

use super::ablation::Verdict;
use super::claims::Claim;
use super::plain::Block;
use crate::failure::{Done, Failure};
use shells::Capture;

/// Percent of the claimed lines that must be confirmed.
const CONFIRMED_AT_LEAST: usize = 99;

/// Disagreements that are printed in full.
const SHOWN: usize = 40;

#[derive(Default)]
pub(crate) struct Tally {
    values: usize,
    agreed: usize,
    lines: usize,
    confirmed: usize,
    files: usize,
    files_confirmed: usize,
    /// Literals whose origin is a line.
    placed_exactly: usize,
    /// Literals at all.
    literals: usize,
    starts: usize,
    shown: usize,
}

pub(crate) fn print_head() {
    println!(
        "{:8} {:>7} {:>15} {:>19} {:>17} {:>18}",
        "shell", "starts", "values agreed", "lines confirmed", "files confirmed", "literals at a line"
    );
}

impl Tally {
    pub(crate) fn print(&self, name: &str) {
        let of = |part: usize, whole: usize| format!("{part}/{whole}");
        println!(
            "{name:8} {:>7} {:>15} {:>19} {:>17} {:>18}",
            self.starts,
            of(self.agreed, self.values),
            of(self.confirmed, self.lines),
            of(self.files_confirmed, self.files),
            of(self.placed_exactly, self.literals),
        );
    }

    /// The start came to no end under the product: every value is missing.
    pub(crate) fn no_answer(&mut self, case: &str, capture: &Capture) {
        self.starts += 1;
        self.values += 1;
        let problems: Vec<&str> = capture.problems.iter().map(|p| p.message.as_str()).collect();
        self.say(case, &format!("no environment: {}", problems.join("; ")));
    }

    pub(crate) fn compare(&mut self, case: &str, plain: &Block, values: &Block) {
        self.starts += 1;
        let names: std::collections::BTreeSet<&Vec<u8>> = plain.keys().chain(values.keys()).collect();
        for name in names {
            self.values += 1;
            let (real, said) = (plain.get(name), values.get(name));
            if real == said {
                self.agreed += 1;
                continue;
            }
            let show = |value: Option<&Vec<u8>>| match value {
                Some(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
                None => "unset".to_owned(),
            };
            let text =
                format!("{}: shell {}, product {}", String::from_utf8_lossy(name), show(real), show(said));
            self.say(case, &text);
        }
    }

    pub(crate) fn origin(&mut self, case: &str, claim: &Claim, promised: bool, verdict: &Verdict) {
        self.literals += 1;
        self.placed_exactly += usize::from(promised);
        match verdict {
            Verdict::Confirmed if promised => {
                self.lines += 1;
                self.confirmed += 1;
            }
            Verdict::Refuted(why) if promised => {
                self.lines += 1;
                self.refuted(case, claim, why);
            }
            Verdict::FileConfirmed => {
                self.files += 1;
                self.files_confirmed += 1;
            }
            Verdict::Refuted(why) => {
                self.files += 1;
                self.refuted(case, claim, why);
            }
            Verdict::Confirmed | Verdict::NoLiteral | Verdict::Unplaced => {}
        }
    }

    fn refuted(&mut self, case: &str, claim: &Claim, why: &str) {
        let place =
            claim.place.as_ref().map_or_else(String::new, |(file, place)| format!("{file}:{}", place.line));
        let name = String::from_utf8_lossy(&claim.name).into_owned();
        self.say(case, &format!("{name} ({}) is said to come from {place}: {why}", claim.token));
    }

    fn say(&mut self, case: &str, text: &str) {
        self.shown += 1;
        if self.shown <= SHOWN {
            eprintln!("{case}: {text}");
        }
    }

    pub(crate) fn add(&mut self, other: &Tally) {
        self.values += other.values;
        self.agreed += other.agreed;
        self.lines += other.lines;
        self.confirmed += other.confirmed;
        self.files += other.files;
        self.files_confirmed += other.files_confirmed;
        self.placed_exactly += other.placed_exactly;
        self.literals += other.literals;
        self.starts += other.starts;
    }

    /// How much did not agree so far.
    pub(crate) fn wrong(&self) -> usize {
        self.values - self.agreed + self.lines - self.confirmed + self.files - self.files_confirmed
    }

    pub(crate) fn verdict(&self) -> Done {
        println!("values agreed: {} / {}", self.agreed, self.values);
        println!("origins confirmed: {} / {}", self.confirmed, self.lines);
        if self.agreed != self.values {
            return Err(Failure::new("values do not agree with those of the shells"));
        }
        if self.confirmed * 100 < self.lines * CONFIRMED_AT_LEAST {
            return Err(Failure::new(format!(
                "fewer than {CONFIRMED_AT_LEAST} % of the claimed lines are confirmed"
            )));
        }
        Ok(())
    }
}
