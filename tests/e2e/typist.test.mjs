// Who types faster than the page draws gets what was typed. The browser is slowed down, and Enter follows the text at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { opened } from './support/desk.mjs';

/** How many times slower than it is. */
const SLOWER = 8;
const TIMES = Number(process.env.ARCHPLAY_TIMES ?? 12);

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Session 3 on a slow machine, with all of the program and the texts there. */
async function slow() {
  const opening = await openPage(browser);
  const { context, page } = opening;
  await page.goto(site);
  await opened(page);
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: '용어집 열기' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  return opening;
}

/** Types and presses keys without a look at the page. */
const type = (page, text, ...keys) =>
  Promise.all([page.keyboard.insertText(text), ...keys.map((key) => page.keyboard.press(key))]);

test('the command list carries out what was typed', { timeout: 300_000 }, async () => {
  const { context, page, problems } = await slow();
  const glossary = page.getByRole('dialog', { name: '용어집' });
  for (let i = 0; i < TIMES; i += 1) {
    await page.locator('#canvas').focus();
    await page.keyboard.press('Control+k');
    await page.locator('input[role=combobox]').waitFor();
    await type(page, '용어집', 'Enter');
    await glossary.locator('[data-term-of]').first().waitFor();
    await page.keyboard.press('Escape');
    await glossary.waitFor({ state: 'detached' });
  }
  // The first command is the run: it was not asked for.
  assert.equal(await page.locator('.strip[data-status=idle]').count(), 1);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a double click on the canvas places what was typed, by the arrows too', { timeout: 300_000 }, async () => {
  const { context, page, problems } = await slow();
  const cards = page.locator('.card');
  const before = await cards.count();
  for (const [i, keys] of [['Enter'], ['ArrowDown', 'ArrowUp', 'Enter'], ['Enter']].entries()) {
    const { width } = await page.locator('#canvas').boundingBox();
    // Each time beside what was placed before.
    await page.locator('#canvas').dblclick({ position: { x: width * (0.3 + 0.2 * i), y: 60 } });
    await page.locator('input[role=combobox]').waitFor();
    await type(page, '데이터베이스', ...keys);
    await cards.nth(before + i).waitFor();
    await page.keyboard.press('Escape');
  }
  const names = await page.locator('.card .card-name').allTextContents();
  assert.equal(names.filter((name) => name.includes('데이터베이스')).length >= 3, true, names.join());
  assert.deepEqual(problems, []);
  await context.close();
});
