/** The certificate of `--lan`: signed by itself, valid for the addresses of this machine, kept between starts. */
import { createHash, createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Tls } from './webServer.ts';

const DAY_MS = 86_400_000;
/** What browsers put up with (CA/Browser Forum ballot SC-081 for those that count from there, Apple's 825 for private ones). */
const VALID_DAYS = 365;
/** It is made anew when it has no more than these left. */
const RENEW_DAYS = 30;
/** The clock of the other machine may be slow. */
const BACKDATE_DAYS = 2;

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface LanCertificate extends Tls {
  /** SHA-256 of the certificate, as browsers show it: hex bytes with colons. */
  readonly fingerprint: string;
  /** It was made at this start: whoever accepted the one before is asked again. */
  readonly fresh: boolean;
}

const sha256 = (der: Uint8Array): string =>
  (createHash('sha256').update(der).digest('hex').toUpperCase().match(/../g) ?? []).join(':');

const pem = (label: string, der: ArrayBuffer): string =>
  `-----BEGIN ${label}-----\n${(
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END ${label}-----\n`;

/** Makes a certificate (RFC 5280) for these IP addresses and names, which signs nothing but itself. */
async function make(names: readonly string[], now: Date): Promise<Tls> {
  // The library looks for decorators' metadata when it is loaded, so only who makes a certificate loads it.
  const x509 = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Designated Committer on this network',
      notBefore: new Date(now.getTime() - BACKDATE_DAYS * DAY_MS),
      notAfter: new Date(now.getTime() + VALID_DAYS * DAY_MS),
      keys,
      signingAlgorithm: ECDSA,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
        ),
      ],
    },
    webcrypto as Crypto,
  );
  return {
    cert: pem('CERTIFICATE', certificate.rawData),
    key: pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
}

/** Whether a kept certificate still serves: valid for some time, for all of these names, and with this key. */
function serves({ cert, key }: Tls, names: readonly string[], now: Date): boolean {
  try {
    const certificate = new X509Certificate(cert);
    const left = new Date(certificate.validTo).getTime() - now.getTime();
    return (
      certificate.checkPrivateKey(createPrivateKey(key)) &&
      left > RENEW_DAYS * DAY_MS &&
      new Date(certificate.validFrom) <= now &&
      names.every(
        (it) => (isIP(it) === 0 ? certificate.checkHost(it) : certificate.checkIP(it)) !== undefined,
      )
    );
  } catch {
    return false;
  }
}

/**
 * The certificate in a folder, or a new one where there is none, or it is not for all of these IP addresses and names, or
 * soon over. The private key is readable by its owner only (where the system has such a thing).
 *
 * @throws what the file system does
 */
export async function lanCertificate(
  folder: string,
  names: readonly string[],
  now = new Date(),
): Promise<LanCertificate> {
  const files = { cert: join(folder, 'lan-certificate.pem'), key: join(folder, 'lan-key.pem') };
  const kept = existsSync(files.cert) && existsSync(files.key);
  let tls = kept ? { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') } : null;
  const fresh = tls === null || !serves(tls, names, now);
  if (tls === null || fresh) {
    tls = await make(names, now);
    mkdirSync(folder, { recursive: true });
    writeFileSync(files.key, tls.key, { mode: 0o600 });
    writeFileSync(files.cert, tls.cert);
  }
  return { ...tls, fingerprint: sha256(new X509Certificate(tls.cert).raw), fresh };
}
