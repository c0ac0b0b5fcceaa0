// "Can I believe these numbers?": theory and measurement side by side, found, opened, and run again to the byte.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { becomes, launch, openPage, ready, site } from './support/browser.mjs';
import { called, opened, told } from './support/desk.mjs';

const axe = await readFile(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const stored = async (id) =>
  JSON.parse(await readFile(new URL(`../../static/checks/${id}.json`, import.meta.url), 'utf8'));

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const checks = (page) => page.getByRole('main', { name: '이 숫자를 믿어도 되나요?' });
const check = (page, id) => page.locator(`[data-check="${id}"]`);

/** Opens the page of the checks by its address, and waits for the cases. */
async function open(page) {
  await page.goto(`${site}#/checks`);
  await ready(page);
  await check(page, 'mm1-rho90').waitFor();
}

test('from the help menu: every value is within its tolerance, and one comes back', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await page.getByRole('button', { name: '도움말' }).click();
  await page.getByRole('menuitem', { name: '이 숫자를 믿어도 되나요?' }).click();
  await check(page, 'mm1-rho90').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'checks-title');
  const [total, passed] = await page
    .locator('.checks-summary')
    .textContent()
    .then((text) => text.match(/값 ([\d,]+)개.*?([\d,]+)개가 허용/).slice(1));
  assert.equal(total, passed);
  // Every text is there: a key that has none would be shown as it is.
  assert.doesNotMatch(await checks(page).textContent(), /checks\.[a-z]/);
  await page.getByRole('link', { name: '그림으로 돌아가기' }).click();
  await checks(page).waitFor({ state: 'detached' });
  await called(page, await page.getByLabel('그림 이름', { exact: true }).inputValue());
  assert.match(page.url(), /#\/s3$/);
  assert.deepEqual(problems, []);
  await context.close();
});

test('cases are found by words, family, and how far off they are', async () => {
  const { context, page, problems } = await openPage(browser);
  await open(page);
  const all = await page.locator('[data-check]').count();
  const search = page.getByRole('searchbox', { name: '찾기' });
  await search.fill('M/M/16');
  await page.locator('.checks-shown', { hasText: /^1가지/ }).waitFor();
  await becomes(() => check(page, 'mmc-c16-rho95').count(), 1);
  await search.fill('이런 것은 없음');
  await page.getByText('찾는 경우가 없어요').waitFor();
  await search.fill('');
  await page.getByLabel('갈래').selectOption({ label: 'Erlang B' });
  await page.locator('.checks-shown', { hasText: /^2가지/ }).waitFor();
  await page.getByLabel('갈래').selectOption({ label: '모두' });
  await page.getByLabel('허용 오차의 3분의 1을 넘는 값만').check();
  assert.ok((await page.locator('[data-check]').count()) < all);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a case runs again here: the same bytes as natively, and so the same values', { timeout: 300_000 }, async () => {
  const { context, page, problems } = await openPage(browser);
  await open(page);
  const file = await stored('mm1-rho30');
  const one = check(page, 'mm1-rho30');
  await one.getByRole('button', { name: /^지금 다시 실행/ }).click();
  const line = one.locator('[data-same]');
  await line.waitFor({ timeout: 240_000 });
  await becomes(() => line.getAttribute('data-same'), 'true');
  await becomes(() => line.getAttribute('title'), file.runs[0].sha256);
  await one.getByRole('columnheader', { name: '지금 여기서' }).waitFor();
  const live = await one.locator('[data-live]').evaluateAll((cells) => cells.map((cell) => +cell.dataset.live));
  assert.deepEqual(live, file.rows.map((row) => row.measured));
  assert.deepEqual(problems, []);
  await context.close();
});

test('a run that is stopped leaves nothing, and another can begin', { timeout: 300_000 }, async () => {
  const { context, page, problems } = await openPage(browser);
  await open(page);
  const one = check(page, 'mmc-c100-rho90');
  // Pressed in the page itself: on a busy machine the run would be over before a click from here arrives.
  await one.evaluate((element) => {
    const button = (text) => [...element.querySelectorAll('button')].find((one) => one.textContent.includes(text));
    button('지금 다시 실행').click();
    return new Promise((resolve) => {
      const look = () => {
        const stop = button('멈추기');
        if (!stop) return requestAnimationFrame(look);
        stop.click();
        return resolve();
      };
      look();
    });
  });
  await one.getByRole('button', { name: /^지금 다시 실행/ }).waitFor();
  assert.equal(await one.locator('.check-said').textContent(), '');
  assert.deepEqual(problems, []);
  await context.close();
});

test('the drawing of a case opens in the free playground and runs', { timeout: 300_000 }, async () => {
  const { context, page, problems } = await openPage(browser);
  await open(page);
  const one = check(page, 'dd2-bounded');
  const title = await one.getByRole('heading').textContent();
  await one.getByRole('button', { name: /^이 그림 열어 보기/ }).click();
  await told(page, '자유 놀이터에 열었어요');
  await called(page, title);
  assert.match(page.url(), /#\/free$/);
  await page.locator('#c-s').waitFor();
  await page.locator('.run-speed').selectOption({ label: '최대' });
  await page.locator('.run-play').click();
  await page.locator('.strip[data-status=finished]').waitFor({ timeout: 180_000 });
  // The result leads back to the checks.
  await page.locator('.run-believe').click();
  await check(page, 'dd2-bounded').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

for (const [name, options] of [
  ['light', {}],
  ['dark, in English', { colorScheme: 'dark', locale: 'en-US' }],
  ['tablet', { viewport: { width: 834, height: 1112 }, hasTouch: true }],
  ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
]) {
  test(`axe and width: ${name}`, async () => {
    const { context, page, problems } = await openPage(browser, options);
    await open(page);
    const wide = await page.locator('.checks').evaluate((room) => room.scrollWidth - room.clientWidth);
    assert.ok(wide <= 0, `${wide} px too wide`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run('.checks', { resultTypes: ['violations'] }));
    const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    assert.deepEqual(bad.map(({ id, nodes }) => `${id}: ${nodes[0].target}`), []);
    assert.deepEqual(problems, []);
    await context.close();
  });
}

test('on paper: the numbers without the buttons', async () => {
  const { context, page } = await openPage(browser);
  await open(page);
  await page.emulateMedia({ media: 'print' });
  await becomes(() => page.locator('.checks-controls').isVisible(), false);
  await becomes(() => page.locator('.zone-bar').isVisible(), false);
  await becomes(() => check(page, 'mm1-rho90').getByRole('table').isVisible(), true);
  const pages = await page.pdf({ format: 'A4' });
  assert.ok((pages.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length > 5);
  await context.close();
});
