import jsQR from 'jsqr';
import { describe, expect, test } from 'vitest';
import { OPTIONS } from '../../service/config/sources.ts';
import { serveOptions } from '../setup/serveOptions.mjs';
import { terminalQr, welcome } from './welcome.ts';

test('what `npm start` takes before anything is installed is what the configuration has', () => {
  const all = [...serveOptions.flags, ...serveOptions.values];
  expect(all.length).toBeGreaterThan(14);
  expect(all.toSorted()).toEqual([...Object.keys(OPTIONS), 'config', 'print-config'].toSorted());
  const flags = Object.entries(OPTIONS).flatMap(([name, { type }]) => (type === 'boolean' ? [name] : []));
  expect(serveOptions.flags.toSorted()).toEqual([...flags, 'print-config'].toSorted());
});

test('a QR code in the terminal can be read from the screen', () => {
  const url = 'https://192.168.1.5:3443';
  const rows = terminalQr(url).flatMap((line) => {
    // eslint-disable-next-line no-control-regex
    const cells = Array.from(line.replace(/\u001b\[[0-9;]*m/g, ''));
    return [cells.map((it) => it === '█' || it === '▀'), cells.map((it) => it === '█' || it === '▄')];
  });
  const [scale, size] = [4, rows[0]?.length ?? 0];
  const side = (Math.max(size, rows.length) + 8) * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  rows.forEach((row, y) =>
    row.forEach((light, x) => {
      for (let dy = 0; dy < scale; dy++)
        for (let dx = 0; dx < scale; dx++) {
          const at = (((y + 4) * scale + dy) * side + (x + 4) * scale + dx) * 4;
          pixels.fill(light ? 255 : 0, at, at + 3);
        }
    }),
  );
  expect(jsQR(pixels, side, side)?.data).toBe(url);
});

describe('what is said at the start', () => {
  const urls = (port: number) => [`https://10.0.0.1:${port}`, `https://localhost:${port}`];
  const certificate = { cert: '', key: '', fingerprint: 'AB:CD', fresh: true };

  test('the first line is the address; with `lan`, what the browser warns of and the fingerprint', () => {
    const lines = welcome({ urls, certificate, options: {} }, 3443, null);
    expect(lines[0]).toBe('Calls are served at https://10.0.0.1:3443');
    expect(lines.join(' ')).toMatch(/will warn .* not private/);
    expect(lines).toContain('  AB:CD');
  });

  test('where others can come but there is no TLS, that cameras need it', () => {
    const options = { forwarder: { listenAddresses: ['203.0.113.7'] } };
    const lines = welcome({ urls, certificate: null, options }, 80, 'http://127.0.0.1:9464/metrics');
    expect(lines.join(' ')).toMatch(/HTTPS only/);
    expect(lines.join(' ')).toContain('9464');
  });
});
