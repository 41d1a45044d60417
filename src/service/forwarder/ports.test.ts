import { createSocket } from 'node:dgram';
import { afterEach, expect, test } from 'vitest';
import type { ServerMessage } from '../../media/connection/messages.ts';
import { createForwarder, type Forwarder, type ForwarderOptions } from './Forwarder.ts';
import { testOffer } from './testOffer.ts';

const forwarders: Forwarder[] = [];
afterEach(() => forwarders.splice(0).forEach((forwarder) => forwarder.close()));

/** What each of some participants of one room hears of the server, once it has heard of its offer. */
async function offers(options: ForwarderOptions, count: number): Promise<readonly string[]> {
  const forwarder = createForwarder(options);
  forwarders.push(forwarder);
  const outcomes: string[] = [];
  for (let index = 0; index < count; index++) {
    const messages: ServerMessage[] = [];
    forwarder
      .join('room', `p${index}`, (message) => messages.push(message))
      .receive({ type: 'offer', id: 1, sdp: testOffer(1) });
    await expect.poll(() => messages.length).toBeGreaterThan(0);
    for (const message of messages) {
      if (message.type === 'error') outcomes.push(message.code);
      if (message.type === 'answer') {
        const found = [...message.sdp.matchAll(/a=candidate:\S+ 1 (\w+) \d+ (\S+) \d+ typ host/g)];
        outcomes.push(
          [...new Set(found.map(([, transport = '', address = '']) => `${transport} ${address}`))]
            .sort()
            .join(),
        );
      }
    }
  }
  return outcomes;
}

/** A UDP port that was free a moment ago. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });

test('when all UDP ports are taken, who comes next is told', async () => {
  const port = await freePort();
  const outcomes = await offers({ listenAddresses: ['127.0.0.1'], udpPorts: [port, port + 1] }, 3);
  // The second port may be somebody else's.
  expect(outcomes.at(0)).toBe('udp 127.0.0.1');
  expect(outcomes.at(-1)).toBe('negotiation_failed');
  expect(outcomes).toHaveLength(3);
});

test('the address of a router is offered by UDP, though nothing here can listen on it', async () => {
  expect(await offers({ listenAddresses: ['203.0.113.7'] }, 1)).toEqual(['udp 203.0.113.7']);
  expect(await offers({ listenAddresses: ['203.0.113.7'], tcp: true }, 1)).toEqual(['udp 203.0.113.7']);
  expect(await offers({ listenAddresses: ['127.0.0.1'], tcp: true }, 1)).toEqual([
    'tcp 127.0.0.1,udp 127.0.0.1',
  ]);
});
