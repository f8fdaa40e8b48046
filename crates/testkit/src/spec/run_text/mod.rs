//! A capture of a shell as text that can be read, and written by hand.
//!
//! ```text
//! given HOME=/home/ann
//! etc-profile: /etc/profile (skipped: does not exist)
//! bash-profile: /home/ann/.bash_profile
//!   GOFLAGS=-mod=mod @ /home/ann/.bash_profile:1:8-24
//!   PATH=/opt/bin:/bin @ /home/ann/.bash_profile:3 via "function add" /home/ann/.bash_profile:9
//!   -OLD @ /home/ann/.bash_profile:4
//!   PWD=/home/ann @ {"kind":"rule",…} baseline
//! problem warning start-up-slow: takes long @ /home/ann/.bash_profile:5
//! shadow alias "alias go=…" @ /home/ann/.bash_profile:6
//! no environment
//! ```
//!
//! A value that bare text cannot hold is a JSON string. What is not told in words (rules, unknown origins) is told in
//! JSON, as captures are stored. How long the start took, which files it looked for and what a shell sets anew at every
//! start (`_`, SHLVL) are left out: they differ from run to run.

// Captures are written by the updater, which is there on Unix.
#[cfg(any(unix, test))]
mod write;

#[cfg(any(unix, test))]
pub(super) use write::to_text;

use model::{
    After, Confidence, Effect, Layer, LayerStatus, Name, Origin, Place, Problem, Severity, Shadow, Value, Via,
};
use serde::de::DeserializeOwned;
use shells::{CAPTURE_VERSION, Capture};

/// What is wrong, and in which line from 1.
pub(super) type TextFault = (usize, String);

/// `PATH[:LINE[:COLUMN][-[END_LINE:]END_COLUMN]]`
fn place_of(text: &str) -> Option<Place> {
    let is_number = |t: &&str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let parts: Vec<&str> = text.split(':').collect();
    let numbers = parts.iter().rev().take_while(|t| is_number(t)).count().min(parts.len() - 1);
    let (path, range) = parts.split_at(parts.len() - numbers);
    let path = path.join(":");
    if range.is_empty() {
        return Some(Place::file(path));
    }
    let range = range.join(":");
    let (start, end) = range.split_once('-').map_or((range.as_str(), None), |(s, e)| (s, Some(e)));
    let (line, column) = start.split_once(':').unwrap_or((start, "0"));
    let mut place = Place::line(path, line.parse().ok()?);
    place.column = column.parse().ok()?;
    if let Some(end) = end {
        let (end_line, end_column) = end.split_once(':').unwrap_or((line, end));
        place.end_line = end_line.parse().ok()?;
        place.end_column = end_column.parse().ok()?;
    }
    Some(place)
}

/// The capture that a text tells. Its environment is what its layers come to.
pub(super) fn parse(text: &str) -> Result<Capture, TextFault> {
    let mut capture = Capture {
        version: CAPTURE_VERSION,
        base: Vec::new(),
        environment: None,
        layers: Vec::new(),
        problems: Vec::new(),
        time_ms: 0,
        shadow: None,
        files: Vec::new(),
    };
    let mut ended = false;
    for (index, line) in text.lines().enumerate() {
        let fault = |what: String| (index + 1, what);
        if line.trim().is_empty() {
            continue;
        } else if let Some(rest) = line.strip_prefix("  ") {
            let effect = parse_effect(&mut Reader(rest)).map_err(fault)?;
            let layer = capture.layers.last_mut();
            layer
                .ok_or_else(|| fault("belongs to no layer – put `ID: TITLE` above it".to_owned()))?
                .effects
                .push(effect);
        } else if let Some(rest) = line.strip_prefix("given ") {
            let mut rest = Reader(rest);
            let name = rest.until("=").map_err(fault)?;
            capture.base.push((Name::from(name), rest.value().map_err(fault)?));
        } else if let Some(rest) = line.strip_prefix("problem ") {
            capture.problems.push(parse_problem(rest).map_err(fault)?);
        } else if let Some(rest) = line.strip_prefix("shadow ") {
            let mut rest = Reader(rest);
            let kind = rest.until(" ").map_err(fault)?.to_owned();
            let text = rest.value().map_err(fault)?.to_text().into_owned();
            let origin = if rest.take(" @ ") { Some(rest.origin().map_err(fault)?) } else { None };
            capture.shadow = Some(Shadow { kind, text, origin });
        } else if line == "no environment" {
            ended = true;
        } else {
            capture.layers.push(parse_layer(line).map_err(fault)?);
        }
    }
    if !ended {
        capture.environment = Some(environment(&capture));
    }
    Ok(capture)
}

/// What the layers make of what was given, in the order of the names.
fn environment(capture: &Capture) -> Vec<(Name, Value)> {
    let mut variables: std::collections::BTreeMap<Name, Value> = capture.base.iter().cloned().collect();
    for effect in capture.layers.iter().flat_map(|l| &l.effects) {
        match &effect.after {
            After::Set(value) => drop(variables.insert(effect.name.clone(), value.clone())),
            _ => drop(variables.remove(&effect.name)),
        }
    }
    variables.into_iter().collect()
}

fn parse_layer(line: &str) -> Result<Layer, String> {
    let (id, rest) = line
        .split_once(": ")
        .ok_or("expected `ID: TITLE`, `given NAME=VALUE` or two spaces and an effect")?;
    let (rest, source) = match rest.rsplit_once(" @ ") {
        Some((rest, "none")) => (rest, Some(None)),
        Some((rest, origin)) => (rest, Some(Some(Reader(origin).origin()?))),
        None => (rest, None),
    };
    let status = |word: &str| {
        let (title, reason) = rest.strip_suffix(')')?.split_once(&format!(" ({word}: "))?;
        Some((title, reason.to_owned()))
    };
    let (title, status) = if let Some((title, reason)) = status("skipped") {
        (title, LayerStatus::Skipped { reason })
    } else if let Some((title, reason)) = status("unreadable") {
        (title, LayerStatus::Unreadable { reason })
    } else {
        (rest, LayerStatus::Applied)
    };
    let source = source.unwrap_or_else(|| title.starts_with('/').then(|| Origin::file(title)));
    Ok(Layer { id: id.to_owned(), title: title.to_owned(), status, source, effects: Vec::new() })
}

fn parse_effect(line: &mut Reader<'_>) -> Result<Effect, String> {
    let (name, after) = if line.take("-") {
        (line.until(" @ ")?, After::Unset)
    } else {
        let unreadable = line.take("?");
        let name = line.until("=")?;
        let value = line.value()?;
        if !line.take(" @ ") {
            return Err("has no origin – write ` @ /file:line` behind the value".to_owned());
        }
        let reason = || value.to_text().into_owned();
        (name, if unreadable { After::Unreadable { reason: reason() } } else { After::Set(value) })
    };
    let mut effect = Effect::new(name, after, line.origin()?, Confidence::Exact);
    for confidence in [
        Confidence::Exact,
        Confidence::Via,
        Confidence::Range,
        Confidence::File,
        Confidence::Static,
        Confidence::Baseline,
    ] {
        let word = format!(" {}", confidence.as_str());
        // `via` is also the word before a call site, which begins with a quote.
        if line.0.starts_with(&word) && !line.0[word.len()..].starts_with(" \"") {
            line.take(&word);
            effect.confidence = confidence;
            break;
        }
    }
    if line.take(" via ") {
        let how: String = line.json()?;
        line.take(" ");
        let Origin::File(place) = line.origin()? else {
            return Err("a call site is a file's line".to_owned());
        };
        let generated = line.take(" generated ").then(|| line.word().parse().ok()).flatten();
        effect.via = Some(Via { how, place, generated_line: generated });
    }
    if line.take(" because ") {
        effect.reason = Some(std::mem::take(&mut line.0).to_owned());
    }
    if line.0.is_empty() { Ok(effect) } else { Err(format!("`{}` is not understood there", line.0.trim())) }
}

fn parse_problem(line: &str) -> Result<Problem, String> {
    let (line, origin) = match line.rsplit_once(" @ ") {
        Some((line, origin)) => (line, Some(Reader(origin).origin()?)),
        None => (line, None),
    };
    let expected = || "expected `problem SEVERITY CODE: MESSAGE`".to_owned();
    let (head, message) = line.split_once(": ").ok_or_else(expected)?;
    let (severity, code) = head.split_once(' ').ok_or_else(expected)?;
    let severity: Severity = serde_json::from_value(severity.into()).map_err(|_| expected())?;
    let mut problem = Problem::new(severity, code, message);
    problem.origin = origin;
    Ok(problem)
}

/// What is left of a line.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn take(&mut self, prefix: &str) -> bool {
        let rest = self.0.strip_prefix(prefix);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn until(&mut self, mark: &str) -> Result<&'a str, String> {
        let (before, after) = self.0.split_once(mark).ok_or_else(|| format!("expected `{}`", mark.trim()))?;
        self.0 = after;
        Ok(before)
    }

    fn word(&mut self) -> &'a str {
        let end = self.0.find(' ').unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        word
    }

    fn json<T: DeserializeOwned>(&mut self) -> Result<T, String> {
        let mut values = serde_json::Deserializer::from_str(self.0).into_iter::<T>();
        let value = values.next().ok_or("expected JSON")?.map_err(|e| e.to_string())?;
        self.0 = &self.0[values.byte_offset()..];
        Ok(value)
    }

    fn value(&mut self) -> Result<Value, String> {
        if self.0.starts_with(['"', '{']) {
            return self.json();
        }
        let end = self.0.find(" @ ").unwrap_or(self.0.len());
        let (value, rest) = self.0.split_at(end);
        self.0 = rest;
        Ok(Value::from(value.trim_end()))
    }

    fn origin(&mut self) -> Result<Origin, String> {
        if self.0.starts_with('{') {
            return self.json();
        }
        let word = self.word();
        place_of(word).map(Origin::File).ok_or_else(|| format!("`{word}` is no place in a file"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capture_comes_back_from_its_text() {
        let text = r#"given HOME=/home/ann
given EMPTY=""
etc-profile: /etc/profile (skipped: does not exist)
bash-profile: /home/ann/.bash_profile
  GOFLAGS=-mod=mod @ /home/ann/.bash_profile:1:8-24
  A="two\nlines" @ /home/ann/.bash_profile:2 via
  B={"bytes":"/w=="} @ /home/ann/.bash_profile:3:1-4:2 via via "function add" /home/ann/x:9 generated 2 because it does
  C=a b @ /home/ann/.bash_profile via "eval" /home/ann/x:9:1
  -OLD @ /home/ann/.bash_profile:4
  ?X=not seen @ {"kind":"unknown","reason":"no record"} file
observed: what the plain run ended with
  PWD=/home/ann @ {"kind":"rule","rule":"set by the shell itself","reference":"bash(1)"} baseline
problem warning start-up-slow: takes: long @ /home/ann/.bash_profile:5
shadow alias "alias go='x'" @ /home/ann/.bash_profile:6
"#;
        let capture = parse(text).expect("well formed");
        assert_eq!(
            to_text(&capture).replace("shadow alias alias go='x'", "shadow alias \"alias go='x'\""),
            text
        );
        assert_eq!(parse(&to_text(&capture)), Ok(capture.clone()));
        let environment = capture.environment.expect("it came to its end");
        assert_eq!(
            environment.iter().map(|(n, _)| n.to_text()).collect::<Vec<_>>(),
            ["A", "B", "C", "EMPTY", "GOFLAGS", "HOME", "PWD"]
        );
    }

    #[test]
    fn faults_tell_the_line() {
        assert_eq!(
            parse("given A=1\n  B=2\n"),
            Err((2, "has no origin – write ` @ /file:line` behind the value".to_owned()))
        );
        assert!(matches!(parse("what\n"), Err((1, _))));
    }
}
