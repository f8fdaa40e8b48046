//! A checksum database of our own, in files: records in a log, signed heads of it, its tiles, and answers to questions,
//! as go asks for them by a `file` URL and keeps them in the module cache.
//!
//! It is written from the description of the format, not by the code that it puts to the test. Deliberately not here:
//! which records are there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};

type Hash = [u8; 32];

/// Hashes of a full tile: those of a height of 8.
const TILE: usize = 256;

pub(crate) struct Log {
    pub(crate) name: String,
    key: SigningKey,
    records: Vec<String>,
}

impl Log {
    pub(crate) fn new(name: &str, seed: u8, records: Vec<String>) -> Self {
        Self { name: name.to_owned(), key: SigningKey::from_bytes(&[seed; 32]), records }
    }

    /// The same log, signed by another key of the same name.
    pub(crate) fn signed_by(&self, seed: u8) -> Self {
        Self::new(&self.name, seed, self.records.clone())
    }

    pub(crate) fn size(&self) -> usize {
        self.records.len()
    }

    fn public(&self) -> Vec<u8> {
        let mut key = vec![1];
        key.extend(self.key.verifying_key().as_bytes());
        key
    }

    fn key_hash(&self) -> [u8; 4] {
        let sum = Sha256::digest([self.name.as_bytes(), b"\n", &self.public()].concat());
        [sum[0], sum[1], sum[2], sum[3]]
    }

    /// What GOSUMDB holds.
    pub(crate) fn verifier(&self) -> String {
        let hash = u32::from_be_bytes(self.key_hash());
        format!("{}+{hash:08x}+{}", self.name, STANDARD.encode(self.public()))
    }

    /// The signed head of the first so many records.
    pub(crate) fn head(&self, size: usize) -> String {
        let leaves: Vec<Hash> = self.records[..size].iter().map(|record| leaf(record)).collect();
        let text = format!("go.sum database tree\n{size}\n{}\n", STANDARD.encode(root(&leaves)));
        let signature = [&self.key_hash()[..], &self.key.sign(text.as_bytes()).to_bytes()].concat();
        format!("{text}\n\u{2014} {} {}\n", self.name, STANDARD.encode(signature))
    }

    /// The answer to the question for this record, with the head of so many records.
    pub(crate) fn answer(&self, number: usize, size: usize) -> String {
        format!("{number}\n{}\n{}", self.records[number], self.head(size))
    }

    /// Path and bytes of every tile of the first so many records.
    pub(crate) fn tiles(&self, size: usize) -> Vec<(String, Vec<u8>)> {
        let mut hashes: Vec<Hash> = self.records[..size].iter().map(|record| leaf(record)).collect();
        let mut tiles = Vec::new();
        let mut level = 0;
        while !hashes.is_empty() {
            for (number, part) in hashes.chunks(TILE).enumerate() {
                let mut path = format!("tile/8/{level}/{number:03}");
                if part.len() < TILE {
                    path.push_str(&format!(".p/{}", part.len()));
                }
                tiles.push((path, part.concat()));
            }
            hashes = hashes.chunks_exact(TILE).map(root).collect();
            level += 1;
        }
        tiles
    }
}

fn leaf(record: &str) -> Hash {
    Sha256::digest([&[0], record.as_bytes()].concat()).into()
}

/// RFC 6962, section 2.1.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [one] => *one,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Sha256::digest([&[1][..], &root(left), &root(right)].concat()).into()
        }
    }
}

/// The checksum of an archive (go: golang.org/x/mod/sumdb/dirhash `Hash1`).
pub(crate) fn sum_of(files: &[(String, &[u8])]) -> String {
    let mut lines: Vec<String> = files
        .iter()
        .map(|(name, bytes)| {
            let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            (name, format!("{hex}  {name}\n"))
        })
        .collect::<std::collections::BTreeMap<_, _>>()
        .into_values()
        .collect();
    format!("h1:{}", STANDARD.encode(Sha256::digest(lines.drain(..).collect::<String>())))
}

/// A checksum that only differs from others by what it is made from.
pub(crate) fn sum_from(text: &str) -> String {
    format!("h1:{}", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_has_the_hash_of_the_standards_own_tests() {
        // RFC 6962, section 2.1.3, and the empty tree.
        assert_eq!(STANDARD.encode(root(&[])), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        let log = Log::new("sum.example", 1, (0..300).map(|n| format!("m{n} v1 h1:x\n")).collect());
        let paths: Vec<String> = log.tiles(300).into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["tile/8/0/000", "tile/8/0/001.p/44", "tile/8/1/000.p/1"]);
    }
}
