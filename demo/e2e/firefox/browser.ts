/** Starts a Firefox for tests, by WebDriver BiDi. */
import puppeteer, { type Browser } from 'puppeteer-core';
import { findFirefox } from '../../../src/cli/setup/programs.mjs';

/** What is other than in a Firefox that somebody installs. None of it concerns how media are made or protected. */
const PREFERENCES = {
  // Tests have no network but loopback, on which no ICE candidate is gathered otherwise, and no mDNS to hide it with.
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  // Nobody is there to click: sound may play, and permission is given.
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.navigator.permission.disabled': true,
  // On a machine without a sound device an AudioContext never runs: a device that is none keeps the time instead.
  'media.cubeb.force_mock_context': true,
};

/** @throws Error that names what to set when there is no Firefox */
export function launchFirefox(): Promise<Browser> {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error('No Firefox found: set FIREFOX to the path of one.');
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: PREFERENCES,
  });
}
