import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lanCertificate } from './lanCertificate.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lan-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const NAMES = ['192.168.1.5', 'fd00::2', '127.0.0.1', 'localhost'];

test('is for all addresses and names, signs nothing else, and its key is for its owner only', async () => {
  const { cert, key, fingerprint } = await lanCertificate(join(folder, 'new'), NAMES);
  const certificate = new X509Certificate(cert);
  for (const ip of NAMES.slice(0, 3)) expect(certificate.checkIP(ip), ip).toBeDefined();
  expect(certificate.checkHost('localhost')).toBeDefined();
  expect(certificate.checkIP('192.168.1.6')).toBeUndefined();
  expect(certificate.ca).toBe(false);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(fingerprint).toBe(certificate.fingerprint256);
  if (process.platform !== 'win32') expect(statSync(join(folder, 'new/lan-key.pem')).mode & 0o077).toBe(0);
});

test('stays between starts; another address, its end, and a damaged file make a new one', async () => {
  const first = await lanCertificate(folder, NAMES);
  expect(first.fresh).toBe(true);
  const again = await lanCertificate(folder, NAMES.slice(1));
  expect([again.fresh, again.fingerprint]).toEqual([false, first.fingerprint]);
  const later = (days: number) => new Date(Date.now() + days * 86_400_000);
  expect((await lanCertificate(folder, NAMES, later(300))).fresh).toBe(false);
  const other = await lanCertificate(folder, [...NAMES, '10.0.0.9']);
  expect([other.fresh, other.fingerprint === first.fingerprint]).toEqual([true, false]);
  expect((await lanCertificate(folder, NAMES, later(340))).fresh).toBe(true);

  let seen = 0;
  for (const file of ['lan-certificate.pem', 'lan-key.pem']) {
    const whole = await lanCertificate(folder, NAMES);
    const text = readFileSync(join(folder, file), 'utf8');
    for (const damaged of [
      '',
      text.slice(0, 60),
      text.replace(/[A-Za-z]{4}/g, 'AAAA'),
      first.cert,
      first.key,
    ]) {
      writeFileSync(join(folder, file), damaged);
      const made = await lanCertificate(folder, NAMES);
      expect([made.fresh, made.fingerprint === whole.fingerprint], `${file} ${damaged.length}`).toEqual([
        true,
        false,
      ]);
      seen++;
    }
  }
  expect(seen).toBe(10);
});

test('serves TLS, and the fingerprint that is told is the one that a browser sees', async () => {
  const { cert, key, fingerprint } = await lanCertificate(folder, NAMES);
  const server = createServer({ cert, key });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  // Who trusts this certificate has nothing else to complain of.
  const socket = connect({ port, host: '127.0.0.1', ca: cert });
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  expect(socket.authorized).toBe(true);
  expect(socket.getPeerCertificate().fingerprint256).toBe(fingerprint);
  socket.destroy();
  await new Promise((closed) => server.close(closed));
});
