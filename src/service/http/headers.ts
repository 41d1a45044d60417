import type { ServerResponse } from 'node:http';

/**
 * Of the page: its own scripts, styles and wasm, WebSockets to itself, and nothing else from anywhere. No text becomes
 * markup or script but by the one policy that the page has (W3C Trusted Types): `call-worker`, for the URL of its worker.
 */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "media-src 'self' blob: mediastream:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types call-worker",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), microphone=(self)',
};

/** Half a year: RFC 6797 section 6.1. */
const HSTS = 'max-age=15552000';

/** Sets the headers that every answer has. `secure`: it came over TLS, by a certificate that is no makeshift. */
export function setHeaders(response: ServerResponse, secure: boolean): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (secure) response.setHeader('Strict-Transport-Security', HSTS);
}
