import { expect, test } from 'vitest';
import { describeLogs } from './contract.ts';
import type { LogStore } from './DeliveryLog.ts';
import { MemoryLogStore } from './memory.ts';

describeLogs('a log in memory', () => ({
  isDurable: false,
  open: (entries) => Promise.resolve(new MemoryLogStore(entries)),
  close: () => Promise.resolve(),
  end: () => Promise.resolve(),
}));

test('stores have different secrets', () => {
  const secrets = new Set(
    Array.from({ length: 4 }, (): LogStore => new MemoryLogStore()).map(({ secret }) =>
      Buffer.from(secret).toString('hex'),
    ),
  );
  expect(secrets.size).toBe(4);
});
