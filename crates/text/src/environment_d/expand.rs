//! `$K`, `${K}`, `${K:-default}`, `${K:+alternate}` and `$$`.

/// Where a name's value comes from; `None`: it is not set.
pub type Lookup<'a> = dyn Fn(&[u8]) -> Option<Vec<u8>> + 'a;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Word,
    Dollar,
    Braced,
    /// Behind the colon.
    Test,
    Default,
    Alternate,
    Bare,
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

/// The state machine of env-util.c `replace_env_n`; what it does not understand stays as it is.
pub fn expand(text: &[u8], lookup: &Lookup<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut state, mut word, mut test, mut name_end) = (State::Word, 0, 0, 0);
    let mut nested = 0;
    let mut at = 0;
    while let Some(&b) = text.get(at) {
        match state {
            State::Word if b == b'$' => state = State::Dollar,
            State::Word => {}
            State::Dollar if b == b'{' => {
                out.extend_from_slice(&text[word..at - 1]);
                (word, state) = (at - 1, State::Braced);
                nested += 1;
            }
            State::Dollar if b == b'$' => {
                out.extend_from_slice(&text[word..at]);
                (word, state) = (at + 1, State::Word);
            }
            State::Dollar if is_name(b) => {
                out.extend_from_slice(&text[word..at - 1]);
                (word, state) = (at - 1, State::Bare);
            }
            State::Dollar => state = State::Word,
            State::Braced if b == b'}' => {
                out.extend(lookup(&text[word + 2..at]).unwrap_or_default());
                (word, state) = (at + 1, State::Word);
                nested -= 1;
            }
            State::Braced if b == b':' => (name_end, state) = (at, State::Test),
            State::Braced => {}
            State::Test => {
                state = match b {
                    b'-' => State::Default,
                    b'+' => State::Alternate,
                    _ => State::Word,
                };
                test = at + 1;
            }
            State::Default | State::Alternate if b == b'{' => nested += 1,
            State::Default | State::Alternate if b == b'}' => {
                nested -= 1;
                if nested == 0 {
                    let value = lookup(&text[word + 2..name_end]);
                    let other = || expand(&text[test..at], lookup);
                    // Whether it is set counts, not whether it is empty.
                    out.extend(match (value, state) {
                        (Some(_), State::Alternate) => other(),
                        (Some(value), _) => value,
                        (None, State::Default) => other(),
                        (None, _) => Vec::new(),
                    });
                    (word, state) = (at + 1, State::Word);
                }
            }
            State::Default | State::Alternate => {}
            State::Bare if is_name(b) => {}
            State::Bare => {
                out.extend(lookup(&text[word + 1..at]).unwrap_or_default());
                (word, state) = (at, State::Word);
                continue;
            }
        }
        at += 1;
    }
    if state == State::Bare {
        out.extend(lookup(&text[word + 1..]).unwrap_or_default());
    } else {
        out.extend_from_slice(&text[word..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen with systemd 252's `30-systemd-environment-d-generator` on Debian 12.
    #[test]
    fn references() {
        let lookup = |name: &[u8]| match name {
            b"HOME" => Some(b"/h".to_vec()),
            b"EMPTY" => Some(Vec::new()),
            _ => None,
        };
        let text = |t: &str| String::from_utf8_lossy(&expand(t.as_bytes(), &lookup)).into_owned();
        assert_eq!(text("$HOME/x:${HOME}:$NO."), "/h/x:/h:.");
        assert_eq!(text("${NO:-d${HOME}}${HOME:+y}${EMPTY:-z}${EMPTY:+w}$$1"), "d/hyw$1");
        assert_eq!(text("$1 $/ ${HOME"), " $/ ${HOME");
    }
}
