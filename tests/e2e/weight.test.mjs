// What a first visit costs: everything that is fetched until the first run of session 3 has ended,
// as a host sends it. The budget is the project's goal for a class on one Wi-Fi.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { launch, openPage, site } from './support/browser.mjs';

// Bytes after gzip, as in src/xtask/src/dist/sizes.rs, which tells when it may be more.
const BUDGET = Number(process.env.ARCHPLAY_BUDGET ?? 450_000);

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('from the link to the end of the first run: all from one place, nothing twice, within the budget', async (t) => {
  const { context, page, problems } = await openPage(browser);
  const requests = [];
  // The context hears the worker's requests too; bodies are taken at once, while the browser has them.
  const note = (request) => requests.push([request, request.response().then((response) => response.body())]);
  context.on('request', note);
  await page.goto(site);
  await page.locator('.run-play:enabled').waitFor();
  await page.locator('.run-speed').selectOption({ label: '최대' });
  const ended = page.evaluate(async () => {
    const strip = document.querySelector('.strip');
    while (strip.dataset.status !== 'finished') {
      await new Promise((changed) => new MutationObserver(changed).observe(strip, { attributeFilter: ['data-status'] }));
    }
    return performance.timeOrigin + performance.now();
  });
  await page.locator('.run-play').click();
  const end = await ended;
  // What was begun before the end is reported by now.
  await page.evaluate(() => new Promise(requestAnimationFrame));
  context.off('request', note);

  const files = [];
  for (const [request, body] of requests) {
    const url = request.url();
    assert.ok(url.startsWith(site), `not ours: ${url}`);
    const bytes = gzipSync(await body, { level: 9 }).length;
    files.push({ name: url.slice(site.length) || 'index.html', bytes, late: request.timing().startTime > end });
  }
  const names = files.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)], 'a file was fetched twice');

  // What is asked for when the end is seen belongs to what comes then; it is told and not counted.
  const counted = files.filter(({ late }) => !late);
  const sum = counted.reduce((sum, { bytes }) => sum + bytes, 0);
  files.sort((a, b) => b.bytes - a.bytes);
  for (const { name, bytes, late } of files.slice(0, 12)) {
    t.diagnostic(`${String(bytes).padStart(9)}  ${name}${late ? ' (after the run)' : ''}`);
  }
  t.diagnostic(`${String(sum).padStart(9)}  ${counted.length} files, of ${BUDGET}`);
  assert.deepEqual(problems, []);
  assert.ok(sum <= BUDGET, `${sum} bytes after gzip, more than ${BUDGET}`);
  await context.close();
});
