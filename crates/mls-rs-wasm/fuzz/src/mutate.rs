//! Mutations of bytes, and of trees.

use crate::random::Dice;
use crate::tree::Node;

/// Numbers at which lengths, indices and counters tend to break.
const ODD: [u64; 12] = [0, 1, 2, 63, 64, 127, 128, 255, 16383, 16384, u32::MAX as u64, u64::MAX];

/// One mutation of plain bytes; `other` is what is spliced from.
pub fn bytes(dice: &mut Dice, it: &mut Vec<u8>, other: &[u8]) {
    let at = dice.below(it.len());
    match dice.below(9) {
        0 | 1 if !it.is_empty() => it[at] ^= 1 << dice.below(8),
        2 if !it.is_empty() => it[at] = dice.roll() as u8,
        3 => it.truncate(at),
        4 => it.extend(other.iter().take(dice.below(64))),
        5 => {
            let to = (at + dice.below(40)).min(it.len());
            it.drain(at..to);
        }
        6 => {
            let from = dice.below(other.len());
            let to = (from + dice.below(100)).min(other.len());
            let end = (at + dice.below(100)).min(it.len());
            it.splice(at..end, other[from..to].iter().copied());
        }
        7 => {
            // A length field: one, two or four bytes, by the two highest bits (RFC 9420 section 2.1.2).
            let value = (*dice.pick(&ODD)).to_be_bytes();
            let width = 1 << dice.below(4);
            for (i, byte) in value[8 - width..].iter().enumerate() {
                if let Some(hit) = it.get_mut(at + i) {
                    *hit = *byte;
                }
            }
        }
        _ => {
            if let Some(hit) = it.get_mut(at) {
                *hit = (*hit & 0x3f) | ((dice.below(4) as u8) << 6);
            }
        }
    }
}

/// One mutation of a tree: of its leaves, of its lists, or by a piece of another tree. `gentle` keeps to what mostly still parses: the
/// size of fields of fixed size, and the fields of a structure.
pub fn tree(dice: &mut Dice, it: &mut Node, other: &Node, gentle: bool) {
    for _ in 0..8 {
        let mut at = dice.below(it.size());
        let Some(node) = it.nth(&mut at) else { return };
        if gentle && matches!(node, Node::Seq(_)) {
            continue;
        }
        if !gentle && dice.percent(8) {
            let (mut from, mut other) = (dice.below(other.size()), other.clone());
            if let Some(piece) = other.nth(&mut from) {
                *node = piece.clone();
            }
            return;
        }
        match node {
            Node::Raw(raw) => leaf(dice, raw, other, gentle),
            Node::Vector(items) | Node::Seq(items) => list(dice, items, gentle),
        }
        return;
    }
}

fn leaf(dice: &mut Dice, raw: &mut Vec<u8>, other: &Node, gentle: bool) {
    if raw.is_empty() {
        raw.push(dice.roll() as u8);
        return;
    }
    match dice.below(10) {
        0 if !gentle => bytes(dice, raw, &other.encode()),
        0 | 1 => {
            let value = (*dice.pick(&ODD)).to_be_bytes();
            let (n, keep) = (raw.len(), raw.len().min(8));
            raw[n - keep..].copy_from_slice(&value[8 - keep..]);
        }
        2 => raw.fill(*dice.pick(&[0, 255])),
        _ => {
            let hit = dice.below(raw.len());
            raw[hit] ^= 1 << dice.below(8);
        }
    }
}

fn list(dice: &mut Dice, items: &mut Vec<Node>, gentle: bool) {
    if items.is_empty() {
        if !gentle || dice.percent(10) {
            items.push(Node::Raw(vec![dice.roll() as u8; dice.below(5)]));
        }
        return;
    }
    let (one, two) = (dice.below(items.len()), dice.below(items.len()));
    match dice.below(5) {
        0 => drop(items.remove(one)),
        1 => items.insert(one, items[two].clone()),
        2 => items.swap(one, two),
        3 => items.clear(),
        _ => {
            let copy = items[one].clone();
            items.extend(std::iter::repeat_n(copy, dice.below(20)));
        }
    }
}
