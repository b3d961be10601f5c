// Starts the Chromium that the browser tests and the screenshots look through: WXSYNC_CHROME, else Debian's.
import { chromium } from 'playwright-core';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function startChromium() {
  return chromium.launch({ executablePath: process.env.WXSYNC_CHROME ?? '/usr/bin/chromium', args: FLAGS });
}
