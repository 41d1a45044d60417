//! MLS messages as trees (RFC 9420's presentation language): what is of variable length is a `Vector` and gets its length when it is
//! encoded, so a mutated tree still is well-formed wherever the mutation did not mean to break that.

use mls_rs_codec::{MlsEncode, VarInt};

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Raw(Vec<u8>),
    /// Its length in front.
    Vector(Vec<Node>),
    Seq(Vec<Node>),
}

pub type Parsed = Option<Node>;

impl Node {
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Node::Raw(bytes) => bytes.clone(),
            Node::Seq(items) => items.iter().flat_map(Node::encode).collect(),
            Node::Vector(items) => {
                let body: Vec<u8> = items.iter().flat_map(Node::encode).collect();
                let mut out = VarInt::try_from(body.len()).ok().and_then(|it| it.mls_encode_to_vec().ok()).unwrap_or_default();
                out.extend(body);
                out
            }
        }
    }

    /// `bytes` with their length in front.
    pub fn opaque(bytes: &[u8]) -> Self {
        Node::Vector(vec![Node::Raw(bytes.to_vec())])
    }

    pub fn items(&self) -> &[Node] {
        match self {
            Node::Vector(items) | Node::Seq(items) => items,
            Node::Raw(_) => &[],
        }
    }

    pub fn items_mut(&mut self) -> Option<&mut Vec<Node>> {
        match self {
            Node::Vector(items) | Node::Seq(items) => Some(items),
            Node::Raw(_) => None,
        }
    }

    pub fn size(&self) -> usize {
        1 + self.items().iter().map(Node::size).sum::<usize>()
    }

    /// The node with number `at`, counted from the root down.
    pub fn nth(&mut self, at: &mut usize) -> Option<&mut Node> {
        if *at == 0 {
            return Some(self);
        }
        *at -= 1;
        let items = match self {
            Node::Vector(items) | Node::Seq(items) => items,
            Node::Raw(_) => return None,
        };
        items.iter_mut().find_map(|it| it.nth(at))
    }
}

pub struct Reader<'a>(pub &'a [u8]);

impl Reader<'_> {
    fn take(&mut self, n: usize) -> Option<Vec<u8>> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head.to_vec())
    }

    fn raw(&mut self, n: usize) -> Parsed {
        self.take(n).map(Node::Raw)
    }

    fn inside(&mut self) -> Option<Vec<u8>> {
        use mls_rs_codec::MlsDecode;
        let length = u32::from(VarInt::mls_decode(&mut self.0).ok()?) as usize;
        self.take(length)
    }

    fn opaque(&mut self) -> Parsed {
        self.inside().map(|it| Node::opaque(&it))
    }

    fn many(&mut self, each: impl Fn(&mut Reader) -> Parsed) -> Parsed {
        let inside = self.inside()?;
        let mut reader = Reader(&inside);
        let mut items = vec![];
        while !reader.0.is_empty() {
            items.push(each(&mut reader)?);
        }
        Some(Node::Vector(items))
    }

    fn optional(&mut self, each: impl Fn(&mut Reader) -> Parsed) -> Parsed {
        match self.0.first()? {
            0 => self.raw(1),
            _ => Some(Node::Seq(vec![self.raw(1)?, each(self)?])),
        }
    }

    fn extensions(&mut self) -> Parsed {
        self.many(|it| {
            let kind = it.raw(2)?;
            let body = if kind == Node::Raw(vec![0, 2]) {
                // ratchet_tree
                let inside = it.inside()?;
                let mut tree = Reader(&inside);
                Node::Vector(vec![tree.many(|it| it.optional(|it| it.tree_node()))?])
            } else {
                it.opaque()?
            };
            Some(Node::Seq(vec![kind, body]))
        })
    }

    fn tree_node(&mut self) -> Parsed {
        let kind = self.raw(1)?;
        let body = match kind {
            Node::Raw(ref it) if it == &[1] => self.leaf()?,
            _ => Node::Seq(vec![self.opaque()?, self.opaque()?, self.many(|it| it.raw(4))?]),
        };
        Some(Node::Seq(vec![kind, body]))
    }

    /// The signature is the last item.
    fn leaf(&mut self) -> Parsed {
        let mut items = vec![self.opaque()?, self.opaque()?, self.raw(2)?, self.opaque()?];
        let codes = |it: &mut Self| it.many(|it| it.raw(2));
        items.push(Node::Seq((0..5).map(|_| codes(self)).collect::<Option<_>>()?));
        let source = self.raw(1)?;
        items.push(match source {
            Node::Raw(ref it) if it == &[1] => Node::Seq(vec![source, self.raw(8)?, self.raw(8)?]),
            Node::Raw(ref it) if it == &[3] => Node::Seq(vec![source, self.opaque()?]),
            _ => source,
        });
        items.extend([self.extensions()?, self.opaque()?]);
        Some(Node::Seq(items))
    }

    /// [version, suite, init key, leaf, extensions, signature]
    fn key_package(&mut self) -> Parsed {
        let items = vec![self.raw(2)?, self.raw(2)?, self.opaque()?, self.leaf()?, self.extensions()?, self.opaque()?];
        Some(Node::Seq(items))
    }

    fn proposal(&mut self) -> Parsed {
        let kind = self.raw(2)?;
        let Node::Raw(ref code) = kind else { return None };
        let body = match code[1] {
            1 => self.key_package()?,
            2 => self.leaf()?,
            3 => self.raw(4)?,
            4 => Node::Seq(vec![self.raw(1)?, self.opaque()?, self.opaque()?]),
            5 => Node::Seq(vec![self.opaque()?, self.raw(2)?, self.raw(2)?, self.extensions()?]),
            6 => self.opaque()?,
            7 => self.extensions()?,
            _ => return None,
        };
        Some(Node::Seq(vec![kind, body]))
    }

    fn proposal_or_ref(&mut self) -> Parsed {
        let kind = self.raw(1)?;
        let body = if kind == Node::Raw(vec![1]) { self.proposal()? } else { self.opaque()? };
        Some(Node::Seq(vec![kind, body]))
    }

    fn update_path(&mut self) -> Parsed {
        let sealed = |it: &mut Reader| Some(Node::Seq(vec![it.opaque()?, it.opaque()?]));
        Some(Node::Seq(vec![self.leaf()?, self.many(|it| Some(Node::Seq(vec![it.opaque()?, it.many(sealed)?])))?]))
    }

    /// [header, content, signature, confirmation tag?, membership tag?]; content is
    /// [group id, epoch, sender, authenticated data, content type, body]; the body of a commit is [proposals, path].
    fn public_message(&mut self, header: Node) -> Parsed {
        let (group, epoch, sender) = (self.opaque()?, self.raw(8)?, self.raw(1)?);
        let member = sender == Node::Raw(vec![1]);
        let sender = if member { Node::Seq(vec![sender, self.raw(4)?]) } else { sender };
        let (data, kind) = (self.opaque()?, self.raw(1)?);
        let commit = kind == Node::Raw(vec![3]);
        let body = match kind {
            Node::Raw(ref it) if it == &[1] => self.opaque()?,
            Node::Raw(ref it) if it == &[2] => self.proposal()?,
            _ => Node::Seq(vec![self.many(|it| it.proposal_or_ref())?, self.optional(|it| it.update_path())?]),
        };
        let mut items = vec![header, Node::Seq(vec![group, epoch, sender, data, kind, body]), self.opaque()?];
        for _ in 0..usize::from(commit) + usize::from(member) {
            items.push(self.opaque()?);
        }
        Some(Node::Seq(items))
    }

    /// [[version, suite, group id, epoch, tree hash, transcript hash, extensions], extensions, confirmation tag, signer, signature]
    pub fn group_info(&mut self) -> Parsed {
        let context =
            vec![self.raw(2)?, self.raw(2)?, self.opaque()?, self.raw(8)?, self.opaque()?, self.opaque()?, self.extensions()?];
        Some(Node::Seq(vec![Node::Seq(context), self.extensions()?, self.opaque()?, self.raw(4)?, self.opaque()?]))
    }

    /// [joiner secret, path secret?, PSKs]
    pub fn group_secrets(&mut self) -> Parsed {
        Some(Node::Seq(vec![self.opaque()?, self.optional(|it| it.opaque())?, self.opaque()?]))
    }

    /// [header, suite, [new member, [KEM output, ciphertext]]*, encrypted group info]
    fn welcome(&mut self, header: Node) -> Parsed {
        let suite = self.raw(2)?;
        let secrets = self.many(|it| Some(Node::Seq(vec![it.opaque()?, it.opaque()?, it.opaque()?])))?;
        Some(Node::Seq(vec![header, suite, secrets, self.opaque()?]))
    }
}

/// An MLSMessage as a tree; `None` if it is of another kind or form.
pub fn parse(message: &[u8]) -> Parsed {
    let mut it = Reader(message);
    let header = it.raw(4)?;
    let Node::Raw(ref kind) = header else { return None };
    let node = match kind.as_slice() {
        [0, 1, 0, 1] => it.public_message(header),
        [0, 1, 0, 3] => it.welcome(header),
        [0, 1, 0, 5] => Some(Node::Seq(vec![header, it.key_package()?])),
        _ => None,
    }?;
    it.0.is_empty().then_some(node)
}
