// What is told when a run has ended: what its faults have cost, against the same run without them, and what
// each component has measured.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { launch, openPage, ready, site } from './support/browser.mjs';
import { drop, select, told } from './support/desk.mjs';
import { focused, walk } from './support/keys.mjs';

const RUN = { timeout: 180_000 };

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const steady = JSON.parse(await readFile(new URL('../../src/model/presets/steady.json', import.meta.url), 'utf8'));
/** A day on which the database dies for two minutes; as many times more visitors as wanted. */
const badDay = (times = 1) => ({
  ...steady,
  id: 'bad-day',
  name: { ko: '나쁜 날', en: 'A bad day' },
  audiences: steady.audiences.map((audience) => ({
    ...audience,
    rate: audience.rate.map((point) => ({ ...point, per_sec: point.per_sec * times })),
  })),
  business: { order: 'order', revenue: 35 },
  faults: [{ at: '10:05:00', until: '10:07:00', action: 'kill', target: { component: 'database-1' } }],
});
const SHOP = {
  schema: 'archplay/design/1',
  name: '가게',
  components: [
    { id: 'client-1', kind: 'client', x: 0, y: 0 },
    { id: 'server-1', kind: 'server', x: 200, y: 0, params: { vcpu: 32 } },
    { id: 'database-1', kind: 'database', x: 400, y: 0, params: { vcpu: 8 } },
  ],
  links: [
    { from: 'client-1', to: 'server-1' },
    { from: 'server-1', to: 'database-1' },
  ],
};

async function open(scenario, options) {
  const opened = await openPage(browser, options);
  const { page } = opened;
  await page.goto(`${site}#/free`);
  await ready(page);
  await page.locator('.run-play:enabled').waitFor();
  await drop(page, [['scenario.json', JSON.stringify(scenario)]]);
  await page.locator('.run-play:enabled').waitFor();
  await drop(page, [['design.json', JSON.stringify(SHOP)]]);
  await page.locator('#c-server-1').waitFor({ state: 'attached' });
  await page.locator('.run-speed').selectOption({ index: 4 });
  return opened;
}

const run = async (page) => {
  await page.locator('.run-play').click();
  await page.locator('.strip[data-status=finished]').waitFor(RUN);
};
const losses = (page) => page.locator('details.losses');
const compare = (page, name) => page.locator('.losses-wait').getByRole('button', { name, exact: true });
const numbers = (texts) => texts.map((text) => Number(text.replace(/[^0-9.-]/g, '')));

/** The rows of the open table: this run, without faults, lost. */
async function table(page) {
  const rows = await losses(page)
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)));
  return rows.map(numbers);
}

test('what a fault has cost is said of the whole run, in numbers that add up and are the terminal’s', async () => {
  const { context, page, problems } = await open(badDay());
  await run(page);
  await losses(page).waitFor(RUN);
  for (const slug of ['orders', 'revenue', 'availability']) {
    await page.locator(`[data-loss=${slug}]`, { hasText: '장애가 없었다면' }).waitFor();
  }
  await losses(page).locator('summary').click();
  await losses(page).getByText('10:00:00부터 10:15:00까지').waitFor();
  const found = await table(page);
  const [orders, revenue, visitors, availability] = found;
  for (const [disturbed, calm, lost] of found) {
    assert.ok(lost > 0 && Math.abs(calm - disturbed - lost) < 1, `${disturbed} ${calm} ${lost}`);
  }
  assert.ok(Math.abs(revenue[2] - 35 * orders[2]) <= 1, `${revenue} ${orders}`);
  assert.ok(availability[0] < 95 && availability[1] > 99 && visitors[1] > 5_000);
  // The same among the totals.
  await page.getByRole('button', { name: '시드와 보고서' }).click();
  const totals = await page.locator('[aria-labelledby=run-losses] dd').allInnerTexts();
  assert.deepEqual(numbers(totals), found.map(([, , lost]) => lost));
  if (process.env.ARCHPLAY_CLI) {
    const folder = await mkdtemp(join(tmpdir(), 'archplay-losses-'));
    const [design, scenario] = [join(folder, 'design.json'), join(folder, 'scenario.json')];
    await writeFile(design, JSON.stringify(SHOP));
    await writeFile(scenario, JSON.stringify(badDay()));
    const seed = await page.locator('#run-seed').inputValue();
    const args = ['run', design, '-s', scenario, '--seed', seed, '--paired', '--lang', 'ko'];
    const { stdout } = await promisify(execFile)(process.env.ARCHPLAY_CLI, args);
    await rm(folder, { recursive: true });
    const lines = stdout.slice(stdout.indexOf('견줬어요')).split('\n').slice(3, 7);
    const terminal = lines.map((line) => numbers(line.trim().split(/ {2,}/).slice(1)).map(Math.round));
    assert.deepEqual(terminal, found.map((row) => row.map(Math.round)));
  }
  assert.deepEqual(problems, []);
  await context.close();
});

test('the comparison can be stopped, made later, and never keeps the next run waiting', async () => {
  const { context, page, problems } = await open(badDay(60));
  await run(page);
  await page.locator('.losses-wait progress').waitFor();
  await compare(page, '그만 견주기').click();
  await compare(page, '견주기').click();
  await page.locator('.losses-wait progress').waitFor();
  // While it goes on: the next run begins at once and is not disturbed.
  const order = page.evaluate(
    () =>
      new Promise((resolve) => {
        const strip = document.querySelector('.strip');
        const seen = [];
        new MutationObserver((_, observer) => {
          seen.push(strip.dataset.status);
          if (strip.dataset.status !== 'running') return;
          observer.disconnect();
          resolve([seen, document.querySelectorAll('.losses, .losses-wait').length]);
        }).observe(strip, { attributeFilter: ['data-status'] });
      }),
  );
  await page.locator('.run-play').click();
  const [seen, left] = await order;
  assert.deepEqual([seen, left], [['starting', 'running'], 0]);
  await page.getByRole('button', { name: '멈추기', exact: true }).click();
  await page.locator('.strip[data-status=stopped]').waitFor();
  assert.equal(await page.locator('.losses, .losses-wait').count(), 0, 'half a run is not compared');
  assert.deepEqual(problems, []);
  await context.close();
});

test('a run in which nothing breaks is compared with nothing', async () => {
  const { context, page } = await open({ ...badDay(), faults: [] });
  await run(page);
  assert.equal(await page.locator('.losses, .losses-wait').count(), 0);
  await context.close();
});

test('a component tells what it has measured, by keys alone; one that measures nothing says so', async () => {
  const { context, page, problems } = await open(badDay(), { locale: 'en-US' });
  await select(page, 'database-1');
  assert.equal(await page.locator('.measured').count(), 0, 'nothing before a run has ended');
  await run(page);
  const section = page.locator('.measured');
  await section.waitFor();
  await page.locator('#inspector-name').focus();
  await walk(page, 'Measured in this run', { most: 5 });
  await page.keyboard.press('Enter');
  await page.locator('.measured[open]').waitFor();
  await section.getByText('Measured over the whole run.').waitFor();
  const ratio = section.locator('[data-measure=hit_ratio]');
  assert.match(await ratio.innerText(), /^Hit ratio\s+[0-9.]+%$/);
  // The section stays as it is from one component to the next.
  await select(page, 'client-1');
  await page.locator('.measured[open]').getByText('Nothing of its own was measured').waitFor();
  // What is drawn after the run has no part in it.
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+d');
  await page.locator('.measured[open]').getByText('was not in the drawing that was run').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});
