// Files go out and come in: by button, by drop, and refused with place and reason.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { called, drop, file, nameField, opened, told } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function exported(page) {
  const download = page.waitForEvent('download');
  await file(page, '그림 내보내기');
  return readFile(await (await download).path(), 'utf8');
}

const named = (json, name) => json.replace(/"name": "[^"]*"/, `"name": ${JSON.stringify(name)}`);

async function pick(page, name, text) {
  const chooser = page.waitForEvent('filechooser');
  await file(page, '가져오기…');
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

test('what was exported and edited by hand comes in as one step that can be undone', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  const before = await nameField(page).inputValue();
  const json = await exported(page);
  await pick(page, 'mine.json', named(json, '손으로 고친 그림'));
  await called(page, '손으로 고친 그림');
  await page.locator('.toast-action', { hasText: '되돌리기' }).click();
  await called(page, before);
  assert.equal(await exported(page), json);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a broken, foreign, future or oversized file changes nothing and says why', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  const json = await exported(page);
  const cases = [
    ['cut.json', json.slice(0, 200), 'JSON으로 읽을 수 없어요'],
    ['foreign.json', '{"cells":[]}', 'Archplay 파일이 아니에요'],
    ['future.json', '{"schema":"archplay/design/99"}', '더 새로운 버전'],
    ['kind.json', json.replace('"kind":"server"', '"kind":"ufo"'), /\d+번째 줄 \d+번째 글자, components\[\d+\]/],
    ['big.json', 'x'.repeat(5 * 1024 * 1024), '너무 커요'],
  ];
  for (const [name, text, words] of cases) {
    await pick(page, name, text);
    const card = page.locator('.toast-card', { hasText: name });
    await card.filter({ hasText: words }).waitFor();
    await card.getByRole('button', { name: '알림 닫기' }).click();
  }
  assert.equal(await exported(page), json);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a drop brings one file in; several are refused; repairs are listed', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  const json = await exported(page);
  await drop(page, [
    ['a.json', json],
    ['b.json', json],
  ]);
  await told(page, '하나씩');
  const loose = named(json, '끌어온 그림').replace('"links": [', '"links": [{"from":"ghost","to":"phantom"},');
  await drop(page, [['d.json', loose]]);
  await called(page, '끌어온 그림');
  await told(page, 'ghost → phantom');
  await context.close();
});

test('a scenario file becomes one’s own and is chosen; in the free playground it stays chosen', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  const text = await readFile(new URL('../../src/model/presets/daily.json', import.meta.url), 'utf8');
  const scenario = JSON.parse(text);
  scenario.name.ko = '나의 하루';
  await drop(page, [['s.json', JSON.stringify(scenario)]]);
  await told(page, '‘나의 하루’ 시나리오를 골랐어요');
  await page.getByRole('link', { name: '자유' }).click();
  await page.getByRole('heading', { name: '자유 놀이터' }).waitFor();
  const choice = page.locator('#lesson').getByRole('radio', { name: /나의 하루/ });
  await choice.check();
  await page.reload();
  await choice.and(page.locator(':checked')).waitFor();
  await context.close();
});
