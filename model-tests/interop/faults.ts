import type { MlsGroup } from '../../src/mls/MlsGroup.ts';

/** Exports in another context than it was asked for: RFC 9605 section 5.2 says an empty one. */
export function exportsInContext(mls: MlsGroup): MlsGroup {
  const exportSecret = mls.exportSecret.bind(mls);
  return Object.assign(mls, {
    exportSecret: (label: string, context: Uint8Array, length: number) =>
      exportSecret(label, Uint8Array.of(...context, mls.ownLeafIndex), length),
  });
}

/** Says that it is at another leaf than it is: its frames have somebody else's KID. */
export function sendsFromAnotherLeaf(mls: MlsGroup): MlsGroup {
  const own = (): number => mls.roster.find((it) => it.participant === mls.participant)?.leafIndex ?? 0;
  Object.defineProperty(mls, 'ownLeafIndex', {
    get: () => mls.roster.find((it) => it.leafIndex !== own())?.leafIndex ?? own(),
  });
  return mls;
}
