// The main story, once through, and the README's pictures of it: what they show is what the page does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, openPage, site } from './support/browser.mjs';
import { giveUp, opened, told } from './support/desk.mjs';

const picture = (name) => fileURLToPath(new URL(`../../docs/screenshots/${name}.png`, import.meta.url));

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('English: session 3 opens with its drawing', async () => {
  const { context, page, problems } = await openPage(browser, { locale: 'en-US' });
  await page.goto(site);
  await page.getByText('Web server').first().waitFor();
  await page.screenshot({ path: picture('start-en') });
  assert.deepEqual(problems, []);
  await context.close();
});

test('run: the sale collapses; a model answer saves it', async () => {
  const { context, page, problems } = await openPage(browser, {
    viewport: { width: 1920, height: 1080 },
  });
  await page.goto(site);
  await opened(page);
  const speed = page.locator('.zone-strip select');
  await speed.selectOption({ label: '최대' });
  await page.locator('.zone-strip').getByRole('button', { name: '실행', exact: true }).click();
  await page.locator('.zone-strip').getByText(/방문자 [0-9,]+명 중/).first().waitFor({ timeout: 90_000 });
  const lost = await page.locator('.zone-strip').innerText();
  assert.match(lost, /처음 막힌 곳/);
  await page.waitForTimeout(500);
  await page.screenshot({ path: picture('collapse-ko') });
  await page.getByRole('tab', { name: '과제' }).click();
  await giveUp(page);
  await page.getByRole('button', { name: '열어 보기' }).first().click();
  await told(page, '설계로 바꿨어요');
  await page.locator('.zone-strip').getByRole('button', { name: /실행$/ }).click();
  await page.locator('.zone-strip').getByText(/방문자 [0-9,]+명 중/).first().waitFor({ timeout: 90_000 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(800);
  await page.screenshot({ path: picture('saved-ko-dark') });
  assert.deepEqual(problems, []);
  await context.close();
});
