//! A crontab, as Debian's cron reads it (cron 3.0pl1-162: env.c `load_env`, user.c `load_user`, entry.c
//! `load_entry`).
//!
//! Environment lines act on the entries that come after them. One line that cannot be read drops the whole table.
//! Not here: when an entry runs.

/// A line `name = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    pub line: u32,
}

/// A job and how many of the table's settings stand above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// In `/etc/crontab` and `/etc/cron.d`: who runs it.
    pub user: Option<String>,
    pub command: String,
    pub line: u32,
    pub settings_above: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crontab {
    pub settings: Vec<Setting>,
    pub entries: Vec<Entry>,
    /// Why cron ignores the whole table.
    pub ignored: Option<(u32, &'static str)>,
}

/// `MAX_ENVSTR` of cron.h.
const MAX_SETTING: usize = 1000;

/// Whether entries name a user (`/etc/crontab`, `/etc/cron.d/*`) or belong to one (`crontab -e`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    System,
    User,
}

pub fn read(bytes: &[u8], table: Table) -> Crontab {
    let mut tab = Crontab::default();
    let ends_in_newline = bytes.is_empty() || bytes.ends_with(b"\n");
    let lines: Vec<&[u8]> = bytes.split(|&b| b == b'\n').collect();
    for (number, text) in (1..).zip(&lines) {
        let text = &text[text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()..];
        let is_last = number as usize == lines.len();
        if text.is_empty() || text[0] == b'#' {
            continue;
        }
        if is_last && !ends_in_newline {
            tab.ignored = Some((number, "there is no newline at the end of the file"));
            return tab;
        }
        if let Some((name, value)) = setting(text) {
            tab.settings.push(Setting { name, value, line: number });
            continue;
        }
        match entry(text, table) {
            Ok((user, command)) => {
                let settings_above = tab.settings.len();
                tab.entries.push(Entry { user, command, line: number, settings_above });
            }
            Err(reason) => {
                tab.ignored = Some((number, reason));
                return tab;
            }
        }
    }
    tab
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    NameStart,
    Name,
    EqualsBefore,
    Equals,
    ValueStart,
    Value,
    End,
    Error,
}

/// The state machine of `load_env`, with its states in the order of the C enumeration (`state++`).
fn setting(text: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let text = &text[..text.len().min(MAX_SETTING - 2)];
    let (mut name, mut value) = (Vec::new(), Vec::new());
    let (mut state, mut quote, mut at) = (State::NameStart, None, 0);
    while state != State::Error
        && let Some(&c) = text.get(at)
    {
        match state {
            State::NameStart | State::ValueStart | State::Name | State::Value => {
                let starts = matches!(state, State::NameStart | State::ValueStart);
                if starts {
                    state = if state == State::NameStart { State::Name } else { State::Value };
                    if c == b'\'' || c == b'"' {
                        quote = Some(c);
                        at += 1;
                    }
                }
                let Some(&c) = text.get(at) else { break };
                let in_name = state == State::Name;
                if quote == Some(c) {
                    state = if in_name { State::EqualsBefore } else { State::End };
                    at += 1;
                } else if quote.is_some() && in_name && c == b'=' {
                    state = State::Error;
                } else if quote.is_none() && in_name && c.is_ascii_whitespace() {
                    state = State::EqualsBefore;
                    at += 1;
                } else if quote.is_none() && in_name && c == b'=' {
                    state = State::EqualsBefore;
                } else {
                    if in_name {
                        name.push(c);
                    } else {
                        value.push(c);
                    }
                    at += 1;
                }
            }
            State::EqualsBefore => {
                if c == b'=' {
                    state = State::Equals;
                    quote = None;
                } else if !c.is_ascii_whitespace() {
                    state = State::Error;
                }
                at += 1;
            }
            State::Equals => {
                if c.is_ascii_whitespace() {
                    at += 1;
                } else {
                    state = State::ValueStart;
                }
            }
            State::End => {
                if !c.is_ascii_whitespace() {
                    state = State::Error;
                }
                at += 1;
            }
            State::Error => break,
        }
    }
    match state {
        State::End => {}
        State::Value if quote.is_none() => {
            while value.last().is_some_and(u8::is_ascii_whitespace) {
                value.pop();
            }
        }
        _ => return None,
    }
    // `strdtb` trims the end of a quoted value too, and a value that is still quoted loses its quotes.
    while value.last().is_some_and(u8::is_ascii_whitespace) {
        value.pop();
    }
    if value.len() >= 2 && matches!(value[0], b'\'' | b'"') && value.last() == value.first() {
        value.pop();
        value.remove(0);
    }
    (name.len() + 1 + value.len() < MAX_SETTING - 1).then_some((name, value))
}

type Job = (Option<String>, String);

fn entry(text: &[u8], table: Table) -> Result<Job, &'static str> {
    let text = String::from_utf8_lossy(text);
    let mut rest: &str = &text;
    let mut word = || {
        let end = rest.find([' ', '\t']).unwrap_or(rest.len());
        let word = &rest[..end];
        rest = rest[end..].trim_start_matches([' ', '\t']);
        word
    };
    if text.starts_with('@') {
        const NAMES: &[&str] =
            &["reboot", "yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"];
        if !NAMES.contains(&&word()[1..]) {
            return Err("the time is no name that cron knows");
        }
    } else {
        const FIELDS: &[(u32, u32, &[&str], &str)] = &[
            (0, 59, &[], "the minute cannot be read"),
            (0, 23, &[], "the hour cannot be read"),
            (1, 31, &[], "the day of the month cannot be read"),
            (1, 12, MONTHS, "the month cannot be read"),
            (0, 7, DAYS, "the day of the week cannot be read"),
        ];
        for (low, high, names, reason) in FIELDS {
            if !is_list(word(), *low, *high, names) {
                return Err(reason);
            }
        }
    }
    let user = match table {
        Table::System => Some(word().to_owned()).filter(|u| !u.is_empty()).ok_or("there is no user")?.into(),
        Table::User if rest.starts_with('*') => return Err("the command begins with `*`"),
        Table::User => None,
    };
    Ok((user, rest.to_owned()))
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// `*`, numbers, names and ranges, with a step, separated by commas (entry.c `get_list`).
fn is_list(text: &str, low: u32, high: u32, names: &[&str]) -> bool {
    let number = |text: &str| {
        let named = names.iter().position(|n| n.eq_ignore_ascii_case(text)).map(|n| n as u32 + low);
        named.or_else(|| text.parse().ok()).filter(|n| (low..=high).contains(n))
    };
    text.split(',').all(|part| {
        let (range, step) = part.split_once('/').map_or((part, None), |(r, s)| (r, Some(s)));
        let step_ok = step.is_none_or(|s| s.parse::<u32>().is_ok_and(|n| n > 0));
        let range_ok = range == "*"
            || match range.split_once('-') {
                Some((a, b)) => matches!((number(a), number(b)), (Some(a), Some(b)) if a <= b),
                None => step.is_none() && number(range).is_some(),
            };
        step_ok && range_ok
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<(String, String)> {
        let tab = read(format!("{text}\n* * * * * true\n").as_bytes(), Table::User);
        if tab.ignored.is_some() {
            return None;
        }
        let text_of = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        tab.settings.first().map(|s| (text_of(&s.name), text_of(&s.value)))
    }

    fn pair(a: &str, b: &str) -> Option<(String, String)> {
        Some((a.to_owned(), b.to_owned()))
    }

    // Seen with Debian 12's cron (3.0pl1-162): a job writes its environment to a file.
    #[test]
    fn settings() {
        assert_eq!(one("A=b"), pair("A", "b"));
        assert_eq!(one("A = b c  "), pair("A", "b c"));
        assert_eq!(one("A=b # not a comment"), pair("A", "b # not a comment"));
        assert_eq!(one("A=\"b c\""), pair("A", "b c"));
        assert_eq!(one("A='b'\r"), pair("A", "b"));
        assert_eq!(one("'A B'=c"), pair("A B", "c"));
        assert_eq!(one("A=$HOME/x"), pair("A", "$HOME/x"));
        assert_eq!(one("A=\"\""), pair("A", ""));
    }

    #[test]
    fn what_drops_the_whole_table() {
        for text in ["A=", "A=\"open", "A=\"b\" c", "nonsense"] {
            assert_eq!(one(text), None, "{text}");
        }
        assert!(read(b"A=b\n* * * * * true", Table::User).ignored.is_some());
        assert!(read(b"61 * * * * true\n", Table::User).ignored.is_some());
    }

    #[test]
    fn entries() {
        let tab = read(b"A=1\n*/5 1-3,7 * jan mon ann true x\nB=2\n@daily root y\n", Table::System);
        assert_eq!(tab.ignored, None);
        assert_eq!(tab.entries[0].user.as_deref(), Some("ann"));
        assert_eq!(tab.entries[0].command, "true x");
        assert_eq!((tab.entries[0].settings_above, tab.entries[1].settings_above), (1, 2));
    }
}
