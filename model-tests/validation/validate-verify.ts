/** For runs of many participants in one process, who all check the same signatures. */
import type { ed25519 } from '@noble/curves/ed25519.js';

type Module = { ed25519: typeof ed25519 };

/** The module with a `verify` that remembers its answers: each check is made once. */
export function rememberingVerify<M extends Module>(module: M): M {
  const { ed25519: curve } = module;
  const known = new Map<string, boolean>();
  const verify: typeof curve.verify = (signature, message, key, options) => {
    const name = [signature, message, key].map((it) => Buffer.from(it).toString('base64')).join();
    const answer = known.get(name) ?? curve.verify(signature, message, key, options);
    known.set(name, answer);
    return answer;
  };
  return { ...module, ed25519: { ...curve, verify } };
}
