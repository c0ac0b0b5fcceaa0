// Page and command line give the same report, byte for byte: for the drawing that session 3 begins
// with, and for one that was exported, changed by hand and imported again. The first run is done by the worker
// of a first visit, compiled for size, and the others by the fast one.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch, openPage, site } from './support/browser.mjs';
import { fastWorkerHere, file, opened, told } from './support/desk.mjs';

// A native build that has to be made first takes a minute, on a busy machine more.
const BUILD = 600_000;
const root = fileURLToPath(new URL('../..', import.meta.url));

let browser, folder;
before(async () => {
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), 'archplay-'));
});
after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Which scripts have started the workers that run. */
const workers = (page) => page.workers().map((worker) => worker.url().match(/([a-z-]+)-[0-9a-f]{16}\.js$/)[1]);

/** What a press on a button downloads. */
async function downloaded(page, press) {
  const download = page.waitForEvent('download');
  await press();
  return readFile(await (await download).path());
}

/** Runs the open drawing to its end; gives its report, whose fingerprint is the one that is shown. */
async function inPage(page) {
  const shown = page.locator('[data-sha256]');
  const more = page.getByRole('button', { name: '시드와 보고서' });
  // Begun before the press: a run is short.
  const left = page.waitForFunction(() => document.querySelector('.strip').dataset.status !== 'finished');
  await page.locator('.run-play').click();
  await left;
  await page.locator('.strip[data-status=finished]').waitFor({ timeout: 180_000 });
  await more.click();
  assert.equal(await page.getByLabel('시드', { exact: true }).inputValue(), '1');
  const report = await downloaded(page, () => page.getByRole('button', { name: '보고서 내려받기' }).click());
  assert.equal(sha256(report), await shown.getAttribute('data-sha256'));
  await more.click();
  return report;
}

/** Runs the same natively; ARCHPLAY_CLI names a binary, else cargo makes one. */
async function natively(name, design) {
  const path = join(folder, name);
  await writeFile(path, design);
  const cargo = 'run --quiet --profile native -p archplay-cli --'.split(' ');
  const own = process.env.ARCHPLAY_CLI;
  const { stdout, stderr } = await promisify(execFile)(
    own ?? 'cargo',
    [...(own ? [] : cargo), 'run', path, '--scenario', '03-compute/tasks/flash-sale', '--seed', '1', '--json'],
    { cwd: root, encoding: 'buffer', maxBuffer: 1 << 28 },
  );
  const [, told] = stderr.toString().match(/SHA-256 ([0-9a-f]{64})/);
  assert.equal(sha256(stdout), told);
  return stdout;
}

test('the same drawing, scenario and seed: the same bytes in page and terminal', { timeout: BUILD }, async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await page.locator('.run-speed').selectOption({ label: '최대' });

  const start = await inPage(page);
  assert.deepEqual(workers(page), ['start-worker']);
  const design = await downloaded(page, () => file(page, '그림 내보내기'));
  await fastWorkerHere(page);
  const again = await inPage(page);
  assert.deepEqual(workers(page), ['start-fast']);
  assert.equal(sha256(again), sha256(start));
  const changed = design.toString().replace('"params":{"backlog":65536.0}', '"params":{"backlog":65536.0,"vcpu":4.0}');
  assert.notEqual(changed, design.toString());
  const chooser = page.waitForEvent('filechooser');
  await file(page, '가져오기…');
  await (await chooser).setFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(changed) });
  await told(page, '그림을 가져왔어요');
  const mine = await inPage(page);
  assert.notEqual(sha256(mine), sha256(start));

  assert.equal(sha256(await natively('start.json', design)), sha256(start));
  assert.equal(sha256(await natively('mine.json', changed)), sha256(mine));
  assert.deepEqual(problems, []);
  await context.close();
});
