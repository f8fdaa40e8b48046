//! Counting what agreed, by version and by variable.

use super::compare::{BYTES, MESSAGE, STATUS, UNTOLD, Verdict};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Default)]
struct Score {
    agreed: u64,
    total: u64,
}

impl Score {
    fn add(&mut self, agreed: bool) {
        self.total += 1;
        self.agreed += u64::from(agreed);
    }

    fn spelled(self) -> String {
        format!("{} / {}", self.agreed, self.total)
    }
}

/// Parts of go's messages about checksums of toolchains; the first that is found counts.
const CHECKSUMS: &[&str] = &[
    "checksum mismatch",
    "checksum missing from sumdb response",
    "server misbehavior detected",
    "invalid signature for key",
    "note has no verifiable signatures",
    "malformed note",
    "malformed record data",
    "reading tree note",
    "inconsistent tile",
    "bad result slice",
    "cannot authenticate record data",
    "cannot validate record",
    "no such file or directory",
    "database disabled by GOSUMDB=off",
    "invalid GOSUMDB",
    "missing GOSUMDB",
    "unexpected ziphash",
    "GOPROXY list is not the empty string",
];

#[derive(Default)]
pub(crate) struct Tally {
    machines: BTreeMap<String, Score>,
    /// By version, then by what was compared.
    versions: BTreeMap<String, BTreeMap<String, Score>>,
    fatal: u64,
    /// What go said of checksums, by the words that it used.
    checksums: BTreeMap<&'static str, u64>,
    /// How often nothing was told, by reason.
    untold: BTreeMap<String, u64>,
    /// Machines with such an answer on which the others agreed.
    partly: u64,
}

impl Tally {
    /// A machine on which something was not told is none that agreed.
    pub(crate) fn machine<'v>(&mut self, sdk: &str, verdicts: impl Iterator<Item = &'v Verdict> + Clone) {
        let agreed = verdicts.clone().all(|verdict| verdict.agreed);
        if agreed && verdicts.into_iter().any(|verdict| verdict.what == UNTOLD) {
            self.partly += 1;
            return;
        }
        self.machines.entry(sdk.to_owned()).or_default().add(agreed);
    }

    pub(crate) fn add(&mut self, sdk: &str, verdict: &Verdict) {
        if verdict.what == UNTOLD {
            *self.untold.entry(verdict.ours.clone()).or_default() += 1;
            return;
        }
        if verdict.what == MESSAGE {
            let about = verdict.theirs.contains("verifying") || verdict.theirs.contains("SECURITY ERROR");
            let said = CHECKSUMS.iter().filter(|_| about).find(|words| verdict.theirs.contains(**words));
            said.into_iter().for_each(|words| *self.checksums.entry(words).or_default() += 1);
        }
        let version = self.versions.entry(sdk.to_owned()).or_default();
        version.entry(verdict.what.clone()).or_default().add(verdict.agreed);
        self.fatal += u64::from(verdict.what == STATUS && verdict.theirs != "0");
    }

    pub(crate) fn all_agreed(&self) -> bool {
        self.machines.values().all(|score| score.agreed == score.total) && !self.machines.is_empty()
    }

    pub(crate) fn print(&self) {
        let mut order: Vec<&String> = self.machines.keys().collect();
        order.sort_by_key(|label| (label.starts_with(char::is_alphabetic), go::Version::parse(label)));
        println!(
            "\n{:<14} {:>15} {:>17} {:>17} {:>17} {:>19}",
            "go", "machines", "exit statuses", "messages", "printed answers", "values"
        );
        let mut whole: BTreeMap<&str, Score> = BTreeMap::new();
        let mut machines = Score::default();
        for label in order {
            let scores = self.versions.get(label).cloned().unwrap_or_default();
            let of = |what: &str| scores.get(what).copied().unwrap_or_default();
            let mut values = Score::default();
            for (what, score) in &scores {
                if ![STATUS, MESSAGE, BYTES].contains(&what.as_str()) {
                    values = sum(values, *score);
                }
            }
            let own = self.machines[label];
            machines = sum(machines, own);
            let columns =
                [(STATUS, of(STATUS)), (MESSAGE, of(MESSAGE)), (BYTES, of(BYTES)), ("values", values)];
            for (what, score) in columns {
                let sum_of = whole.entry(what).or_default();
                *sum_of = sum(*sum_of, score);
            }
            row(label, own, &columns.map(|(_, score)| score));
        }
        let of = |what: &str| whole.get(what).copied().unwrap_or_default();
        row("all", machines, &[of(STATUS), of(MESSAGE), of(BYTES), of("values")]);
        println!("{} answers of the real go were refusals", self.fatal);
        for (words, count) in &self.checksums {
            println!("{count} of them said: {words}");
        }
        if self.partly > 0 {
            println!("{} further machines were told in part", self.partly);
        }
        for (reason, count) in &self.untold {
            println!("{count} answers were not told: {reason}");
        }
        self.print_variables();
    }

    fn print_variables(&self) {
        let mut variables: BTreeMap<&str, Score> = BTreeMap::new();
        for (what, score) in self.versions.values().flatten() {
            if ![STATUS, MESSAGE, BYTES].contains(&what.as_str()) {
                let own = variables.entry(what).or_default();
                *own = sum(*own, *score);
            }
        }
        println!();
        for (name, score) in variables {
            println!("{name:<18} {:>17}", score.spelled());
        }
    }
}

fn sum(a: Score, b: Score) -> Score {
    Score { agreed: a.agreed + b.agreed, total: a.total + b.total }
}

fn row(label: &str, machines: Score, columns: &[Score; 4]) {
    let [status, message, bytes, values] = columns.map(Score::spelled);
    println!("{label:<14} {:>15} {status:>17} {message:>17} {bytes:>17} {values:>19}", machines.spelled());
}
