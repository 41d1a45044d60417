import { decodeMlsMessage, type GroupInfo } from 'ts-mls';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import type { TsMlsMember } from './TsMlsMember.ts';

/** The GroupInfo in a Welcome (RFC 9420 section 12.4.3), opened with the keys of one whom it adds and not checked in any way. */
export async function groupInfoIn(welcome: Uint8Array, joiner: TsMlsMember): Promise<GroupInfo> {
  const message = decodeMlsMessage(welcome, 0)?.[0];
  if (message?.wireformat !== 'mls_welcome') throw new Error('not a Welcome');
  const { cipherSuite, publicPackage, privatePackage } = joiner;
  const secrets = await decryptGroupSecrets(
    await cipherSuite.hpke.importPrivateKey(privatePackage.initPrivateKey),
    await makeKeyPackageRef(publicPackage, cipherSuite.hash),
    message.welcome,
    cipherSuite.hpke,
  );
  if (secrets === undefined) throw new Error('no group secrets');
  const noPsk = new Uint8Array(cipherSuite.kdf.size);
  const info = await decryptGroupInfo(message.welcome, secrets.joinerSecret, noPsk, cipherSuite);
  if (info === undefined) throw new Error('no GroupInfo');
  return info;
}

/** The bytes that the ratchet tree takes in a Welcome: type, length and data of its extension, section 12.4.3.3. */
export async function treeBytesIn(welcome: Uint8Array, joiner: TsMlsMember): Promise<number> {
  const { extensions } = await groupInfoIn(welcome, joiner);
  const data = extensions.find((it) => it.extensionType === 'ratchet_tree')?.extensionData;
  if (data === undefined) throw new Error('no ratchet tree');
  const header = data.length < 64 ? 1 : data.length < 16_384 ? 2 : 4;
  return 2 + header + data.length;
}
