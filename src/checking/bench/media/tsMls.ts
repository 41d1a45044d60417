/** One MLS application message a frame by ts-mls: what there is to compare with where mls-rs cannot be built for it. In Node. */
import {
  createApplicationMessage,
  decodeMlsMessage,
  emptyPskIndex,
  encodeMlsMessage,
  processPrivateMessage,
} from 'ts-mls';
import { newReference } from '../mls/room.ts';
import type { Contender } from './contender.ts';

export const TS_MLS = 'an MLS application message, ts-mls';

/** In a group of four. Its states follow one another, so frames that are begun together are worked on in turn. */
export async function createTsMlsMessages(): Promise<Contender<Uint8Array, Uint8Array>> {
  const [sender, receiver, ...others] = [
    await newReference(),
    await newReference(),
    await newReference(),
    await newReference(),
  ];
  await sender.found(Uint8Array.of(1));
  const { welcome } = await sender.commit(
    [receiver, ...others].map((it) => it.keyPackage),
    [],
  );
  sender.merge();
  await receiver.welcome(welcome);

  let [sending, receiving] = [sender.state, receiver.state];
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(step: () => Promise<T>): Promise<T> => {
    const result = last.then(step);
    last = result;
    return result;
  };
  return {
    name: TS_MLS,
    protect: ({ plaintext, metadata }) =>
      inTurn(async () => {
        const made = await createApplicationMessage(sending, plaintext, sender.cipherSuite, metadata);
        sending = made.newState;
        const { privateMessage } = made;
        return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage });
      }),
    open: (bytes) =>
      inTurn(async () => {
        const message = decodeMlsMessage(bytes, 0)?.[0];
        if (message?.wireformat !== 'mls_private_message') throw new Error('ts-mls: no PrivateMessage');
        const { privateMessage } = message;
        const done = await processPrivateMessage(
          receiving,
          privateMessage,
          emptyPskIndex,
          receiver.cipherSuite,
        );
        if (done.kind !== 'applicationMessage') throw new Error('ts-mls: no application message');
        receiving = done.newState;
        return done.message;
      }),
    added: (message, { plaintext, metadata }) => message.length - plaintext.length - metadata.length,
    plain: (bytes) => bytes,
  };
}
