/** The comparisons of one epoch: all members against one another, both implementations. */
import { AES_128_GCM_SHA256_128, BASE_KEY_LABEL, KeyRing } from '../../src/media/sframe/index.ts';
import { hex, utf8 } from '../../src/protocol/wire/bytes.ts';
import type { Counts } from './counts.ts';
import { Difference, type Comparison } from './difference.ts';
import type { InteropMember } from './members.ts';

const NOTHING = new Uint8Array();
const MEDIA = AES_128_GCM_SHA256_128;

/** The exports of production (RFC 9605 section 5.2), and others that differ from it in label, context and length. */
const EXPORTS: readonly (readonly [label: string, context: Uint8Array, length: number])[] = [
  [BASE_KEY_LABEL, NOTHING, MEDIA.keyBytes],
  [BASE_KEY_LABEL, utf8('a context'), 32],
  ['another label', utf8('a context'), 255],
];

/** Who is compared with whom: everybody with the first by ts-mls, or with the first where there is none. */
const referenceOf = (members: readonly InteropMember[]): InteropMember | undefined =>
  members.find((it) => it.implementation === 'ts-mls') ?? members[0];

async function compare(
  comparison: Comparison,
  members: readonly InteropMember[],
  counts: Counts,
  valueOf: (member: InteropMember) => string | Promise<string>,
): Promise<void> {
  const reference = referenceOf(members);
  if (reference === undefined) return;
  const expected = await valueOf(reference);
  const whose: string[] = [];
  for (const member of members) {
    if (member === reference) continue;
    counts.add(`compared: ${comparison}`);
    if (member.implementation !== reference.implementation)
      counts.add(`between implementations: ${comparison}`);
    if ((await valueOf(member)) !== expected) whose.push(member.name);
  }
  if (whose.length > 0)
    throw new Difference(
      comparison,
      whose,
      `not as ${reference.name} in epoch ${reference.epoch.toString()}`,
    );
}

/** Nobody's group has moved: what is made is current for nobody, not even for its maker, before it is read back. */
export const compareAuthenticators = (members: readonly InteropMember[], counts: Counts): Promise<void> =>
  compare('epoch authenticator', members, counts, (it) => hex(it.epochAuthenticator));

/** Compares all that two members of one epoch must have in common. Throws `Difference` at the first that they have not. */
export async function compareEpoch(members: readonly InteropMember[], counts: Counts): Promise<void> {
  await compare('epoch', members, counts, (it) => `${it.epoch.toString()} ${hex(it.groupId)}`);
  await compare('roster', members, counts, (it) =>
    it.roster.map((row) => `${row.leafIndex} ${row.participant} ${hex(row.signatureKey)}`).join('\n'),
  );
  await compareAuthenticators(members, counts);
  for (const [label, context, length] of EXPORTS) {
    await compare('exporter', members, counts, async (it) =>
      hex(await it.exportSecret(label, context, length)),
    );
  }
}

/** The media keys of the members of a group, as the transform worker holds them. */
export class Media {
  readonly #rings = new Map<InteropMember, KeyRing>();
  #now = 0;

  /** Everybody's new epoch, as the MLS core hands it over. */
  async enter(members: readonly InteropMember[]): Promise<void> {
    this.#now += 1000;
    for (const it of members) {
      const ring = this.#rings.get(it) ?? new KeyRing(MEDIA);
      this.#rings.set(it, ring);
      const { groupId, epoch, ownLeafIndex, roster } = it;
      const baseKey = await it.exportSecret(BASE_KEY_LABEL, NOTHING, MEDIA.keyBytes);
      await ring.setEpoch({ groupId, epoch, ownLeafIndex, members: roster, baseKey }, this.#now);
    }
  }

  /** What `sender` protects, everybody else opens, as from its sender. */
  async frame(
    sender: InteropMember,
    members: readonly InteropMember[],
    context: number,
    counts: Counts,
  ): Promise<void> {
    const clear = Uint8Array.from(utf8(`${sender.name} in epoch ${sender.epoch.toString()}`));
    const metadata = utf8('metadata');
    const sealed = await this.#ringOf(sender).protect(context, clear, metadata);
    if (!sealed.ok) throw new Difference('opened frame', [sender.name], `cannot protect: ${sealed.refusal}`);
    counts.add(`frames protected: ${sender.implementation}`);
    for (const it of members) {
      if (it === sender) continue;
      const opened = await this.#ringOf(it).open(sealed.bytes, metadata, this.#now);
      counts.add('compared: opened frame');
      if (it.implementation !== sender.implementation) counts.add('between implementations: opened frame');
      if (
        !opened.ok ||
        hex(opened.bytes) !== hex(clear) ||
        opened.sender.participant !== sender.participant
      ) {
        const outcome = opened.ok ? 'it is another frame' : opened.refusal;
        throw new Difference('opened frame', [it.name], `from ${sender.name}: ${outcome}`);
      }
    }
  }

  #ringOf(member: InteropMember): KeyRing {
    const ring = this.#rings.get(member);
    if (ring === undefined) throw new Error(`${member.name} has no media keys`);
    return ring;
  }
}
