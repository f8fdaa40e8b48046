//! How list variables differ: which entries one space has more and fewer than another.
//!
//! Not here: who added an entry, which the fold knows.

use model::{Value, split_list};

/// Entries of `b` that `a` has not, and the other way round; equal entries are matched one by one.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Delta {
    pub(crate) more: Vec<Vec<u8>>,
    pub(crate) fewer: Vec<Vec<u8>>,
}

pub(crate) fn delta(a: Option<&Value>, b: Option<&Value>, separator: u8) -> Delta {
    let split = |v: Option<&Value>| -> Vec<Vec<u8>> {
        v.map(|v| split_list(v.as_bytes(), separator).into_iter().map(<[u8]>::to_vec).collect())
            .unwrap_or_default()
    };
    let (a, b) = (split(a), split(b));
    Delta { more: without(&b, &a), fewer: without(&a, &b) }
}

fn without(from: &[Vec<u8>], taken: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut pool: Vec<&Vec<u8>> = taken.iter().collect();
    let mut left = Vec::new();
    for entry in from {
        match pool.iter().position(|p| *p == entry) {
            Some(at) => drop(pool.swap_remove(at)),
            None => left.push(entry.clone()),
        }
    }
    left
}

pub(crate) fn count(value: &Value, separator: u8) -> usize {
    split_list(value.as_bytes(), separator).len()
}

impl Delta {
    /// `+2 −0`; the same entries in another order say so.
    pub(crate) fn words(&self) -> String {
        if self.more.is_empty() && self.fewer.is_empty() {
            "other order".to_owned()
        } else {
            format!("+{} −{}", self.more.len(), self.fewer.len())
        }
    }
}
