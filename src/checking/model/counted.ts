import { basename } from 'node:path';

/** How many states apart TLC tells where it stands. */
const EVERY = 1_000;

/** The name of the module that wraps a model. */
const MODULE = 'CountedStates';

/**
 * A model that tells every thousand states how many there are so far: TLC by itself does so once a minute. It is the same
 * model with one more invariant, which always holds and prints. For searches only, as simulations count no states.
 */
export function counted(
  module: string,
  configText: string,
): { readonly spec: string; readonly configText: string; readonly files: Readonly<Record<string, string>> } {
  const text = [
    `---- MODULE ${MODULE} ----`,
    `EXTENDS ${basename(module, '.tla')}`,
    'LOCAL INSTANCE Naturals',
    'LOCAL INSTANCE TLC',
    `${MODULE}Tell ==`,
    `  IF TLCGet("distinct") % ${EVERY} = 0`,
    '  THEN PrintT(<<"states so far", TLCGet("distinct")>>)',
    '  ELSE TRUE',
    '====',
    '',
  ].join('\n');
  return {
    spec: `${MODULE}.tla`,
    configText: `${configText}\nINVARIANT ${MODULE}Tell\n`,
    files: { [`${MODULE}.tla`]: text },
  };
}
