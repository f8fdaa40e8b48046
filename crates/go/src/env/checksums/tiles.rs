//! The log of a checksum database as it is kept in tiles: hashes by their place, each proven against the head of the
//! tree (go: golang.org/x/mod/sumdb/tlog: tlog.go, tile.go; RFC 6962, section 2.1).
//!
//! Deliberately not here: where tiles come from.

use super::Trouble;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

pub(super) const HASH_SIZE: usize = 32;
/// Of a tile, as the client of go asks for them (go: sumdb/client.go `initWork`).
const HEIGHT: u32 = 8;
/// Hashes of a whole tile.
const WHOLE: u64 = 1 << HEIGHT;

/// go: tile.go `ReadHashes`.
pub(super) const WRONG_TILE: &str = "downloaded inconsistent tile";

pub(super) type Hash = [u8; HASH_SIZE];

/// The head of a log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Tree {
    pub(super) size: u64,
    pub(super) hash: Hash,
}

/// Consecutive hashes of one level.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    level: u32,
    number: u64,
    width: u64,
}

impl Tile {
    /// The same one when it is full; `None` if it is.
    pub(super) fn whole(self) -> Option<Self> {
        (self.width != WHOLE).then_some(Self { width: WHOLE, ..self })
    }

    /// The leading part of a full tile's bytes that are this one's.
    pub(super) fn part_of(self, whole: &[u8]) -> Vec<u8> {
        let width = usize::try_from(self.width).unwrap_or(usize::MAX);
        let size = (whole.len() / usize::try_from(WHOLE).unwrap_or(1)).saturating_mul(width);
        whole.get(..size).unwrap_or(whole).to_vec()
    }

    /// `tile/8/0/x001/234.p/5`.
    pub(super) fn path(self) -> String {
        const BASE: u64 = 1000;
        let mut number = self.number;
        let mut digits = format!("{:03}", number % BASE);
        while number >= BASE {
            number /= BASE;
            digits = format!("x{:03}/{digits}", number % BASE);
        }
        let mut path = format!("tile/{HEIGHT}/{}/{digits}", self.level);
        if self.width != WHOLE {
            let _ = write!(path, ".p/{}", self.width);
        }
        path
    }

    /// The one above it by so many tiles, in a tree of this size.
    fn parent(self, up: u32, size: u64) -> Option<Self> {
        let level = self.level + up;
        let number = self.number.checked_shr(up * HEIGHT).unwrap_or(0);
        let most = size.checked_shr(level * HEIGHT).unwrap_or(0);
        let start = number << HEIGHT;
        let whole = Self { level, number, width: WHOLE };
        match start + WHOLE >= most {
            true if start >= most => None,
            true => Some(Self { width: most - start, ..whole }),
            false => Some(whole),
        }
    }
}

/// The tile of least width that holds a hash, and where it lies in it.
fn tile_of(index: u64) -> (Tile, usize, usize) {
    let (level, number) = split(index);
    let (tile, level) = (level / HEIGHT, level % HEIGHT);
    let above = (number << level) >> HEIGHT;
    let within = number - ((above << HEIGHT) >> level);
    let (start, end) = (within << level, (within + 1) << level);
    let bytes = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).saturating_mul(HASH_SIZE);
    (Tile { level: tile, number: above, width: end }, bytes(start), bytes(end))
}

/// `StoredHashIndex`: the place of the hash of these coordinates in the order in which hashes are stored.
pub(super) fn stored(level: u32, number: u64) -> u64 {
    let mut n = (0..level).fold(number, |n, _| 2 * n + 1);
    let mut index = 0;
    while n > 0 {
        index += n;
        n >>= 1;
    }
    index + u64::from(level)
}

/// `SplitStoredHashIndex`.
fn split(index: u64) -> (u32, u64) {
    let mut number = index / 2;
    let mut of_number = stored(0, number);
    loop {
        let next = of_number + 1 + u64::from((number + 1).trailing_zeros());
        if next > index {
            break;
        }
        number += 1;
        of_number = next;
    }
    let level = u32::try_from(index - of_number).unwrap_or(0);
    (level, number >> level)
}

pub(super) fn record_hash(record: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(record).finalize().into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The hash above the hashes in these bytes, whose number is a power of two.
fn above(bytes: &[u8]) -> Hash {
    if bytes.len() <= HASH_SIZE {
        let mut hash = Hash::default();
        hash[..bytes.len()].copy_from_slice(bytes);
        return hash;
    }
    let (left, right) = bytes.split_at(bytes.len() / 2);
    node_hash(&above(left), &above(right))
}

/// The largest power of two below `n`, which is above one.
fn below(n: u64) -> (u64, u32) {
    let level = (n - 1).ilog2();
    (1 << level, level)
}

/// `subTreeIndex`: the stored hashes from which that of the records from `low` to before `high` follows.
fn of_subtree(mut low: u64, high: u64, out: &mut Vec<u64>) {
    while low < high {
        let (size, level) = below(high - low + 1);
        out.push(stored(level, low >> level));
        low += size;
    }
}

/// `subTreeHash`: that hash, and the hashes that were not needed.
fn subtree_hash(mut low: u64, high: u64, hashes: &[Hash]) -> (Hash, &[Hash]) {
    let mut count = 0;
    while low < high {
        low += below(high - low + 1).0;
        count += 1;
    }
    let (own, rest) = hashes.split_at(count);
    let joined = own.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
    (joined.unwrap_or_default(), rest)
}

/// A tree whose tiles can be read. `all_checked`: newer clients prove each tile, older ones may leave some out.
pub(super) struct Reader<'a> {
    pub(super) tree: Tree,
    pub(super) read: &'a dyn Fn(Tile) -> Result<Vec<u8>, Trouble>,
    pub(super) all_checked: bool,
}

impl Reader<'_> {
    /// `TreeHash`: that of the first so many records.
    pub(super) fn tree_hash(&self, size: u64) -> Result<Hash, Trouble> {
        let mut indexes = Vec::new();
        of_subtree(0, size, &mut indexes);
        let hashes = self.hashes(&indexes)?;
        Ok(subtree_hash(0, size, &hashes).0)
    }

    /// `ProveTree`: that the first `size` records are those of a tree of that size.
    pub(super) fn prove(&self, size: u64) -> Result<Vec<Hash>, Trouble> {
        let mut indexes = Vec::new();
        of_proof(0, self.tree.size, size, &mut indexes);
        if indexes.is_empty() {
            return Ok(Vec::new());
        }
        let hashes = self.hashes(&indexes)?;
        Ok(proof(0, self.tree.size, size, &hashes).0)
    }

    /// `tileHashReader.ReadHashes`: hashes by their place in storage, proven against the head.
    pub(super) fn hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Trouble> {
        let size = self.tree.size;
        let error = |text: &str| Err(Trouble::Says(text.to_owned()));
        let mut roots = Vec::new();
        of_subtree(0, size, &mut roots);
        let mut tiles: Vec<Tile> = Vec::new();
        let mut at_roots = Vec::new();
        for root in &roots {
            let Some(tile) = tile_of(*root).0.parent(0, size) else { return error("indexes not in tree") };
            at_roots.push(position(&mut tiles, tile));
        }
        let mut at_indexes = Vec::new();
        for index in indexes {
            if *index >= stored(0, size) {
                return error("indexes not in tree");
            }
            let tile = tile_of(*index).0;
            let known = |up: u32| tile.parent(up, size).is_none_or(|parent| tiles.contains(&parent));
            let top = (0..=u64::BITS / HEIGHT).find(|up| known(*up)).unwrap_or_default();
            for up in (0..top).rev() {
                tiles.extend(tile.parent(up, size));
            }
            let Some(own) = tile.parent(0, size) else { return error("indexes not in tree") };
            at_indexes.push(position(&mut tiles, own));
        }
        // go reads all of them at once, and the first that fails in this order counts.
        let data: Vec<Vec<u8>> =
            tiles.iter().map(|tile| (self.read)(*tile)).collect::<Result<_, Trouble>>()?;
        for (tile, bytes) in tiles.iter().zip(&data) {
            let want = usize::try_from(tile.width).unwrap_or(usize::MAX).saturating_mul(HASH_SIZE);
            if bytes.len() != want {
                let path = tile.path();
                let text =
                    format!("TileReader returned bad result slice ({path} len={}, want {want})", bytes.len());
                return Err(Trouble::Says(text));
            }
        }
        let found = |at: usize, index: u64| {
            let (_, start, end) = tile_of(index);
            above(data[at].get(start..end).unwrap_or_default())
        };
        let hashes = at_roots.iter().zip(&roots).map(|(at, root)| found(*at, *root));
        let head = hashes.rev().reduce(|right, left| node_hash(&left, &right)).unwrap_or_default();
        if head != self.tree.hash {
            return error(WRONG_TILE);
        }
        let unproven =
            if self.all_checked { at_roots.last().map_or(0, |last| last + 1) } else { roots.len() };
        for (at, tile) in tiles.iter().enumerate().skip(unproven) {
            let parent = tile.parent(1, size).and_then(|parent| tiles.iter().position(|t| *t == parent));
            let Some(parent) = parent else { return error(WRONG_TILE) };
            let level = (tile.level + 1) * HEIGHT;
            if found(parent, stored(level, tile.number)) != above(&data[at]) {
                return error(WRONG_TILE);
            }
        }
        Ok(at_indexes.iter().zip(indexes).map(|(at, index)| found(*at, *index)).collect())
    }
}

/// Where the tile stands in the list, at its end where it was not in it.
fn position(tiles: &mut Vec<Tile>, tile: Tile) -> usize {
    tiles.iter().position(|t| *t == tile).unwrap_or_else(|| {
        tiles.push(tile);
        tiles.len() - 1
    })
}

/// `treeProofIndex`.
fn of_proof(low: u64, high: u64, size: u64, out: &mut Vec<u64>) {
    if size == high {
        if low != 0 {
            of_subtree(low, high, out);
        }
        return;
    }
    let (half, _) = below(high - low);
    if size <= low + half {
        of_proof(low, low + half, size, out);
        of_subtree(low + half, high, out);
    } else {
        of_subtree(low, low + half, out);
        of_proof(low + half, high, size, out);
    }
}

/// `treeProof`.
fn proof(low: u64, high: u64, size: u64, hashes: &[Hash]) -> (Vec<Hash>, &[Hash]) {
    if size == high {
        if low == 0 {
            return (Vec::new(), hashes);
        }
        let (hash, rest) = subtree_hash(low, high, hashes);
        return (vec![hash], rest);
    }
    let (half, _) = below(high - low);
    let (mut proven, hash, rest);
    if size <= low + half {
        let inner = proof(low, low + half, size, hashes);
        proven = inner.0;
        (hash, rest) = subtree_hash(low + half, high, inner.1);
    } else {
        let (own, left) = subtree_hash(low, low + half, hashes);
        (proven, rest) = proof(low + half, high, size, left);
        hash = own;
    }
    proven.push(hash);
    (proven, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_hashes() {
        // go: tlog_test.go TestSplitStoredHashIndex.
        for level in 0..10 {
            for number in 0..100 {
                assert_eq!(split(stored(level, number)), (level, number), "{level} {number}");
            }
        }
    }

    #[test]
    fn paths_of_tiles() {
        // go: tile.go Tile, with the height of 8.
        let path = |number, width| Tile { level: 4, number, width }.path();
        assert_eq!(path(1_234_067, 1), "tile/8/4/x001/x234/067.p/1");
        assert_eq!(path(1_234_067, 256), "tile/8/4/x001/x234/067");
        assert_eq!(path(0, 3), "tile/8/4/000.p/3");
    }
}
