// Single requests and the log: lists that are filtered, a way with its shares, and clicks that lead to the
// canvas and to the moment.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { opened } from './support/desk.mjs';

const RUN = { timeout: 180_000 };

let browser, context, page, problems;
before(async () => {
  browser = await launch();
  ({ context, page, problems } = await openPage(browser));
  await page.goto(site);
  await opened(page);
  const strip = page.locator('.zone-strip');
  await strip.getByLabel('속도').selectOption({ label: '최대' });
  await strip.getByRole('button', { name: '실행', exact: true }).click();
  await page.locator('.strip[data-status=finished]').waitFor(RUN);
});
after(async () => {
  await context.close();
  await browser.close();
});

const tab = (name) => page.getByRole('tablist', { name: '보기' }).getByRole('tab', { name });
const options = () => page.getByRole('listbox', { name: '요청 목록' }).getByRole('option');

test('traces are listed and narrowed', async () => {
  await tab('추적').click();
  await options().first().waitFor();
  const all = await options().count();
  await page.getByRole('group', { name: '거르기' }).getByLabel('거르기').selectOption({ label: '실패한 것' });
  const failed = await options().count();
  assert.ok(failed > 0 && failed < all, `${failed} of ${all}`);
  assert.equal(await options().filter({ hasText: '성공' }).count(), 0);
});

test('the way of a request has numbers that add up, and leads to the canvas', async () => {
  const list = page.getByRole('listbox', { name: '요청 목록' });
  await list.press('End');
  await page.locator('.traces-item[aria-selected=true]').waitFor();
  assert.equal(await list.getAttribute('aria-activedescendant'), await page.locator('.traces-item[aria-selected=true]').getAttribute('id'));
  const rows = await page.locator('.waterfall tbody tr').evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('td:not(.waterfall-bars)')].slice(0, 6).map((cell) => cell.textContent.trim())),
  );
  assert.ok(rows.length > 0);
  for (const cells of rows) {
    const [took, ...parts] = cells.map((text) => (text === '–' ? 0 : Number(text.replaceAll(',', ''))));
    const sum = parts.reduce((sum, part) => sum + part, 0);
    assert.ok(Math.abs(sum - took) <= 0.02 * took + 1, `${cells}`);
  }
  const name = page.locator('.waterfall-name').first();
  const id = await name.getAttribute('data-component');
  await name.click();
  await page.locator(`#c-${id}.selected`).waitFor({ state: 'attached' });
});

test('an entry of the log leads to its moment', async () => {
  await tab('추적').press('ArrowRight');
  await page.locator('#charts-tab-log[aria-selected=true]').waitFor();
  const entry = page.locator('.log-entry').first();
  const clock = await entry.locator('time').innerText();
  await entry.click();
  await page.locator('.run-clock', { hasText: clock }).waitFor();
  await tab('그래프').click();
  await page.locator('.chart-cursor').first().waitFor();
  assert.deepEqual(problems, []);
});

test('without traces a run says so, and can be repeated with them to the same bytes', async () => {
  const more = page.getByRole('button', { name: '시드와 보고서' });
  const keep = page.getByLabel('추적 기록');
  const sha256 = () => page.locator('[data-sha256]').getAttribute('data-sha256');
  await more.click();
  const before = await sha256();
  await keep.uncheck();
  await page.keyboard.press('Escape');
  await tab('추적').click();
  await options().first().waitFor();
  await page.locator('.run-play').click();
  await page.locator('.strip[data-status=running]').waitFor();
  await page.getByText('추적 기록이 꺼져 있어서').waitFor();
  await page.locator('.strip[data-status=finished]').waitFor(RUN);
  await page.getByText('추적 기록을 끄고 돌린 실행').waitFor();
  await page.getByRole('button', { name: '추적하며 같은 실행 다시 돌리기' }).click();
  await options().first().waitFor(RUN);
  await more.click();
  assert.equal(await sha256(), before);
  // The switch is a setting: that one run has not turned it, and it is remembered.
  assert.equal(await keep.isChecked(), false);
  await page.reload();
  await opened(page);
  await more.click();
  assert.equal(await keep.isChecked(), false);
  await keep.check();
  assert.equal(await page.evaluate(() => localStorage.getItem('archplay/traces')), 'on');
  assert.deepEqual(problems, []);
});

test('the table of a request is whole in every room it gets', async () => {
  for (const [width, height, locale] of [[1366, 620, 'ko-KR'], [1024, 768, 'ko-KR'], [1920, 1080, 'ko-KR'], [1366, 620, 'en-US'], [1024, 768, 'en-US'], [1920, 1080, 'en-US']]) {
    const { context, page } = await openPage(browser, { viewport: { width, height }, locale });
    await page.goto(site);
    await opened(page);
    await page.locator('.run-speed').selectOption({ index: 4 });
    await page.locator('.run-play').click();
    await page.locator('.strip[data-status=finished]').waitFor(RUN);
    await page.locator('#charts-tab-traces').click();
    await page.locator('.traces-item.bad').first().click();
    const [room, wanted] = await page.locator('.waterfall').evaluate((e) => [e.clientWidth, e.scrollWidth]);
    assert.ok(wanted <= room, `${width}×${height} ${locale}: ${wanted} in ${room}`);
    await context.close();
  }
});
