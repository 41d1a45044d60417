/* tslint:disable */
/* eslint-disable */

export class Commit {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    readonly authenticator: Uint8Array;
    readonly commit: Uint8Array;
    readonly welcome: Uint8Array;
}

/**
 * One participant. Its id is used once; see `MlsGroup.ts` for what each method means.
 */
export class Participant {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * `removes`: participant ids, one after the other.
     */
    commit(adds: Uint8Array[], removes: Uint8Array | number[], path: boolean, authenticated_data: Uint8Array | number[]): Commit;
    /**
     * A deep copy, random numbers excepted: for tests and replays.
     */
    copy(): Participant;
    discard(): void;
    epochAuthenticator(): Uint8Array;
    epoch(): bigint;
    exportSecret(label: Uint8Array | number[], context: Uint8Array | number[], length: number): Uint8Array;
    found(group_id: Uint8Array | number[]): Uint8Array;
    groupId(): Uint8Array;
    keyPackage(): Uint8Array;
    merge(): void;
    constructor(participant_id: Uint8Array | number[], now_seconds: number);
    ownLeafIndex(): number;
    /**
     * `adds`: records of participant id and SHA-256 of the key package; `removes`: participant ids.
     */
    process(commit: Uint8Array | number[], committer: Uint8Array | number[], adds: Uint8Array | number[], removes: Uint8Array | number[], path: boolean, authenticated_data: Uint8Array | number[]): void;
    /**
     * Records of leaf index (4 bytes, big-endian), participant id (16) and signature key (32), by leaf index.
     */
    roster(): Uint8Array;
    sign(content: Uint8Array | number[]): Uint8Array;
    signatureKey(): Uint8Array;
    welcome(welcome: Uint8Array | number[]): void;
    readonly hasGroup: boolean;
    readonly hasPending: boolean;
}

export function __wbg_reset_state(): void;

/**
 * Participant id (16 bytes), signature key (32), HPKE init key (32), HPKE leaf key (32), SHA-256 of the key package (32).
 */
export function checkKeyPackage(key_package: Uint8Array | number[]): Uint8Array;

/**
 * Whether `signature` is that of `content` by `key`.
 */
export function verifies(key: Uint8Array | number[], content: Uint8Array | number[], signature: Uint8Array | number[]): boolean;

/**
 * Overwrites what earlier calls left on the stack below this one. The adapter calls it after each call.
 */
export function wipeStack(): void;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_commit_free: (a: number, b: number) => void;
    readonly __wbg_participant_free: (a: number, b: number) => void;
    readonly checkKeyPackage: (a: number, b: number) => [number, number, number, number];
    readonly commit_authenticator: (a: number) => [number, number];
    readonly commit_commit: (a: number) => [number, number];
    readonly commit_welcome: (a: number) => [number, number];
    readonly participant_commit: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => [number, number, number];
    readonly participant_copy: (a: number) => number;
    readonly participant_discard: (a: number) => void;
    readonly participant_epoch: (a: number) => [bigint, number, number];
    readonly participant_epochAuthenticator: (a: number) => [number, number, number, number];
    readonly participant_exportSecret: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number, number];
    readonly participant_found: (a: number, b: number, c: number) => [number, number, number, number];
    readonly participant_groupId: (a: number) => [number, number, number, number];
    readonly participant_hasGroup: (a: number) => number;
    readonly participant_hasPending: (a: number) => number;
    readonly participant_keyPackage: (a: number) => [number, number];
    readonly participant_merge: (a: number) => [number, number];
    readonly participant_new: (a: number, b: number, c: number) => [number, number, number];
    readonly participant_ownLeafIndex: (a: number) => [number, number, number];
    readonly participant_process: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number) => [number, number];
    readonly participant_roster: (a: number) => [number, number, number, number];
    readonly participant_sign: (a: number, b: number, c: number) => [number, number, number, number];
    readonly participant_signatureKey: (a: number) => [number, number];
    readonly participant_welcome: (a: number, b: number, c: number) => [number, number];
    readonly verifies: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly wipeStack: () => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __externref_drop_slice: (a: number, b: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
