import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RtpRewriter } from './RtpRewriter.ts';

test('the first source passes as it is', () => {
  const rewriter = new RtpRewriter(90_000);
  expect(rewriter.rewrite({ sequenceNumber: 65_535, timestamp: 7 }, 0)).toEqual({
    sequenceNumber: 65_535,
    timestamp: 7,
  });
  expect(rewriter.rewrite({ sequenceNumber: 0, timestamp: 8 }, 1)).toEqual({
    sequenceNumber: 0,
    timestamp: 8,
  });
});

test('the next source follows the last one, with the time that has passed', () => {
  const rewriter = new RtpRewriter(48_000);
  rewriter.rewrite({ sequenceNumber: 65_534, timestamp: 0xffffff00 }, 1_000);
  rewriter.rewrite({ sequenceNumber: 65_535, timestamp: 0xffffff10 }, 1_020);
  rewriter.changeSource();
  expect(rewriter.rewrite({ sequenceNumber: 500, timestamp: 3 }, 2_020)).toEqual({
    sequenceNumber: 0,
    timestamp: (0xffffff10 + 48_000) % 2 ** 32,
  });
  expect(rewriter.rewrite({ sequenceNumber: 502, timestamp: 963 }, 2_060)).toEqual({
    sequenceNumber: 2,
    timestamp: (0xffffff10 + 48_960) % 2 ** 32,
  });
  // Late, but of this source: it belongs between the two.
  expect(rewriter.rewrite({ sequenceNumber: 501, timestamp: 483 }, 2_061)?.sequenceNumber).toBe(1);
  // Sent before the first that was forwarded: its place is taken.
  expect(rewriter.rewrite({ sequenceNumber: 499, timestamp: 1 }, 2_062)).toBeNull();
});

test('with any sources in any order, numbers go up by one and no timestamp goes back', () => {
  let seen = 0;
  const source = fc.record({
    first: fc.nat(0xffff),
    timestamp: fc.nat(0xffffffff),
    packets: fc.integer({ min: 1, max: 50 }),
    pause: fc.nat(5_000),
  });
  fc.assert(
    fc.property(fc.array(source, { minLength: 2, maxLength: 8 }), (sources) => {
      const rewriter = new RtpRewriter(90_000);
      let now = 0;
      let last: { sequenceNumber: number; timestamp: number } | null = null;
      for (const { first, timestamp, packets, pause } of sources) {
        rewriter.changeSource();
        now += pause;
        for (let index = 0; index < packets; index++) {
          const sequenceNumber = (first + index) & 0xffff;
          const position = { sequenceNumber, timestamp: (timestamp + index * 3_000) >>> 0 };
          const rewritten = rewriter.rewrite(position, (now += 33))!;
          if (last !== null) {
            expect(rewritten.sequenceNumber).toBe((last.sequenceNumber + 1) & 0xffff);
            const ahead = (rewritten.timestamp - last.timestamp) >>> 0;
            expect(ahead).toBeGreaterThan(0);
            expect(ahead).toBeLessThan(2 ** 31);
          }
          last = rewritten;
          seen += 1;
        }
      }
    }),
  );
  console.log(`${seen} packets`);
  expect(seen).toBeGreaterThan(1_000);
});
