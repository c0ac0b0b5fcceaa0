// Figures, marked words and the question of the lessons: by keyboard, in both languages, and nothing of it
// before it is scrolled to.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { becomes, launch, openPage, site } from './support/browser.mjs';
import { opened } from './support/desk.mjs';
import { focused, walk } from './support/keys.mjs';

const axe = await readFile(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const figure = (page, name) => page.locator(`figure[data-figure="${name}"]`);

/** Opens a session's text. */
async function text(page, session) {
  await page.goto(`${site}#/s${session}`);
  await opened(page);
  await page.getByRole('tab', { name: /^(본문|Text)$/ }).click();
  await page.locator('.prose h2').first().waitFor();
}

/** Scrolls through the whole text, so that every figure comes near the view. */
async function through(page) {
  const places = page.locator('.fig-place');
  const count = await places.count();
  for (let i = 0; i < count; i += 1) {
    await places.nth(i).scrollIntoViewIfNeeded();
    await places.nth(i).locator('figure .fig-says:not(:empty)').waitFor();
  }
  return count;
}

test('a figure comes when it is scrolled to, and a knob by keyboard changes its sentence', async () => {
  const { context, page, problems, requests } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await page.locator('.prose h2').first().waitFor();
  assert.ok((await page.locator('.fig-place').count()) >= 2);
  assert.equal(await page.locator('.fig').count(), 0);
  assert.ok(!requests.some((url) => /glossary|questions/.test(url)));
  await page.locator('.fig-place').first().scrollIntoViewIfNeeded();
  const knee = figure(page, 'knee');
  const says = knee.locator('.fig-says');
  await says.getByText('평균 87.3 ms').waitFor();
  await page.locator('#figure-knee-busy').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await says.getByText('평균 148 ms').waitFor();
  await becomes(() => page.locator('#figure-knee-busy').getAttribute('aria-valuetext'), '90%');
  await page.keyboard.press('End');
  await says.getByText('평균 1,272 ms').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('every figure of every session is drawn in both languages, with all its words', { timeout: 600_000 }, async () => {
  for (const locale of ['ko-KR', 'en-US']) {
    const { context, page, problems } = await openPage(browser, { locale });
    const seen = [];
    for (const session of [1, 2, 3, 4, 5, 6]) {
      await text(page, session);
      assert.ok((await through(page)) >= 1, `session ${session}`);
      for (const one of await page.locator('figure.fig').all()) {
        seen.push(await one.getAttribute('data-figure'));
        const words = await one.textContent();
        assert.doesNotMatch(words, /figure\.|NaN|undefined|\{[a-z]+\}/);
        const svg = one.locator('svg[role=img]').first();
        assert.ok((await svg.boundingBox()).height > 20);
      }
    }
    assert.equal(new Set(seen).size, 13, seen.join());
    assert.deepEqual(problems, []);
    await context.close();
  }
});

test('a marked word is explained by keyboard, and Esc takes the explanation away', async () => {
  const { context, page, problems } = await openPage(browser);
  await text(page, 3);
  const word = page.locator('.term[data-term=load-balancer]');
  await page.locator('#lesson-tab-text').focus();
  await walk(page, '로드 밸런서');
  const card = page.locator('#term-pop-load-balancer');
  await page.getByRole('tooltip').getByText('load balancer').waitFor();
  assert.equal(await word.getAttribute('aria-describedby'), await card.getAttribute('id'));
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await becomes(() => word.getAttribute('aria-describedby'), null);
  await page.keyboard.press('Enter');
  await card.waitFor();
  // On to the next word, which takes its place.
  await page.keyboard.press('Tab');
  await card.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByRole('tooltip').waitFor({ state: 'detached' });
  await word.hover();
  await card.waitFor();
  await card.hover();
  await card.waitFor();
  await page.locator('.lesson-head h1').hover();
  await card.waitFor({ state: 'detached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('the glossary opens from the menu and by command, and finds a word in either language', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await page.getByRole('button', { name: '도움말' }).click();
  await page.getByRole('menuitem', { name: '용어집…' }).click();
  const dialog = page.getByRole('dialog', { name: '용어집' });
  const entries = dialog.locator('[data-term-of]');
  await entries.first().waitFor();
  assert.ok((await entries.count()) >= 90);
  const search = dialog.getByRole('searchbox');
  await focused(page, 'input[type=search]');
  await search.fill('hit ratio');
  await dialog.locator('[data-term-of=hit-ratio]').waitFor();
  assert.ok((await entries.count()) < 5);
  await search.fill('ㄷㄱㅇ');
  await dialog.locator('[data-term-of=backlog]').waitFor();
  await search.fill('없는말없는말');
  await dialog.getByText('맞는 말이 없어요').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: '명령이나 이름으로 찾기' }).fill('용어집');
  await page.keyboard.press('Enter');
  await entries.first().waitFor();
  await search.fill('스노플레이크');
  await dialog.locator('[data-term-of=snowflake] a').first().click();
  await page.waitForURL(/#\/s6$/);
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('the question is answered by keyboard, explained choice by choice, and remembered', async () => {
  const { context, page, problems } = await openPage(browser);
  await text(page, 1);
  const ask = page.locator('[data-question=serverless-502]');
  await ask.scrollIntoViewIfNeeded();
  assert.equal(await ask.locator('.ask-why').count(), 0);
  const button = ask.getByRole('button', { name: '답 확인하기' });
  assert.ok(await button.isDisabled());
  await ask.getByRole('radio').first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await walk(page, '답 확인하기');
  await page.keyboard.press('Enter');
  await ask.getByText('다른 답이에요').waitFor();
  await becomes(() => ask.locator('.ask-why').count(), 4);
  await ask.getByText('맞는 답이에요').waitFor();
  await ask.getByText('· 내가 고른 답').waitFor();
  await page.reload();
  await ask.getByText('다른 답이에요').waitFor();
  await ask.getByRole('button', { name: '다시 풀기' }).click();
  await ask.getByRole('radio').first().check();
  await ask.getByRole('button', { name: '답 확인하기' }).click();
  await ask.getByText('맞았어요.').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('on paper every figure stands at its beginning, without knobs', async () => {
  const { context, page, problems } = await openPage(browser);
  await text(page, 5);
  await page.locator('.fig-place').first().scrollIntoViewIfNeeded();
  const says = figure(page, 'failover').locator('.fig-says');
  await says.getByText('150초').waitFor();
  await page.locator('#figure-failover-ttl').press('End');
  await says.getByText('61.5분').waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  await says.getByText('150초').waitFor();
  await becomes(() => page.locator('#figure-failover-ttl').isVisible(), false);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen' });
  await says.getByText('61.5분').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('nothing serious for those who do not see it, light and dark', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { context, page } = await openPage(browser, { colorScheme });
    for (const session of [1, 6]) {
      await text(page, session);
      await through(page);
      await page.locator('.term').first().focus();
      await page.getByRole('tooltip').locator('strong').waitFor();
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run('#lesson', { resultTypes: ['violations'] }));
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      assert.deepEqual(told, [], `session ${session}, ${colorScheme}`);
    }
    await context.close();
  }
});
