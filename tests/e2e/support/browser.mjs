// The browser of the tests and the address of the site, both handed over by
// `cargo xtask test`. By hand: `cargo xtask serve --no-build --base /sub/archplay/`, then
// ARCHPLAY_URL=http://127.0.0.1:8080/sub/archplay/ node --test tests/e2e/*.test.mjs
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const places = [
  process.env.ARCHPLAY_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The address of the site, with a slash at its end. */
export const site = process.env.ARCHPLAY_URL ?? 'http://127.0.0.1:8080/sub/archplay/';

/** Starts the browser; the arguments keep it quiet and away from the network. */
export function launch() {
  return chromium.launch({
    executablePath: places.find((place) => place && existsSync(place)),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * Opens a page as a class laptop would show it and records all that goes wrong on it:
 * errors, refusals by the content security policy, failed and foreign requests.
 */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 620 },
    locale: 'ko-KR',
    ...options,
  });
  // A machine that compiles beside the tests is slow; nothing here is about time.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const problems = [];
  const requests = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') {
      problems.push(`console: ${message.text()}`);
    }
  });
  context.on('request', (request) => {
    requests.push(request.url());
    if (/^https?:/.test(request.url()) && !request.url().startsWith(site)) {
      problems.push(`foreign request: ${request.url()}`);
    }
  });
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // A navigation stops what is still being fetched; that is no problem of the page.
    if (why !== 'net::ERR_ABORTED') problems.push(`failed request: ${request.url()} (${why})`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  return { context, page, problems, requests };
}

/** Waits until the app has taken the place of the loading frame. */
export async function ready(page) {
  await page.locator('#app:not([aria-busy]) > :not(.boot)').first().waitFor({ state: 'attached' });
}

/**
 * Asks for what the page shows until it is what is wanted. The page draws a little after a key or a click when
 * the machine is busy, so a single look may be too early. For what is to come; what must not be there, or must stay, is
 * looked at once.
 */
export async function becomes(read, wanted, why) {
  const end = Date.now() + 10_000;
  let seen = await read();
  while (seen !== wanted && Date.now() < end) {
    await new Promise((done) => setTimeout(done, 20));
    seen = await read();
  }
  assert.equal(seen, wanted, why);
}
