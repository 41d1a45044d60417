import { expect, test } from 'vitest';
import { SenderParameters } from './SenderParameters.ts';
import { cameraEncoding, FULL_VIDEO, SCREEN_VIDEO, type VideoEncoding } from './videoEncoding.ts';

/** A sender of a browser that is strict about old parameters, and slow. */
function strictSender() {
  let transaction = 0;
  let encoding: Partial<VideoEncoding> & { rid?: string } = {
    rid: 'kept',
    maxBitrate: FULL_VIDEO.maxBitrate,
  };
  const seen = { sets: 0, keyFrames: 0, refuse: false };
  const sender = {
    getParameters: () => ({ transactionId: String(transaction), encodings: [{ ...encoding }] }),
    async setParameters(
      parameters: { transactionId: string; encodings: (typeof encoding)[] },
      options?: { encodingOptions: { keyFrame: boolean }[] },
    ): Promise<void> {
      seen.sets += 1;
      const current = parameters.transactionId === String(transaction);
      await new Promise((later) => setTimeout(later, 1));
      if (seen.refuse || !current || parameters.transactionId !== String(transaction))
        throw new DOMException('', 'InvalidModificationError');
      transaction += 1;
      encoding = { ...parameters.encodings[0] };
      if (options?.encodingOptions[0]?.keyFrame === true) seen.keyFrames += 1;
    },
  };
  const parameters = new SenderParameters(sender as unknown as RTCRtpSender);
  return { parameters, seen, encoding: () => encoding };
}

test('changes at once follow one another, and the last one holds', async () => {
  const { parameters, seen, encoding } = strictSender();
  await Promise.all([
    parameters.encode(cameraEncoding(12)),
    parameters.keyFrame(),
    parameters.encode(SCREEN_VIDEO),
    parameters.keyFrame(),
    parameters.encode(cameraEncoding(5)),
  ]);
  expect(encoding()).toEqual({ rid: 'kept', ...cameraEncoding(5) });
  expect(seen).toMatchObject({ sets: 5, keyFrames: 2 });
});

test('what holds already is not set again', async () => {
  const { parameters, seen } = strictSender();
  await parameters.encode(FULL_VIDEO);
  expect(seen.sets).toBe(0);
  await parameters.encode(cameraEncoding(5));
  await parameters.encode(cameraEncoding(6));
  expect(seen.sets).toBe(1);
});

test('a refusal is told to whom it is for, and the next change goes on', async () => {
  const { parameters, seen, encoding } = strictSender();
  seen.refuse = true;
  await expect(parameters.encode(SCREEN_VIDEO)).rejects.toThrow(DOMException);
  seen.refuse = false;
  await parameters.encode(SCREEN_VIDEO);
  expect(encoding()).toMatchObject(SCREEN_VIDEO);
});
