//! The secrets of a recording, and the stand-ins that are written in their place.
//!
//! A stand-in has the length of its secret, so that columns and sizes stay true, and the same secret has the same
//! stand-in throughout a recording. Every secret that is long and odd enough to be told from ordinary words is
//! replaced wherever its bytes occur, also where they are escaped or encoded; one that is not (`TOKEN=on`) only
//! where it is given its name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Name, Value, is_secret_name, is_secret_text, proxy_password, secret_assignments, secret_ranges};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Words that a secret-looking name is given for other reasons than to keep a secret.
const PLAIN_WORDS: &[&str] = &["true", "false", "null", "none", "yes", "no", "on", "off", "auto", "default"];

/// A value from this length on is replaced everywhere even if it is a word of lower-case letters.
const LEAST_WORD: usize = 8;
/// The same for a value with other characters in it.
const LEAST_ODD: usize = 4;
/// The same for a number.
const LEAST_NUMBER: usize = 16;
/// A value from this length on is replaced even inside a longer word.
const LEAST_INSIDE: usize = 12;

#[derive(Debug)]
struct Secret {
    number: usize,
    names: BTreeSet<String>,
    everywhere: bool,
}

/// All secrets seen so far.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    known: BTreeMap<Vec<u8>, Secret>,
}

/// One byte sequence to replace.
struct Needle {
    bytes: Vec<u8>,
    number: usize,
    inside_words: bool,
}

impl Secrets {
    /// Notes a value under a name, if the name or the value's own form makes it a secret. `is_path` tells values
    /// that are paths of the machine (`SSH_KEY=/home/ann/.ssh/id`): those are needed, and no secret.
    pub(super) fn note(&mut self, name: &str, value: &[u8], is_path: &dyn Fn(&str) -> bool) {
        if is_secret_name(&Name::from(name)) && !is_plain(value) && !is_existing_path(value, is_path) {
            self.add(name, value);
        }
        if let Some(password) = proxy_password(&Name::from(name), value) {
            self.add(name, &value[password]);
        }
        self.note_forms(value);
    }

    /// Notes what a text assigns to secret-looking names, and secrets that show by their form.
    pub(super) fn note_text(&mut self, bytes: &[u8], is_path: &dyn Fn(&str) -> bool) {
        for assignment in secret_assignments(bytes) {
            let raw = &bytes[assignment.value];
            if is_plain(raw) || is_existing_path(raw, is_path) {
                continue;
            }
            self.add(&assignment.name, raw);
            let plain = without_escapes(raw);
            if plain != raw {
                self.add(&assignment.name, &plain);
            }
        }
        self.note_forms(bytes);
    }

    fn note_forms(&mut self, bytes: &[u8]) {
        for range in secret_ranges(bytes) {
            // A private key is replaced line by line: files and variables break its lines differently.
            for line in bytes[range].split(|b| matches!(b, b'\n' | b'\r')) {
                let line = line.trim_ascii();
                if !line.is_empty() {
                    self.add("(by its form)", line);
                }
            }
        }
    }

    /// Notes the secrets in JSON of any shape: pairs of name and value, objects that name a variable, maps by name,
    /// and text in strings.
    pub(super) fn note_json(&mut self, json: &serde_json::Value, is_path: &dyn Fn(&str) -> bool) {
        for_each_named(json, &mut |name, value| self.note(name, value, is_path));
        for_each_string(json, Keys::Change, &mut |text| self.note_text(text, is_path));
    }

    fn add(&mut self, name: &str, value: &[u8]) {
        let number = self.known.len() + 1;
        let everywhere = is_odd(name, value);
        let secret = self.known.entry(value.to_vec()).or_insert_with(|| Secret {
            number,
            names: BTreeSet::new(),
            everywhere,
        });
        secret.names.insert(name.to_owned());
        secret.everywhere |= everywhere;
    }

    /// No more secrets come: what stands in for each is settled.
    pub(super) fn stand_ins(self) -> StandIns {
        let replacer = self.replacer();
        let begins = (0..=u8::MAX).map(|byte| self.known.keys().any(|value| value.first() == Some(&byte)));
        StandIns { begins: begins.collect(), known: self.known, replacer }
    }

    fn replacer(&self) -> Replacer {
        let mut needles: Vec<Needle> = Vec::new();
        for (value, secret) in self.known.iter().filter(|(_, s)| s.everywhere) {
            let inside_words = value.len() >= LEAST_INSIDE;
            let forms = std::iter::once(value.clone()).chain(encoded_forms(value));
            needles.extend(forms.map(|bytes| Needle { bytes, number: secret.number, inside_words }));
        }
        needles.sort_by_key(|n| std::cmp::Reverse(n.bytes.len()));
        let mut by_first: Vec<Vec<Needle>> = (0..=u8::MAX).map(|_| Vec::new()).collect();
        for needle in needles {
            by_first[usize::from(needle.bytes[0])].push(needle);
        }
        Replacer { by_first }
    }
}

/// What is written in the place of each secret.
pub(super) struct StandIns {
    known: BTreeMap<Vec<u8>, Secret>,
    /// Whether a secret begins with a byte.
    begins: Vec<bool>,
    replacer: Replacer,
}

impl StandIns {
    /// The names under which each secret was seen, and its length.
    pub(super) fn listing(&self) -> impl Iterator<Item = (String, usize)> {
        self.known.iter().map(|(value, secret)| {
            let names: Vec<&str> = secret.names.iter().map(String::as_str).collect();
            (names.join(", "), value.len())
        })
    }

    /// What is written for a text: assignments of secret-looking names, then every secret's bytes.
    pub(super) fn in_text<'t>(&self, bytes: &'t [u8]) -> Cow<'t, [u8]> {
        let mut out = Cow::Borrowed(bytes);
        // Nearly no text holds a secret at all, and to find what a text assigns takes longer than to see that.
        if self.holds_known(bytes) {
            for assignment in secret_assignments(bytes) {
                if let Some(secret) = self.known.get(&bytes[assignment.value.clone()]) {
                    let stand_in = stand_in(secret.number, assignment.value.len());
                    out.to_mut()[assignment.value].copy_from_slice(&stand_in);
                }
            }
        }
        self.replacer.replace(&mut out, false);
        out
    }

    /// Whether the bytes of a secret stand anywhere in a text.
    fn holds_known(&self, bytes: &[u8]) -> bool {
        let begins = |at: &usize| self.begins[usize::from(bytes[*at])];
        let is_at = |at: usize| {
            // In order of bytes, what begins as the rest does comes right before it.
            let first = &bytes[at..=at];
            let from = (Bound::Included(first), Bound::Unbounded);
            let of_that_byte = self.known.range::<[u8], _>(from).map(|(value, _)| value);
            of_that_byte
                .take_while(|value| value.starts_with(first))
                .any(|value| bytes[at..].starts_with(value))
        };
        self.known.contains_key(&[][..]) || (0..bytes.len()).filter(begins).any(is_at)
    }

    /// What is written for a variable's value.
    pub(super) fn in_value<'t>(&self, name: &str, value: &'t [u8]) -> Cow<'t, [u8]> {
        match self.known.get(value) {
            Some(secret) if is_secret_name(&Name::from(name)) => {
                Cow::Owned(stand_in(secret.number, value.len()))
            }
            _ => self.in_text(value),
        }
    }

    /// What is written for a path or another name of the machine. A secret that is a word stays there: `environment`
    /// in `/etc/environment` tells nothing.
    pub(super) fn in_string(&self, text: &str) -> String {
        let mut bytes = Cow::Borrowed(text.as_bytes());
        self.replacer.replace(&mut bytes, true);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub(super) fn in_block(&self, block: &[(Name, Value)]) -> Vec<(Name, Value)> {
        let clean = |(name, value): &(Name, Value)| {
            (name.clone(), Value::new(self.in_value(&name.to_text(), value.as_bytes()).into_owned()))
        };
        block.iter().map(clean).collect()
    }

    /// What is written for JSON; values that are given secret-looking names, then every string and key. Whether that
    /// is another JSON than before.
    pub(super) fn in_json(&self, json: &mut serde_json::Value) -> bool {
        let named = change_named(json, &mut |name, value| changed(self.in_value(name, value)));
        let text = change_strings(json, Keys::Change, &mut |text| changed(self.in_text(text)));
        named | text
    }

    /// A secret that stands in these bytes, by its names: the last look before anything is written. `keyed`: the
    /// bytes are of a format whose own keys are words, and may be the same as a secret that is one.
    pub(super) fn left_in(&self, bytes: &[u8], keyed: bool) -> Option<String> {
        let number = self.replacer.find(bytes, keyed)?;
        let secret = self.known.values().find(|s| s.number == number)?;
        Some(secret.names.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
    }
}

/// Needles by their first byte, 256 lists, the longest first.
struct Replacer {
    by_first: Vec<Vec<Needle>>,
}

impl Replacer {
    fn at(&self, bytes: &[u8], at: usize) -> Option<&Needle> {
        self.by_first[usize::from(bytes[at])].iter().find(|needle| {
            bytes[at..].starts_with(&needle.bytes)
                && (needle.inside_words || stands_alone(bytes, at, needle.bytes.len()))
        })
    }

    /// `named`: secrets that are words stay.
    fn replace(&self, bytes: &mut Cow<'_, [u8]>, named: bool) {
        let mut at = 0;
        while at < bytes.len() {
            let needle = self.at(bytes, at).filter(|needle| !(named && is_word(&needle.bytes)));
            match needle.map(|n| (n.number, n.bytes.len())) {
                Some((number, length)) => {
                    bytes.to_mut()[at..at + length].copy_from_slice(&stand_in(number, length));
                    at += length;
                }
                None => at += 1,
            }
        }
    }

    fn find(&self, bytes: &[u8], keyed: bool) -> Option<usize> {
        let found = (0..bytes.len()).filter_map(|at| self.at(bytes, at));
        found.filter(|needle| !(keyed && is_word(&needle.bytes))).map(|needle| needle.number).next()
    }
}

fn stands_alone(bytes: &[u8], at: usize, length: usize) -> bool {
    let in_word = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    !in_word(at.checked_sub(1).and_then(|i| bytes.get(i))) && !in_word(bytes.get(at + length))
}

/// `standin7xxxx`; for short secrets letters only.
fn stand_in(number: usize, length: usize) -> Vec<u8> {
    let mut text = format!("standin{number}").into_bytes();
    if text.len() > length {
        text.clear();
        let mut rest = number;
        while rest > 0 {
            text.push(b'a' + (rest % 23) as u8);
            rest /= 23;
        }
        text.truncate(length);
    }
    text.resize(length, b'x');
    text
}

fn is_plain(value: &[u8]) -> bool {
    let digits = value.len() <= 3 && value.iter().all(u8::is_ascii_digit);
    let variable = matches!(value.first(), Some(b'$' | b'%'));
    digits || variable || PLAIN_WORDS.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
}

fn is_existing_path(value: &[u8], is_path: &dyn Fn(&str) -> bool) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| text.contains(['/', '\\']) && is_path(text))
}

/// Long or odd enough to be replaced wherever it stands. Numbers are in everything (times, owners, sizes).
fn is_odd(name: &str, value: &[u8]) -> bool {
    let word = is_word(value);
    if value.iter().all(u8::is_ascii_digit) {
        return value.len() >= LEAST_NUMBER;
    }
    let own_name = name.to_ascii_lowercase().contains(&*String::from_utf8_lossy(value).to_ascii_lowercase());
    value.len() >= if word { LEAST_WORD } else { LEAST_ODD } && !own_name
}

/// Lower-case letters alone, as a word of a language or a key of a format.
fn is_word(value: &[u8]) -> bool {
    value.iter().all(u8::is_ascii_lowercase)
}

fn without_escapes(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter();
    while let Some(&b) = bytes.next() {
        out.push(if b == b'\\' { bytes.next().copied().unwrap_or(b) } else { b });
    }
    out
}

/// The forms in which a secret is written elsewhere: inside JSON, quoted for a shell, in a URL, in base64.
fn encoded_forms(value: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    if let Ok(text) = std::str::from_utf8(value) {
        let json = serde_json::Value::String(text.to_owned()).to_string();
        forms.push(json.as_bytes()[1..json.len() - 1].to_vec());
    }
    let safe = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    let escaped = |mark: &dyn Fn(u8) -> String| {
        value.iter().flat_map(|b| if safe(b) { vec![*b] } else { mark(*b).into_bytes() }).collect::<Vec<u8>>()
    };
    forms.push(escaped(&|b| format!("%{b:02X}")));
    forms.push(escaped(&|b| format!("\\{}", char::from(b))));
    forms.push(STANDARD.encode(value).trim_end_matches('=').as_bytes().to_vec());
    forms.retain(|form| form != value && form.len() >= LEAST_ODD);
    forms
}

/// Values of JSON that a name stands beside: `["NAME", value]`, `{"name": "NAME", …: value}`, `{"NAME": value}`.
fn for_each_named(json: &serde_json::Value, seen: &mut dyn FnMut(&str, &[u8])) {
    match json {
        serde_json::Value::Array(items) => {
            if let [serde_json::Value::String(name), value] = items.as_slice()
                && may_hold_secret(name)
            {
                for_each_string(value, Keys::Keep, &mut |bytes| seen(name, bytes));
            }
            items.iter().for_each(|item| for_each_named(item, seen));
        }
        serde_json::Value::Object(map) => {
            let named = map.get("name").and_then(|n| n.as_str());
            for (key, value) in map {
                let name = if is_beside_name(key) { named } else { Some(key.as_str()) };
                if let Some(name) = name.filter(|n| may_hold_secret(n)) {
                    for_each_string(value, Keys::Keep, &mut |bytes| seen(name, bytes));
                }
                for_each_named(value, seen);
            }
        }
        _ => {}
    }
}

/// The strings that [`change_strings`] would change, in its order.
fn for_each_string(json: &serde_json::Value, keys: Keys, seen: &mut dyn FnMut(&[u8])) {
    match json {
        serde_json::Value::String(text) => seen(text.as_bytes()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| for_each_string(item, keys, seen)),
        serde_json::Value::Object(map) if map.len() == 1 && map.contains_key("bytes") => {
            match model::from_json_bytes(json) {
                Some(bytes) => seen(&bytes),
                None => map.values().for_each(|value| for_each_string(value, keys, seen)),
            }
        }
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                for_each_string(value, keys, seen);
                if keys.changes(key) {
                    seen(key.as_bytes());
                }
            }
        }
        _ => {}
    }
}

/// What is to be written in the place of bytes; `None`: these themselves.
type Change<'a> = &'a mut dyn FnMut(&[u8]) -> Option<Vec<u8>>;

fn changed(bytes: Cow<'_, [u8]>) -> Option<Vec<u8>> {
    match bytes {
        Cow::Borrowed(_) => None,
        Cow::Owned(bytes) => Some(bytes),
    }
}

/// Whether a value under this name is a secret, or has one in a place that only the name tells of (`proxy_password`).
fn may_hold_secret(name: &str) -> bool {
    let proxy = name.as_bytes().last_chunk::<6>().is_some_and(|end| end.eq_ignore_ascii_case(b"_PROXY"));
    proxy || is_secret_text(name.as_bytes())
}

/// Keys of an object that names a variable, under which something of that variable stands.
fn is_beside_name(key: &str) -> bool {
    matches!(key, "after" | "before" | "value" | "data")
}

/// The same of a value that a name stands beside.
type ChangeNamed<'a> = &'a mut dyn FnMut(&str, &[u8]) -> Option<Vec<u8>>;

/// Whether anything was changed.
fn change_named(json: &mut serde_json::Value, change: ChangeNamed<'_>) -> bool {
    let mut any = false;
    match json {
        serde_json::Value::Array(items) => {
            if let [serde_json::Value::String(name), value] = items.as_mut_slice()
                && may_hold_secret(name)
            {
                any |= change_strings(value, Keys::Keep, &mut |bytes| change(name, bytes));
            }
            for item in items {
                any |= change_named(item, change);
            }
        }
        serde_json::Value::Object(map) => {
            let named = map.get("name").and_then(|n| n.as_str()).map(str::to_owned);
            for (key, value) in map.iter_mut() {
                let name = if is_beside_name(key) { named.as_deref() } else { Some(key.as_str()) };
                if let Some(name) = name.filter(|n| may_hold_secret(n)) {
                    any |= change_strings(value, Keys::Keep, &mut |bytes| change(name, bytes));
                }
                any |= change_named(value, change);
            }
        }
        _ => {}
    }
    any
}

/// Whether keys of objects are changed as well: a secret may stand in one, but no key is a variable's value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    Change,
    Keep,
}

impl Keys {
    fn changes(self, key: &str) -> bool {
        // Keys of a format are words; the name of a variable may be anything.
        self == Keys::Change && !key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    }
}

/// Every string, and every `{"bytes": base64}` as the bytes that it stands for. Whether anything was changed.
fn change_strings(json: &mut serde_json::Value, keys: Keys, change: Change<'_>) -> bool {
    let bytes = match json {
        serde_json::Value::String(text) => Some(change(text.as_bytes())),
        serde_json::Value::Object(map) if map.len() == 1 && map.contains_key("bytes") => {
            model::from_json_bytes(json).map(|bytes| change(&bytes))
        }
        _ => None,
    };
    if let Some(bytes) = bytes {
        let any = bytes.is_some();
        if let Some(bytes) = bytes {
            *json = model::to_json_bytes(&bytes);
        }
        return any;
    }
    let mut any = false;
    match json {
        serde_json::Value::Array(items) => {
            for item in items {
                any |= change_strings(item, keys, change);
            }
        }
        serde_json::Value::Object(map) => {
            let mut renamed = false;
            let mut new_keys = Vec::with_capacity(map.len());
            for (key, value) in map.iter_mut() {
                any |= change_strings(value, keys, change);
                let bytes = if keys.changes(key) { change(key.as_bytes()) } else { None };
                renamed |= bytes.is_some();
                new_keys.push(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
            }
            if renamed {
                let old = std::mem::take(map);
                map.extend(
                    old.into_iter().zip(new_keys).map(|((key, value), new)| (new.unwrap_or(key), value)),
                );
                any = true;
            }
        }
        _ => {}
    }
    any
}
