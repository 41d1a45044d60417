export { type Bytes, concatBytes, prefixed } from './bytes.ts';
export { BASE_KEY_LABEL, type EpochInput, type Member } from './epoch-input.ts';
export { type Refusal, SFrameError, type SFrameErrorCode } from './errors.ts';
export { KeyRing, type Opened, type Protected, type Sender } from './key-ring.ts';
export { MAX_CONTEXTS, MAX_SENDERS } from './kid.ts';
export { REORDER_MS, RETENTION_MS } from './limits.ts';
export { AES_128_GCM_SHA256_128, AES_256_GCM_SHA512_128, type Suite, SUITES } from './suites.ts';
