//! Changing bytes by chance.

use crate::conformance::chance::Chance;

/// Longest input. Bytes.
const LONGEST: usize = 512 << 10;
const ODD: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\n",
    b"\r",
    b"\r\n",
    b"=",
    b" ",
    b"\t",
    b"\x0b",
    b"\xc2\xa0",
    b"\xc2\x85",
    b"\xef\xbb\xbf",
    b"\x80",
    b"//",
    b"\"",
];
const NUMBERS: &[u64] =
    &[0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, u64::MAX, u64::MAX / 2, 1 << 32];

/// `input` with some changes; pieces of `other` and of `words` may come into it.
pub(super) fn mutate(input: &[u8], other: &[u8], words: &[&str], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..1 + chance.below(6) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(10) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 if at < bytes.len() => bytes[at] = u8::try_from(chance.below(256)).unwrap_or_default(),
            2 => insert(&mut bytes, at, chance.pick(ODD)),
            3 | 4 if !words.is_empty() => insert(&mut bytes, at, chance.pick(words).as_bytes()),
            5 => drop(bytes.drain(at..(at + chance.below(16)).min(bytes.len()))),
            6 => {
                let end = (at + chance.below(64)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = chance.below(bytes.len() + 1);
                insert(&mut bytes, to, &piece);
            }
            7 => {
                let from = chance.below(other.len() + 1);
                let end = (from + chance.below(200)).min(other.len());
                insert(&mut bytes, at, &other[from..end]);
            }
            8 => number(&mut bytes, at, chance),
            _ if chance.once_in(8) => bytes.truncate(at),
            _ => {}
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

/// A number of a width that file headers have, over what stands there.
fn number(bytes: &mut [u8], at: usize, chance: &mut Chance) {
    let number = chance.pick(NUMBERS);
    let width = chance.pick(&[1, 2, 4, 8]);
    let text =
        if chance.once_in(2) { number.to_le_bytes() } else { number.rotate_right(8 * width).to_be_bytes() };
    for (to, from) in bytes.iter_mut().skip(at).zip(text).take(usize::try_from(width).unwrap_or_default()) {
        *to = from;
    }
}
