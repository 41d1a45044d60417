import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader } from '../../protocol/wire/header.ts';
import type { LogEntry } from '../explorer/logTree.ts';
import { AbstractWorld } from './AbstractWorld.ts';
import { RealWorld } from './RealWorld.ts';
import type { Kind } from './search.ts';

export const ABSTRACT: Kind<LogEntry, AbstractWorld> = {
  world: () => new AbstractWorld(),
  adds: ({ entry }) => entry.kind === 'commit' && entry.adds.length > 0,
};

/** `loadMls` comes first. */
export const REAL: Kind<WireEntry, RealWorld> = {
  world: () => new RealWorld(),
  adds: (wire) => {
    const header = decodeHeader(wire.header);
    return header.kind === 'commit' && header.adds.length > 0;
  },
};
