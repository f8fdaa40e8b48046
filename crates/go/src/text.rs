//! Bytes as text without loss, so that go's rules can be computed on `str`.
//!
//! A go string is bytes. A byte that is no UTF-8 becomes a character of the last private plane here and that byte
//! again on the way out; such a name of a file is then one that no file has. Deliberately not here: how a value is printed.

use crate::env::quoted::quoted;
use model::Value;

/// U+10FF00 + byte: noncharacters and private use, which no name of a file is expected to hold. Should text hold
/// one all the same, its own bytes are kept one by one, so that nothing is ever lost.
const FIRST: u32 = 0x10_FF00;

pub(crate) fn decode(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !has_stand_in(text)
    {
        return text.to_owned();
    }
    let mut out = String::with_capacity(bytes.len());
    let bytes_of = |bytes: &[u8], out: &mut String| out.extend(bytes.iter().map(|b| stand_in(*b)));
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let mut buffer = [0; 4];
            match is_stand_in(c) {
                true => bytes_of(c.encode_utf8(&mut buffer).as_bytes(), &mut out),
                false => out.push(c),
            }
        }
        bytes_of(chunk.invalid(), &mut out);
    }
    out
}

pub(crate) fn encode(text: &str) -> Vec<u8> {
    if !has_stand_in(text) {
        return text.as_bytes().to_vec();
    }
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        match byte_of(c) {
            Some(byte) => out.push(byte),
            None => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out
}

pub(crate) fn value(text: &str) -> Value {
    Value::from(encode(text))
}

/// The byte that a character stands for, if it is no character of the text itself.
pub(crate) fn byte_of(c: char) -> Option<u8> {
    if is_stand_in(c) { u8::try_from(u32::from(c) - FIRST).ok() } else { None }
}

fn stand_in(byte: u8) -> char {
    char::from_u32(FIRST + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn is_stand_in(c: char) -> bool {
    u32::from(c) >= FIRST
}

/// Told by the first byte of their UTF-8 in nearly every text: it has none of U+100000 and above.
fn has_stand_in(text: &str) -> bool {
    text.as_bytes().contains(&0xf4) && text.chars().any(is_stand_in)
}

/// Go's `strconv.Quote`, which `%q` prints.
pub(crate) fn quote(text: &str) -> String {
    quoted(&encode(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quoted_as_go_does() {
        assert_eq!(quote("a\"\\\n\t\x07\x7fé\u{a0}"), r#""a\"\\\n\t\a\x7fé\u00a0""#);
        assert_eq!(quote(&decode(b"a\xff")), r#""a\xff""#);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(encode(&decode(&bytes)), bytes);
        }

        #[test]
        fn nor_of_text_that_holds_stand_ins(text in "\\PC*[\u{10FF00}-\u{10FFFF}]?\\PC*") {
            prop_assert_eq!(encode(&decode(text.as_bytes())), text.as_bytes());
        }
    }
}
