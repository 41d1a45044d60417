import { expect, test } from 'vitest';
import { cameraEncoding, FULL_VIDEO, SCREEN_VIDEO } from './videoEncoding.ts';

/** What a participant receives from all the others: bits a second, and pictures of full size. */
function received(people: number): { bits: number; pictures: number } {
  const { maxBitrate, scaleResolutionDownBy } = cameraEncoding(people);
  return { bits: (people - 1) * maxBitrate, pictures: (people - 1) / scaleResolutionDownBy ** 2 };
}

test('up to four people send all; from five to 31, nobody receives more than in a call of four', () => {
  const most = received(4);
  expect(most).toEqual({ bits: 1_800_000, pictures: 3 });
  for (let people = 1; people <= 4; people += 1) expect(cameraEncoding(people)).toBe(FULL_VIDEO);
  for (let people = 5; people <= 31; people += 1) {
    const { bits, pictures } = received(people);
    console.log(
      `${people} people: each receives ${bits / 1_000} kbit/s, ${pictures.toFixed(1)} full pictures`,
    );
    expect(bits).toBeLessThanOrEqual(most.bits);
    expect(pictures).toBeLessThanOrEqual(most.pictures);
    // And not less than half of what there is room for, as far as tiles go.
    if (people <= 12) expect(bits).toBeGreaterThan(most.bits / 2);
  }
});

test('more people never send more, and a crowd still sends something', () => {
  for (let people = 1; people < 500; people += 1) {
    const [now, then] = [cameraEncoding(people), cameraEncoding(people + 1)];
    expect(then.maxBitrate).toBeLessThanOrEqual(now.maxBitrate);
    expect(then.scaleResolutionDownBy).toBeGreaterThanOrEqual(now.scaleResolutionDownBy);
    expect(then.maxBitrate).toBeGreaterThan(0);
  }
});

test('a screen is sent whole, with more than any camera has', () => {
  expect(SCREEN_VIDEO.scaleResolutionDownBy).toBe(1);
  expect(SCREEN_VIDEO.maxBitrate).toBeGreaterThan(2 * FULL_VIDEO.maxBitrate);
});
