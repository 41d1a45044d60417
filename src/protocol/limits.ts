/** The limits of the protocol, in one table. Sizes are bytes, unless said otherwise. */
export const LIMITS = Object.freeze({
  /** B: adds, and removes, of one commit. */
  batch: 64,
  /** Participants that may ever join one log. */
  participants: 1_000,
  /** Header, signature and payload of an entry, together. */
  entry: 1 << 20,
  /** A header: three fixed hashes and at most 2 B participant ids. */
  header: 4_096,
  /** A key package, an MLSMessage. */
  keyPackage: 1_024,
  /** A sealed display name and proof of the person: 12 + 4 + 256 + 4 + 161 + 16 at most. */
  sealed: 512,
  /** Entries of one log. */
  entries: 1_000_000,
});
