import type { ParticipantSnapshot } from '../../machine/machine.ts';
import { borderChecks } from '../../mls/borderChecks.ts';
import type { MlsGroup } from '../../mls/MlsGroup.ts';
import type { Joined, View } from '../../protocol/view.ts';

/** A group of which some methods are others. */
function withMethods(group: MlsGroup, methods: Partial<MlsGroup>): MlsGroup {
  return new Proxy(group, {
    get: (target, name) => {
      if (name in methods) return Reflect.get(methods, name) as unknown;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** MLS messages end with a tag: of the membership, or of the encrypted GroupInfo. */
export const spoil = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from(bytes, (byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte));

/**
 * A group that is handed spoiled bytes while `spoiled` is set. A dishonest committer can make an update path that some
 * members can read and others cannot (RFC 9420 section 7.6: one ciphertext a node); no MLS core makes one. What becomes
 * of who cannot read it is the same: its own core refuses the payload, and it is dead.
 */
export class Spoilable {
  spoiled = false;
  readonly group: MlsGroup;

  constructor(group: MlsGroup) {
    const bytesOf = (bytes: Uint8Array): Uint8Array => (this.spoiled ? spoil(bytes) : bytes);
    this.group = withMethods(group, {
      process: (commit, expected) => group.process(bytesOf(commit), expected),
      welcome: (welcome) => group.welcome(bytesOf(welcome)),
    });
  }
}

/**
 * For the rule Justified off: `read` with a view that knows the keys of who never joined by the log, so that the
 * keeper's check of a Welcome finds nothing. With that check a ghost that never joined is not let in even without the
 * rule: whoever is welcomed to a group with it is dead.
 *
 * @param keyPackages of everybody, by id.
 */
export function readKnowing(
  holder: { snapshot: ParticipantSnapshot },
  keyPackages: ReadonlyMap<string, Uint8Array>,
  read: () => void,
): void {
  const { joined } = holder.snapshot.context.view;
  const strangers: Record<string, Joined> = {};
  for (const [id, keyPackage] of keyPackages) {
    const facts = borderChecks.checkKeyPackage(keyPackage);
    if (joined[id] === undefined && typeof facts !== 'string')
      strangers[id] = { at: 0, signatureKey: facts.signatureKey };
  }
  holder.snapshot = withJoined(holder.snapshot, { ...joined, ...strangers });
  read();
  const after = Object.entries(holder.snapshot.context.view.joined).filter(([id]) => !(id in strangers));
  holder.snapshot = withJoined(holder.snapshot, Object.fromEntries(after));
}

function withJoined(snapshot: ParticipantSnapshot, joined: View['joined']): ParticipantSnapshot {
  const { context } = snapshot;
  return { ...snapshot, context: { ...context, view: { ...context.view, joined } } };
}
