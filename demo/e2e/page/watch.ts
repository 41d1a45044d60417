/** What a page asks for and what its security policy refuses, from before its first script on. */
import type { Page } from 'playwright-core';

declare const violations: string[];

/** Keeps what the policy refuses. To be run in the page and in its worker before their scripts; sent as text. */
export function keepViolations(): void {
  const seen: string[] = [];
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    seen.push(`${effectiveDirective} ${blockedURI}`),
  );
  Object.assign(globalThis, { violations: seen });
}

/** What a page asks for and is refused. Its worker must begin with `keepViolations`. */
export class Watch {
  /** `kind URL` of every request and WebSocket, of the page and of its workers. */
  readonly requests: string[] = [];

  /** To be called before the page is loaded. */
  start(page: Page): Promise<unknown> {
    page.on('request', (request) => this.requests.push(`${request.resourceType()} ${request.url()}`));
    page.on('websocket', (socket) => this.requests.push(`websocket ${socket.url()}`));
    return page.addInitScript(keepViolations);
  }

  /** `directive what` of everything that the policy refused the page, and the worker that it has, so far. */
  async violations(page: Page): Promise<string[]> {
    return [
      ...(await page.evaluate(() => violations)),
      ...(await Promise.all(page.workers().map((worker) => worker.evaluate(() => violations)))).flat(),
    ];
  }
}

/** What the page may not do: gives the outcome of each, `taken` or the name of the error. */
export const tryForbidden = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(async () => {
    const outcomes: Record<string, string> = {};
    const attempt = async (name: string, work: () => unknown): Promise<void> => {
      outcomes[name] = await Promise.resolve()
        .then(work)
        .then(
          () => 'taken',
          (error: unknown) => (error as Error).name,
        );
    };
    const { trustedTypes } = globalThis as unknown as {
      trustedTypes: { createPolicy: (name: string, rules: object) => unknown };
    };
    await attempt('text as markup', () => {
      document.createElement('div').innerHTML = '<img src="x">';
    });
    await attempt('a script by its URL', () => new Worker('/assets/another.js'));
    await attempt('another policy', () => trustedTypes.createPolicy('another', {}));
    await attempt('its policy again', () => trustedTypes.createPolicy('call-worker', {}));
    await attempt('another origin', () => fetch('https://127.0.0.1:9/'));
    return outcomes;
  });
