// Faults made by hand while a run goes on: by pointer and by key, listed with their times, kept in a file that
// repeats them to the same bytes.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { drop, file, opened, select, told } from './support/desk.mjs';
import { focused, walk } from './support/keys.mjs';

const RUN = { timeout: 180_000 };

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const strip = (page) => page.locator('.zone-strip');
const speed = (page, label) => strip(page).getByLabel('속도').selectOption({ label });
const ended = (page) => page.locator('.strip[data-status=finished]').waitFor(RUN);
const fault = (page, slug) => page.locator(`.by-hand [data-fault=${slug}]`);
const marks = (page, count) =>
  page.waitForFunction((count) => document.querySelectorAll('.timeline-hand').length === count, count);

async function begin(page) {
  await page.goto(site);
  await opened(page);
  await speed(page, '10×');
  await strip(page).getByRole('button', { name: '실행', exact: true }).click();
  await page.locator('.strip[data-status=running]').waitFor();
}

async function sha256(page) {
  await page.getByRole('button', { name: '시드와 보고서' }).click();
  const sha256 = await page.locator('[data-sha256]').getAttribute('data-sha256');
  await page.keyboard.press('Escape');
  return sha256;
}

test('what is selected can be broken and mended; a file repeats it to the same bytes', async () => {
  const { context, page, problems } = await openPage(browser);
  await begin(page);
  await select(page, 'server-1');
  await fault(page, 'kill').click();
  await marks(page, 1);
  await page.locator('.by-hand-done li', { hasText: '멈추기' }).waitFor();
  await page.locator('.live-card.down').waitFor();
  await page.locator('.by-hand').getByRole('button', { name: '되돌리기' }).click();
  await marks(page, 2);
  // Two things while time stands still: neither is forgotten.
  await strip(page).getByRole('button', { name: '일시정지' }).click();
  await page.locator('.by-hand').getByLabel('느리게 하기: 세기').fill('2.5');
  await fault(page, 'slow').click();
  await fault(page, 'lose').click();
  await marks(page, 4);
  await speed(page, '최대');
  await strip(page).getByRole('button', { name: '계속' }).click();
  await ended(page);
  assert.equal(await page.locator('.by-hand').count(), 0, 'only while a run goes on');
  const before = await sha256(page);

  const download = page.waitForEvent('download');
  await file(page, '실행 파일 내보내기');
  const saved = await readFile(await (await download).path(), 'utf8');
  const doc = JSON.parse(saved);
  assert.equal(doc.schema, 'archplay/run/1');
  assert.equal(doc.report_sha256, before);
  assert.deepEqual(
    doc.interventions.map(({ action }) => (typeof action === 'string' ? action : Object.keys(action)[0])),
    ['kill', 'restore', 'slow', 'lose'],
  );

  const chooser = page.waitForEvent('filechooser');
  await file(page, '실행 다시 돌리기…');
  await (await chooser).setFiles({ name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(saved) });
  await told(page, '손으로 한 일 4건');
  await ended(page);
  await told(page, '바이트까지 같아요');
  assert.equal(await sha256(page), before);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a strength that cannot be is refused, a broken file says where', async () => {
  const { context, page } = await openPage(browser);
  await begin(page);
  await select(page, 'server-1');
  await page.locator('.by-hand').getByLabel('패킷 잃기: 세기').fill('120');
  await fault(page, 'lose').click();
  await page.locator('.by-hand [role=alert]', { hasText: '99' }).waitFor();
  await page.waitForTimeout(200);
  await marks(page, 0);
  const doc = {
    schema: 'archplay/run/1',
    scenario: 's',
    seed: 1,
    design_sha256: '0'.repeat(64),
    scenario_sha256: '0'.repeat(64),
    report_sha256: '0'.repeat(64),
    interventions: [{ at_ns: 1, action: { slow: { factor: 0 } }, target: { component: 'server-1' } }],
  };
  await drop(page, [['run.json', JSON.stringify(doc)]]);
  await page.locator('.toast-card', { hasText: 'interventions[0].action.slow' }).waitFor();
  await context.close();
});

test('by keys alone: B leads to the faults, Enter does one', async () => {
  const { context, page, problems } = await openPage(browser);
  await begin(page);
  await select(page, 'database-1');
  await page.locator('#canvas').press('b');
  await focused(page, '.by-hand [data-fault=kill]');
  await page.keyboard.press('Enter');
  await marks(page, 1);
  await walk(page, '느리게 하기: 세기');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('4');
  await page.keyboard.press('Enter');
  await marks(page, 2);
  assert.deepEqual(problems, []);
  await context.close();
});

test('grading hears nothing of it', async () => {
  const { context, page } = await openPage(browser);
  await begin(page);
  await select(page, 'server-1');
  await page.getByRole('tab', { name: '과제' }).click();
  await page.getByRole('button', { name: /^채점/ }).click();
  await page.locator('.by-hand').waitFor({ state: 'detached' });
  await context.close();
});
