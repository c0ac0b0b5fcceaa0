// What a first visit costs: everything that is fetched until the first run of session 3 has ended,
// as a host sends it. The budget is the project's goal for a class on one Wi-Fi.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { launch, openPage, site } from './support/browser.mjs';

// Bytes after gzip; it may only go down.
const BUDGET = 450_000;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('from the link to the end of the first run: all from one place, nothing twice, within the budget', async (t) => {
  const { context, page, problems } = await openPage(browser);
  const responses = [];
  // The context hears the worker's requests too; bodies are taken at once, while the browser has them.
  context.on('response', (response) => responses.push([response.url(), response.body()]));
  await page.goto(site);
  await page.locator('.run-play:enabled').waitFor();
  await page.locator('.run-speed').selectOption({ label: '최대' });
  await page.locator('.run-play').click();
  await page.locator('.strip[data-status=finished]').waitFor({ timeout: 180_000 });

  const files = [];
  for (const [url, body] of responses) {
    assert.ok(url.startsWith(site), `not ours: ${url}`);
    files.push({ name: url.slice(site.length) || 'index.html', bytes: gzipSync(await body, { level: 9 }).length });
  }
  const names = files.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)], 'a file was fetched twice');
  assert.ok(names.some((name) => /^worker.*\.wasm$/.test(name)), `the worker is missing: ${names}`);

  const sum = files.reduce((sum, { bytes }) => sum + bytes, 0);
  files.sort((a, b) => b.bytes - a.bytes);
  for (const { name, bytes } of files.slice(0, 12)) t.diagnostic(`${String(bytes).padStart(9)}  ${name}`);
  t.diagnostic(`${String(sum).padStart(9)}  all ${files.length} files, of ${BUDGET}`);
  assert.deepEqual(problems, []);
  assert.ok(sum <= BUDGET, `${sum} bytes after gzip, more than ${BUDGET}`);
  await context.close();
});
