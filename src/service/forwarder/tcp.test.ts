import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createPeer, type IceOptions } from './peer.ts';
import { boundSocket, boundTcp } from './tcp.ts';

const open: { destroy(): void }[] = [];
afterEach(() => open.splice(0).forEach((it) => it.destroy()));

/** Two ends of a TCP connection; the second one reads nothing until it is told to. */
async function pair(): Promise<readonly [Socket, Socket]> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1');
  far.pause();
  const near = await accepted;
  open.push(near, far);
  server.close();
  return [near, far];
}

/** A frame of RFC 4571 section 2: length, then bytes, all of which are `value`. */
const frame = (value: number, length: number): Buffer => {
  const bytes = Buffer.alloc(2 + length, value);
  bytes.writeUInt16BE(length, 0);
  return bytes;
};

test('who does not read has a queue that ends, and finds whole frames in it', async () => {
  const [near, far] = await pair();
  const limits = { connections: 1, queueBytes: 64 << 10, idleMs: 60_000 };
  boundSocket(near, limits);
  let highest = 0;
  let answered = 0;
  const count = 20_000;
  for (let i = 0; i < count; i++) {
    near.write(frame(i & 0xff, 1_000 + (i % 7)), () => answered++);
    highest = Math.max(highest, near.writableLength);
    if (i % 100 === 0) await new Promise((later) => setImmediate(later));
  }
  expect(highest).toBeGreaterThan(32 << 10);
  expect(highest).toBeLessThanOrEqual(limits.queueBytes);
  const chunks: Buffer[] = [];
  far.on('data', (data: Buffer) => chunks.push(data));
  far.resume();
  await expect.poll(() => answered).toBe(count);
  near.end();
  await new Promise((ended) => far.once('end', ended));
  const bytes = Buffer.concat(chunks);
  let [at, frames] = [0, 0];
  while (at < bytes.length) {
    const length = bytes.readUInt16BE(at);
    const body = bytes.subarray(at + 2, at + 2 + length);
    if (body.length !== length || body.some((value) => value !== body[0])) throw new Error(`torn at ${at}`);
    at += 2 + length;
    frames++;
  }
  console.log(`${frames} of ${count} frames came, at most ${highest} bytes waited`);
  expect(frames).toBeGreaterThan(50);
  expect(frames).toBeLessThan(count);
});

test('a connection that says nothing is cut', async () => {
  const [near] = await pair();
  boundSocket(near, { connections: 1, queueBytes: 1, idleMs: 50 });
  await expect.poll(() => near.destroyed).toBe(true);
});

test('a peer has TCP candidates where that is wanted, all of them bounded, and none where it is not', async () => {
  const make = async (tcp: boolean): Promise<readonly [number, number]> => {
    const ice: IceOptions = {
      listenAddresses: ['127.0.0.1', '127.0.0.2'],
      udpPorts: null,
      tcp,
      onlyThisMachine: true,
      own: new Set(),
      remoteAddresses: 4,
    };
    const peer = createPeer(ice);
    peer.addTransceiver('audio');
    await peer.setLocalDescription(await peer.createOffer());
    const bounded = boundTcp(peer, { connections: 2, queueBytes: 1_000, idleMs: 60_000 });
    const candidates = peer.localDescription?.sdp.match(/ tcp .* tcptype passive/g) ?? [];
    const [, port] = / tcp \d+ 127\.0\.0\.1 (\d+) /.exec(peer.localDescription?.sdp ?? '') ?? [];
    if (port !== undefined) {
      const sockets = Array.from({ length: 5 }, () => connect(Number(port), '127.0.0.1'));
      for (const socket of sockets) socket.on('error', () => undefined);
      open.push(...sockets);
      await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length).toBe(3);
    }
    void peer.close();
    return [bounded, candidates.length];
  };
  expect(await make(true)).toEqual([2, 2]);
  expect(await make(false)).toEqual([0, 0]);
});
