import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeyFrameRequests } from './KeyFrameRequests.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('the first request goes at once, a storm becomes one each interval, the last is not lost', () => {
  const send = vi.fn();
  const requests = new KeyFrameRequests(500, send);
  requests.request();
  expect(send).toHaveBeenCalledTimes(1);
  for (let index = 0; index < 1_000; index++) requests.request();
  expect(send).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(499);
  expect(send).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(send).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(10_000);
  expect(send).toHaveBeenCalledTimes(2);
  requests.request();
  expect(send).toHaveBeenCalledTimes(3);
  expect(requests.received).toBe(1_002);
  expect(requests.sent).toBe(3);
});

test('nothing is sent after close', () => {
  const send = vi.fn();
  const requests = new KeyFrameRequests(500, send);
  requests.request();
  requests.request();
  requests.close();
  vi.advanceTimersByTime(10_000);
  expect(send).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});
