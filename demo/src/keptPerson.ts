/**
 * A person key that stays on this device, for who wants to be recognised in another call: in IndexedDB, as a WebCrypto key
 * that no script can read. The worker signs with it; the page asks whether there is one, and deletes it.
 */
import type { PersonKey } from '../../src/participant/personProof.ts';

const DATABASE = 'designated-committer';
const STORE = 'person';
const KEY = 'own';
const ALGORITHM = 'Ed25519';

/** What comes of a request. A transaction stays open for what follows at once. */
const resultOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB does not say why'));
  });

/** Uses the store in one transaction, and waits until that is done. */
async function inStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => void opening.result.createObjectStore(STORE);
  const database = await resultOf(opening);
  try {
    const transaction = database.transaction(STORE, mode);
    const completed = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
    });
    const [result] = await Promise.all([use(transaction.objectStore(STORE)), completed]);
    return result;
  } finally {
    database.close();
  }
}

const isKey = (value: unknown, type: KeyType): value is CryptoKey =>
  value instanceof CryptoKey && value.type === type && value.algorithm.name === ALGORITHM;

/** The pair in the store; null where there is none, or one that could be read. */
async function pairIn(store: IDBObjectStore): Promise<CryptoKeyPair | null> {
  const value: unknown = await resultOf(store.get(KEY));
  const { publicKey, privateKey } = (value ?? {}) as Partial<Record<keyof CryptoKeyPair, unknown>>;
  if (!isKey(publicKey, 'public') || !isKey(privateKey, 'private') || privateKey.extractable) return null;
  return { publicKey, privateKey };
}

const newPair = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);

/** Whether this browser keeps a person key, or could: `none` and `impossible` otherwise. */
export async function keptPersonState(): Promise<'kept' | 'none' | 'impossible'> {
  try {
    if ((await inStore('readonly', pairIn)) !== null) return 'kept';
    await newPair();
    return 'none';
  } catch {
    return 'impossible';
  }
}

/** Deletes the kept key. A call that is going on keeps its code to its end. */
export const forgetPerson = (): Promise<void> => inStore('readwrite', (store) => resultOf(store.delete(KEY)));

/** The kept person key; made and kept where there is none. Rejects where the browser cannot keep one. */
export async function keptPerson(): Promise<PersonKey> {
  // Made before the transaction, which does not wait for it; of two tabs at once the first one's stays.
  const made = await newPair();
  const { publicKey, privateKey } = await inStore('readwrite', async (store) => {
    const there = await pairIn(store);
    if (there === null) await resultOf(store.put(made, KEY));
    return there ?? made;
  });
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)),
    sign: async (content) =>
      new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, Uint8Array.from(content))),
  };
}
