import { describe, expect, test } from 'vitest';
import { fragmentOf, newSecret } from '../../../demo/src/link.ts';
import { WrongUse } from '../wrongUse.ts';
import { readLink } from './link.ts';

describe('a link', () => {
  const secret = newSecret();
  test.each([
    ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
    ['https://calls.example/', 'https://calls.example'],
    ['https://calls.example', 'https://calls.example'],
    ['http://[::1]:3000/', 'http://[::1]:3000'],
  ])('%s#s=… is that of the page', (page, service) => {
    expect(readLink(page + fragmentOf(secret))).toEqual({ service, secret });
  });

  test.each([
    ['calls.example', 'is no link'],
    ['127.0.0.1:3000/#s=x', 'is no link'],
    [`ws://127.0.0.1${fragmentOf(secret)}`, 'is no link of a call'],
    ['http://127.0.0.1:3000/', 'nothing behind a #'],
    ['http://127.0.0.1:3000/#', 'nothing behind a #'],
    [`http://127.0.0.1${fragmentOf(secret).slice(0, -1)}`, 'no whole secret behind its #'],
    ['http://127.0.0.1/#t=x', 'no whole secret behind its #'],
  ])('%s is none: says so, and what to copy', (text, why) => {
    expect(() => readLink(text)).toThrow(WrongUse);
    expect(() => readLink(text)).toThrow(why);
    expect(() => readLink(text)).toThrow('copy the whole link that the page of the call shows');
  });
});
