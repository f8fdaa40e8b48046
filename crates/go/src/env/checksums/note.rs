//! Texts that a checksum database signs, and its answers (go: golang.org/x/mod/sumdb: note/note.go, tlog/note.go).
//!
//! Deliberately not here: whether what is signed is true.

use super::base64;
use super::tiles::{HASH_SIZE, Hash, Tree};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// Whose signature counts.
#[derive(Clone, Debug)]
pub(super) struct Verifier {
    pub(super) name: String,
    hash: u32,
    key: [u8; 32],
}

const MALFORMED_ID: &str = "malformed verifier id";
const ED25519: u8 = 1;

impl Verifier {
    /// `NewVerifier`, of `name+hash+key`, or what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (name, rest) = text.split_once('+').unwrap_or((text, ""));
        let (hash16, key64) = rest.split_once('+').unwrap_or((rest, ""));
        let digits = hash16.len() == 8 && hash16.bytes().all(|b| b.is_ascii_hexdigit());
        let hash = u32::from_str_radix(hash16, 16).ok().filter(|_| digits);
        let (Some(hash), Some(key)) = (hash, base64::decode(key64)) else { return Err(MALFORMED_ID) };
        if !is_name(name) || key.is_empty() {
            return Err(MALFORMED_ID);
        }
        if hash != key_hash(name, &key) {
            return Err("invalid verifier hash");
        }
        match key.split_first() {
            Some((&ED25519, key)) => {
                let key = key.try_into().map_err(|_| MALFORMED_ID)?;
                Ok(Self { name: name.to_owned(), hash, key })
            }
            _ => Err("unknown verifier algorithm"),
        }
    }

    fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::from_slice(signature) else { return false };
        VerifyingKey::from_bytes(&self.key).is_ok_and(|key| {
            use ed25519_dalek::Verifier as _;
            key.verify(text, &signature).is_ok()
        })
    }
}

fn key_hash(name: &str, key: &[u8]) -> u32 {
    let sum = Sha256::new().chain_update(name).chain_update("\n").chain_update(key).finalize();
    u32::from_be_bytes([sum[0], sum[1], sum[2], sum[3]])
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('+') && !name.chars().any(char::is_whitespace)
}

/// `Open`: the text, which the verifier has signed.
pub(super) fn open<'m>(message: &'m [u8], verifier: &Verifier) -> Result<&'m [u8], String> {
    const MALFORMED: &str = "malformed note";
    let malformed = || MALFORMED.to_owned();
    if !is_plain(message) {
        return Err(malformed());
    }
    let cut = message.windows(2).rposition(|pair| pair == b"\n\n").ok_or_else(malformed)?;
    let (text, signatures) = (&message[..=cut], &message[cut + 2..]);
    let lines = signatures.strip_suffix(b"\n").ok_or_else(malformed)?;
    let mut signed = false;
    for (at, line) in lines.split(|b| *b == b'\n').enumerate() {
        /// go: note.go `Open`.
        const MOST_SIGNATURES: usize = 100;
        let line = std::str::from_utf8(line).ok().and_then(|line| line.strip_prefix("— "));
        let line = line.ok_or_else(malformed)?;
        let (name, text64) = line.split_once(' ').unwrap_or((line, ""));
        let bytes = base64::decode(text64).filter(|bytes| bytes.len() >= 5 && is_name(name));
        let bytes = bytes.filter(|_| at < MOST_SIGNATURES).ok_or_else(malformed)?;
        let (hash, signature) = bytes.split_at(4);
        if name != verifier.name || hash != verifier.hash.to_be_bytes() || signed {
            continue;
        }
        if !verifier.verifies(text, signature) {
            return Err(format!("invalid signature for key {name}+{:08x}", verifier.hash));
        }
        signed = true;
    }
    if signed { Ok(text) } else { Err("note has no verifiable signatures".to_owned()) }
}

/// UTF-8 without control characters of ASCII other than line feeds.
fn is_plain(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok() && !bytes.iter().any(|b| *b < 0x20 && *b != b'\n')
}

/// `ParseTree`.
pub(super) fn tree(text: &[u8]) -> Option<Tree> {
    const MOST: usize = 1_000_000;
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= MOST)?;
    let mut lines = text.strip_prefix("go.sum database tree\n")?.split('\n');
    let (size, hash, _) = (lines.next()?, lines.next()?, lines.next()?);
    let number: i64 = size.parse().ok()?;
    let number = u64::try_from(number).ok().filter(|n| n.to_string() == size)?;
    let hash: Hash = base64::decode(hash).filter(|bytes| bytes.len() == HASH_SIZE)?.try_into().ok()?;
    Some(Tree { size: number, hash })
}

/// `ParseRecord`: number, text, and the signed head behind it.
pub(super) fn record(message: &[u8]) -> Option<(i64, &[u8], &[u8])> {
    let line = message.iter().position(|b| *b == b'\n')?;
    let number: i64 = std::str::from_utf8(&message[..line]).ok()?.parse().ok()?;
    let message = &message[line + 1..];
    let cut = message.windows(2).position(|pair| pair == b"\n\n")?;
    let (text, rest) = (&message[..=cut], &message[cut + 2..]);
    let good = is_plain(text) && !text.windows(2).any(|pair| pair == b"\n\n");
    good.then_some((number, text, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// go: golang.org/x/mod/sumdb/note/note.go, "Example".
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what \
        your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdn\
        gotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn keys_as_in_gos_own_example() {
        let verifier = Verifier::parse(KEY).unwrap();
        assert_eq!(verifier.name, "PeterNeumann");
        for (text, want) in [
            ("PeterNeumann", MALFORMED_ID),
            ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "invalid verifier hash"),
            ("PeterNeumann+c74f20a3+A", MALFORMED_ID),
            ("PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", MALFORMED_ID),
        ] {
            assert_eq!(Verifier::parse(text).unwrap_err(), want, "{text}");
        }
        let text = open(NOTE.as_bytes(), &verifier).unwrap();
        assert_eq!(text, NOTE.split_once("\n\n").map(|(text, _)| format!("{text}\n")).unwrap().as_bytes());
        let other = NOTE.replacen("If", "if", 1);
        let error = open(other.as_bytes(), &verifier).unwrap_err();
        assert_eq!(error, "invalid signature for key PeterNeumann+c74f20a3");
        let error = open(NOTE.replace("— Peter", "— Paul").as_bytes(), &verifier).unwrap_err();
        assert_eq!(error, "note has no verifiable signatures");
        assert_eq!(open(NOTE.trim_end().as_bytes(), &verifier).unwrap_err(), "malformed note");
    }

    #[test]
    fn heads_and_records() {
        let text = b"go.sum database tree\n2\nnND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=\n";
        assert_eq!(tree(text).unwrap().size, 2);
        assert!(tree(b"go.sum database tree\n02\nnND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=\n").is_none());
        assert!(tree(b"go.sum database tree\n2\n").is_none());
        assert_eq!(record(b"7\na b h1:x\n\nrest"), Some((7, &b"a b h1:x\n"[..], &b"rest"[..])));
        assert_eq!(record(b"7\na b h1:x\n"), None);
    }
}
