//! One input after the other: some by an outsider who damages what it sees, most by an insider who signs what it wrote.

use crate::mutate;
use crate::random::Dice;
use crate::scene::{Call, Scene, Seed};
use crate::tree::{parse, Node};
use mls_rs_wasm::key_package::hash;
use mls_rs_wasm::rules::Expected;

pub struct Input {
    pub call: Call,
    pub bytes: Vec<u8>,
    pub expected: Expected,
    pub path: bool,
    pub busy: bool,
}

/// Percent of the inputs for each call, by what they cost.
const SHARES: [(Call, usize); 4] = [(Call::Check, 40), (Call::Add, 3), (Call::Process, 50), (Call::Welcome, 7)];

pub struct Generator<'a> {
    scene: &'a Scene,
    pub dice: Dice,
    /// Places of the seeds of each call, and inputs that reached something new.
    pub pool: Vec<Seed>,
}

impl<'a> Generator<'a> {
    pub fn new(scene: &'a Scene, seed: u64) -> Self {
        Self { scene, dice: Dice::new(seed), pool: scene.seeds.clone() }
    }

    pub fn next(&mut self) -> Input {
        let mut roll = self.dice.below(100);
        let mut call = Call::Check;
        for (each, share) in SHARES {
            call = each;
            if roll < share {
                break;
            }
            roll -= share;
        }
        let genuine = self.dice.percent(65);
        let wanted = |it: &Seed| it.call == call && (it.genuine || !genuine);
        let pool: Vec<usize> = (0..self.pool.len()).filter(|at| wanted(&self.pool[*at])).collect();
        let seed = self.pool[*self.dice.pick(&pool)].clone();
        // Any message goes to any function once in a while.
        let bytes = if self.dice.percent(3) { self.dice.pick(&self.pool).bytes.clone() } else { seed.bytes };
        let insider = self.dice.percent(70);
        let bytes = if insider { self.insider(call, &bytes) } else { self.outsider(bytes) };
        let mut expected = seed.expected;
        if call == Call::Process && self.dice.percent(20) {
            self.expectation(&mut expected);
        }
        Input { call, bytes, expected, path: self.dice.percent(50), busy: self.dice.percent(1) }
    }

    fn outsider(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        let other = self.dice.pick(&self.pool).bytes.clone();
        if self.dice.below(50_000) == 0 {
            bytes.resize((1 << 20) + self.dice.below(3), 0);
            return bytes;
        }
        if self.dice.percent(50) {
            if let (Some(mut node), Some(other)) = (parse(&bytes), parse(&other)) {
                mutate::tree(&mut self.dice, &mut node, &other, false);
                return node.encode();
            }
        }
        for _ in 0..=self.dice.below(3) {
            mutate::bytes(&mut self.dice, &mut bytes, &other);
        }
        bytes
    }

    fn insider(&mut self, call: Call, bytes: &[u8]) -> Vec<u8> {
        if call == Call::Welcome {
            return self.welcome().unwrap_or_else(|| bytes.to_vec());
        }
        let Some(mut node) = parse(bytes) else { return self.outsider(bytes.to_vec()) };
        if call == Call::Process && self.dice.percent(60) {
            self.proposals(&mut node);
        }
        for _ in 0..self.dice.below(3) {
            // What a message says, not how it is signed: that is made anew. Of a commit mostly its body.
            let body = call == Call::Process && self.dice.percent(85);
            let part = node.items_mut().and_then(|it| it.get_mut(1));
            let part = if body { part.and_then(|it| it.items_mut()?.get_mut(5)) } else { part };
            let other = parse(&self.dice.pick(&self.pool).bytes).unwrap_or(Node::Raw(vec![]));
            let gentle = self.dice.percent(90);
            if let Some(part) = part {
                mutate::tree(&mut self.dice, part, &other, gentle);
            }
        }
        if call == Call::Process {
            self.scene.insider.sign_message(&mut node);
        } else {
            self.scene.forger.sign_key_package(&mut node);
        }
        node.encode()
    }

    /// Other proposals in a commit, or other places of them, or no path.
    fn proposals(&mut self, message: &mut Node) {
        let body = message.items_mut().and_then(|it| it.get_mut(1)?.items_mut()?.get_mut(5)?.items_mut());
        let Some([list, path]) = body.map(Vec::as_mut_slice) else { return };
        if let Some(list) = list.items_mut().filter(|_| self.dice.percent(60)) {
            let one = self.dice.pick(&self.scene.proposals).clone();
            match self.dice.below(4) {
                0 => list.insert(self.dice.below(list.len() + 1), one),
                1 => list.push(one),
                2 => *list = vec![one],
                _ if list.is_empty() => {}
                _ => drop(list.remove(self.dice.below(list.len()))),
            }
        }
        if self.dice.percent(10) {
            *path = Node::Raw(vec![0]);
        }
    }

    fn welcome(&mut self) -> Option<Vec<u8>> {
        let (mut secrets, mut info) = (self.scene.secrets.clone(), self.scene.info.clone());
        let other = self.dice.pick(&self.pool).bytes.clone();
        let other = parse(&other).unwrap_or_else(|| info.clone());
        for _ in 0..self.dice.below(4) {
            let gentle = self.dice.percent(90);
            let part = if self.dice.percent(85) { &mut info } else { &mut secrets };
            mutate::tree(&mut self.dice, part, &other, gentle);
        }
        let fix = self.dice.percent(85);
        let (reference, key) = (&self.scene.joiner_reference, &self.scene.joiner_init_key);
        self.scene.insider.seal_welcome(&secrets, &mut info, reference, key, fix)
    }

    /// The commit that the log calls for is another one.
    fn expectation(&mut self, it: &mut Expected) {
        let id = [self.dice.below(10) as u8; 16];
        match self.dice.below(8) {
            0 => it.committer = id,
            1 => it.path = !it.path,
            2 => it.adds.push((id, hash(&id))),
            3 => it.removes.push(id),
            4 => it.adds.reverse(),
            5 => drop(it.adds.pop()),
            6 => drop(it.removes.pop()),
            _ => it.adds.iter_mut().for_each(|add| add.1[self.dice.below(32)] ^= 1),
        }
    }
}
