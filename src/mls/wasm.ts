/** The MLS group over the wasm package. There is one wasm instance at a time; all groups of a page, worker or process live in it. */
import {
  Participant,
  __wbg_reset_state,
  checkKeyPackage as check,
  initSync,
  verifies as verify,
  wipeStack,
} from 'mls-rs-wasm';
import { MLS_ERROR_CODES, MlsError } from './MlsGroup.ts';
import type {
  ExpectedCommit,
  KeyPackageFacts,
  MlsCommit,
  MlsErrorCode,
  MlsGroup,
  MlsMember,
  ParticipantId,
} from './MlsGroup.ts';
import * as border from './border.ts';

/** A wasm instance. It dies at its first trap and takes its groups with it. */
interface Instance {
  alive: boolean;
}

let instance: Instance | undefined;

/**
 * Loads the module; idempotent while the instance lives. After it died, makes a fresh one: groups of the dead one stay dead.
 * Synchronous: on a page's main thread hand over a compiled `WebAssembly.Module`.
 */
export function loadMls(module: BufferSource | WebAssembly.Module): void {
  if (instance?.alive === true) return;
  try {
    if (instance === undefined) initSync({ module });
    else __wbg_reset_state();
  } catch (cause) {
    throw new MlsError('not_loaded', 'the module does not load', { cause });
  }
  instance = { alive: true };
}

function current(): Instance {
  if (instance === undefined) throw new MlsError('not_loaded', 'loadMls comes first');
  return instance;
}

function codeOf(error: unknown): MlsErrorCode | undefined {
  // Whatever is thrown, a trap among it: what has no code of ours is no refusal.
  const { code: told } = Object(error) as { readonly code?: unknown };
  return MLS_ERROR_CODES.find((code) => code === told);
}

/** Runs `step` in `home`. A refusal becomes an `MlsError`; whatever else comes out of wasm ends the instance. */
function within<T>(home: Instance, step: () => T): T {
  if (!home.alive) throw new MlsError('dead_instance', 'the wasm instance of this group is gone');
  try {
    const result = step();
    wipeStack();
    return result;
  } catch (error) {
    const code = codeOf(error);
    if (code !== undefined) {
      wipeStack();
      throw new MlsError(code, (error as Error).message);
    }
    home.alive = false;
    throw new MlsError('dead_instance', 'the wasm instance trapped', { cause: error });
  }
}

/** Bytes. */
const MAX_KEY_PACKAGE = 1024;
const MAX_GROUP_ID = 255;
const MAX_EXPORT = 255;
const MAX_AUTHENTICATED_DATA = 255;
const NOTHING = new Uint8Array();

class WasmMlsGroup implements MlsGroup {
  readonly participant: ParticipantId;
  readonly signatureKey: Uint8Array;
  readonly keyPackage: Uint8Array;
  readonly #home: Instance;
  #core: Participant | undefined;

  constructor(participant: ParticipantId, home: Instance, core: Participant) {
    this.participant = participant;
    this.#home = home;
    this.#core = core;
    this.signatureKey = this.#run((it) => it.signatureKey());
    this.keyPackage = this.#run((it) => it.keyPackage());
  }

  #run<T>(step: (core: Participant) => T): T {
    const core = this.#core;
    if (core === undefined) throw new MlsError('closed', 'this group was closed');
    return within(this.#home, () => step(core));
  }

  sign(content: Uint8Array): Uint8Array {
    border.checkBytes(content, 'the content');
    return this.#run((it) => it.sign(content));
  }

  found(groupId: Uint8Array): Uint8Array {
    border.checkBytes(groupId, 'the group id', MAX_GROUP_ID);
    return this.#run((it) => it.found(groupId));
  }

  commit(
    addKeyPackages: readonly Uint8Array[],
    removeParticipants: readonly ParticipantId[],
    path: boolean,
    authenticatedData: Uint8Array = NOTHING,
  ): MlsCommit {
    const packages = border.checkList(addKeyPackages, 'the adds');
    const adds = packages.map((it) => border.checkBytes(it, 'a key package', MAX_KEY_PACKAGE));
    const removes = border.idList(removeParticipants, 'the removes');
    border.checkBoolean(path, 'path');
    border.checkBytes(authenticatedData, 'the authenticated data', MAX_AUTHENTICATED_DATA);
    return this.#run((it) => {
      const made = it.commit(adds, removes, path, authenticatedData);
      const { commit, welcome, authenticator } = made;
      made.free();
      return { commit, welcome, authenticator };
    });
  }

  merge(): void {
    this.#run((it) => it.merge());
  }

  discard(): void {
    this.#run((it) => it.discard());
  }

  process(commit: Uint8Array, expected: ExpectedCommit): void {
    border.checkBytes(commit, 'the commit');
    border.checkObject(expected, 'the expected commit');
    const committer = border.idBytes(expected.committer);
    const adds = border.addList(expected.adds);
    const removes = border.idList(expected.removes, 'the removes');
    border.checkBoolean(expected.path, 'path');
    const { path, authenticatedData = NOTHING } = expected;
    border.checkBytes(authenticatedData, 'the authenticated data', MAX_AUTHENTICATED_DATA);
    this.#run((it) => it.process(commit, committer, adds, removes, path, authenticatedData));
  }

  welcome(welcome: Uint8Array): void {
    border.checkBytes(welcome, 'the Welcome');
    this.#run((it) => it.welcome(welcome));
  }

  get hasGroup(): boolean {
    return this.#run((it) => it.hasGroup);
  }

  get hasPending(): boolean {
    return this.#run((it) => it.hasPending);
  }

  get groupId(): Uint8Array {
    return this.#run((it) => it.groupId());
  }

  get epoch(): bigint {
    return this.#run((it) => it.epoch());
  }

  get epochAuthenticator(): Uint8Array {
    return this.#run((it) => it.epochAuthenticator());
  }

  get ownLeafIndex(): number {
    return this.#run((it) => it.ownLeafIndex());
  }

  get roster(): readonly MlsMember[] {
    return border.members(this.#run((it) => it.roster()));
  }

  exportSecret(label: string, context: Uint8Array, length: number): Uint8Array {
    if (typeof label !== 'string') throw new MlsError('malformed', 'the label is not a string');
    const bytes = border.checkBytes(new TextEncoder().encode(label), 'the label', MAX_EXPORT);
    border.checkBytes(context, 'the context');
    border.checkLength(length, 1, MAX_EXPORT, 'the length');
    return this.#run((it) => it.exportSecret(bytes, context, length));
  }

  copy(): MlsGroup {
    return this.#run((it) => new WasmMlsGroup(this.participant, this.#home, it.copy()));
  }

  close(): void {
    const core = this.#core;
    this.#core = undefined;
    if (core !== undefined && this.#home.alive) within(this.#home, () => core.free());
  }
}

/**
 * A participant's MLS state: makes its signature key and its one key package. `now`, in seconds since 1970, dates the key package
 * only (from 7 days before to 83 days after); no one compares it with a clock, and the wasm module has none.
 */
export function createMlsGroup(options: {
  readonly participant: ParticipantId;
  readonly now: number;
}): MlsGroup {
  const home = current();
  const id = border.idBytes(options.participant);
  const now = border.checkSeconds(options.now);
  return new WasmMlsGroup(
    options.participant,
    home,
    within(home, () => new Participant(id, now)),
  );
}

/**
 * The fixed check of a key package (RFC 9420 section 10.1 without group and clock): of its bytes alone, the same for everybody. What
 * passes can be added to any group that has neither its participant id nor one of its keys. Throws `MlsError`.
 */
export function checkKeyPackage(keyPackage: Uint8Array): KeyPackageFacts {
  const home = current();
  border.checkBytes(keyPackage, 'the key package', MAX_KEY_PACKAGE);
  const facts = within(home, () => check(keyPackage));
  const part = (from: number, to: number): Uint8Array => facts.slice(from, to);
  return {
    participant: border.idHex(part(0, 16)),
    signatureKey: part(16, 48),
    hpkeInitKey: part(48, 80),
    hpkeLeafKey: part(80, 112),
    hash: part(112, 144),
  };
}

/**
 * Whether `signature` (64 bytes) is that of `content` by the Ed25519 key `key` (32 bytes), RFC 8032 section 5.1.7, strict: without the
 * cofactor, and with nothing of small order. Bytes of another length are no signature. Throws `MlsError` only where there is no core.
 */
export function verifies(key: Uint8Array, content: Uint8Array, signature: Uint8Array): boolean {
  const home = current();
  return within(home, () => verify(key, content, signature));
}
