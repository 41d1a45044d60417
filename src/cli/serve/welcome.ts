import { correction, generate } from 'lean-qr';
import type { Setup } from '../../service/config/serviceOptions.ts';

/** Light modules on each side: ISO/IEC 18004 section 9.1 asks for 4; readers of screens do with 2. */
const QUIET = 2;

/** A text as a QR code for a terminal of any colours: light modules are drawn white, two rows a line. */
export function terminalQr(text: string): string[] {
  const symbol = generate(text, { minCorrectionLevel: correction.L });
  const dark = (x: number, y: number): boolean => symbol.get(x, y);
  const lines: string[] = [];
  for (let y = -QUIET; y < symbol.size + QUIET; y += 2) {
    let line = '';
    for (let x = -QUIET; x < symbol.size + QUIET; x++) {
      const [upper, lower] = [dark(x, y), dark(x, y + 1)];
      line += upper ? (lower ? ' ' : '▄') : lower ? '▀' : '█';
    }
    lines.push(`\u001b[97;40m${line}\u001b[0m`);
  }
  return lines;
}

/** What is said when the service is ready. The first line is what other programs wait for. */
export function welcome(
  { urls, certificate, options }: Setup,
  port: number,
  metrics: string | null,
): string[] {
  const [first = '', ...others] = urls(port);
  const lines = [`Calls are served at ${first}`];
  if (others.length > 0) lines.push(`Also at ${others.join(', ')}`);
  const announced = options.forwarder?.listenAddresses ?? [];
  if (announced.length > 0) lines.push(`Media go by UDP to ${announced.join(', ')}`);
  if (metrics !== null) lines.push(`Figures are at ${metrics}`);
  if (certificate !== null)
    lines.push(
      '',
      ...(process.stdout.isTTY ? terminalQr(first) : []),
      'Open that address on another machine of this network.',
      'Its browser will warn that the connection is not private, because nobody but this machine vouches for the',
      'certificate. The certificate that it shows must have this SHA-256 fingerprint:',
      `  ${certificate.fingerprint}`,
      'If it is the same, go on ("Advanced", then "Proceed" or "Accept the risk"). If it is another, somebody is between you',
      'and this machine: do not go on.',
      certificate.fresh
        ? 'The certificate is new: whoever accepted an older one is asked again.'
        : 'The certificate is the one of the last start.',
    );
  else if (announced.length === 0 && (options.trustedProxies ?? []).length > 0)
    lines.push('No address is announced: media reach browsers on this machine only. Say --announce.');
  else if (announced.length === 0)
    lines.push('Open it, create a call, and open its link in a second tab or browser on this machine.');
  else if (options.tls === undefined)
    lines.push(
      'Browsers open cameras over HTTPS only: put a proxy with TLS in front, or use --cert and --key, or --lan.',
    );
  lines.push('Ctrl+C stops it.');
  return lines;
}
