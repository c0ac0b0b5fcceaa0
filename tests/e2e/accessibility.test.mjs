// What axe finds on every state of the page that a class comes by, in the light and in the dark.
// Serious and critical findings fail; the rest is told.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { file, giveUp, rename, select } from './support/desk.mjs';

const source = await readFile(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A line for every element that axe complains of. Evaluated text is not under the page's policy. */
async function findings(page) {
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => ({
      impact,
      line: `${impact} ${id}: ${target.join(' ')} (${failureSummary.replace(/\s*\n\s*/g, ' ')})`,
    })),
  );
}

async function finished(page) {
  await page.locator('.run-speed').selectOption({ label: '최대' });
  await page.locator('.run-play').click();
  await page.locator('.strip[data-status=finished]').waitFor({ timeout: 180_000 });
}

async function session8(page) {
  await page.getByRole('link', { name: /8/ }).first().click();
  await page.locator('.zone-strip').getByRole('button', { name: '손에 든 피드 열기' }).waitFor();
  await page.locator('.run-play:enabled').waitFor();
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const TABLET = { viewport: { width: 834, height: 1112 }, hasTouch: true };
const pane = (name) => async (page) => page.getByRole('navigation', { name: '화면' }).getByRole('button', { name }).click();

const STATES = [
  ['session 3', {}, async () => {}],
  ['session 3 in English', { locale: 'en-US' }, async () => {}],
  ['the task', {}, async (page) => page.getByRole('tab', { name: '과제' }).click()],
  [
    'a hint',
    {},
    async (page) => {
      await page.getByRole('tab', { name: '힌트' }).click();
      await page.getByRole('button', { name: '첫 힌트 보기' }).click();
    },
  ],
  [
    'a server in the inspector',
    {},
    async (page) => {
      await select(page, 'server-1');
      await page.locator('.param-more summary').click();
    },
  ],
  [
    'the charts of a run',
    {},
    async (page) => {
      await finished(page);
      await page.locator('.charts-grid canvas').first().waitFor();
    },
  ],
  [
    'the values of a run as a table',
    {},
    async (page) => {
      await finished(page);
      await page.getByRole('button', { name: '표로 보기' }).click();
      await page.getByRole('region', { name: '측정값 표' }).waitFor();
    },
  ],
  [
    'my drawings',
    {},
    async (page) => {
      await rename(page, '가게');
      await file(page, '내 그림…');
      await page.getByRole('dialog').getByRole('button', { name: '‘가게’ 복제' }).waitFor();
    },
  ],
  [
    'the key sheet',
    {},
    async (page) => {
      await page.getByRole('button', { name: '도움말' }).click();
      await page.getByRole('menuitem', { name: '단축키…' }).click();
      await page.getByRole('dialog', { name: '단축키' }).waitFor();
    },
  ],
  [
    'the command list',
    {},
    async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: '명령' }).waitFor();
    },
  ],
  [
    'the free playground',
    {},
    async (page) => {
      await page.getByRole('link', { name: '자유' }).click();
      await page.getByRole('heading', { name: '자유 놀이터' }).waitFor();
    },
  ],
  ...['방문자', '작업', '장애'].map((name) => [
    `the scenario editor: ${name}`,
    {},
    async (page) => {
      await page.locator('.run-scenario > button').click();
      await page.locator('.run-scenario input[value=region_loss]').check();
      await page.getByRole('button', { name: '시나리오 편집…' }).click();
      await page.getByRole('dialog').getByRole('tab', { name }).click();
    },
  ]),
  [
    'the charts of a feed',
    {},
    async (page) => {
      await session8(page);
      await finished(page);
      await page.locator('[data-chart=feed_get] canvas').waitFor();
    },
  ],
  [
    'the envelope of a feed',
    {},
    async (page) => {
      await session8(page);
      await page.locator('.zone-strip').getByRole('button', { name: '어림셈' }).click();
      await page.getByRole('dialog', { name: /^어림셈/ }).waitFor();
    },
  ],
  [
    "somebody's feed",
    {},
    async (page) => {
      await session8(page);
      await page.locator('.zone-strip').getByRole('button', { name: '손에 든 피드 열기' }).click();
      await page.locator('#phone').getByRole('button', { name: '멈춘 채로 시작' }).click();
      await page.locator('#phone').getByRole('button', { name: '새로 고침' }).click();
      await page.locator('#phone .phone-said').filter({ hasText: /./ }).waitFor();
    },
  ],
  [
    'the steps of a model answer',
    {},
    async (page) => {
      await page.getByRole('tab', { name: '과제' }).click();
      await giveUp(page);
      await page.getByRole('button', { name: /단계로 나누어 보기$/ }).click();
      await page.getByRole('button', { name: '다음 단계' }).waitFor();
    },
  ],
  ['a tablet', TABLET, async () => {}],
  ['a phone, running', PHONE, async () => {}],
  ['a phone, reading', PHONE, pane('읽기')],
  ['a phone, watching', PHONE, pane('그래프')],
];

for (const [name, options, prepare] of STATES) {
  test(`axe: ${name}`, async (t) => {
    // Colours are judged at rest.
    const { context, page } = await openPage(browser, { reducedMotion: 'reduce', ...options });
    await page.goto(site);
    // Ready to run means: lesson, drawing and scenario are there, whichever of them this screen shows.
    await page.locator('.run-play:enabled').waitFor({ state: 'attached' });
    await prepare(page);
    const bad = [];
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.locator(`html[data-theme=${colorScheme}]`).waitFor({ state: 'attached' });
      for (const { impact, line } of await findings(page)) {
        if (impact === 'serious' || impact === 'critical') bad.push(`${colorScheme}: ${line}`);
        else t.diagnostic(`${colorScheme}: ${line}`);
      }
    }
    assert.equal(bad.length, 0, `\n${bad.join('\n')}`);
    await context.close();
  });
}
