// The main story with the keyboard alone: read, run, see it fall, mend, run again, keep as a file.
// Each test is the next step on the same page. There is no mouse in this file, and no fill() or
// focus() either: where no key leads, a person without a mouse cannot go.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { opened, told } from './support/desk.mjs';
import { file, focus, focused, said, walk } from './support/keys.mjs';

// At full speed a run takes seconds, on a busy machine many.
const RUN = { timeout: 180_000 };
const BIGGER = new URL('../../lessons/03-compute/tasks/flash-sale/wrong-bigger-server.json', import.meta.url);

let browser, page, problems, press;
before(async () => {
  browser = await launch();
  ({ page, problems } = await openPage(browser));
  press = (key) => page.keyboard.press(key);
});
after(() => browser.close());

const cards = (count) =>
  page.waitForFunction((count) => document.querySelectorAll('.card').length === count, count);
const links = (count) =>
  page.waitForFunction((count) => document.querySelectorAll('.layer-links .link').length === count, count);
const server = (words) => page.locator('#c-server-1').and(page.getByRole('img', { name: words })).waitFor();

/** From the strip or the inspector back to the canvas, with nothing selected. */
async function toCanvas() {
  await walk(page, 'canvas', { key: 'Shift+Tab' });
  await press('Escape');
  await page.locator('#canvas:not([aria-activedescendant])').waitFor();
}

test('the lesson is there, and one key leads past it to the canvas', async () => {
  await page.goto(site);
  await opened(page);
  await page.getByRole('heading', { level: 1, name: '컴퓨팅 계층' }).waitFor();
  await press('Tab');
  assert.equal((await focus(page)).name, '그림판으로 건너뛰기');
  await press('Enter');
  await focused(page, '#canvas');
});

test('full speed, Space, and the sale collapses', async () => {
  await walk(page, '속도');
  // The last of the speeds is the fastest.
  await press('End');
  await page.locator('.run-speed:has(option:checked:text-is("최대"))').waitFor();
  await toCanvas();
  await press('Space');
  await page.locator('.run-words.bad', { hasText: /방문자 [0-9,]+명 중/ }).waitFor(RUN);
  assert.match(await page.locator('.run-sentence').innerText(), /처음 막힌 곳: 1[34]:\d\d:\d\d 웹 서버/);
});

test('the web server is found with Tab and made bigger in the inspector', async () => {
  const { params } = JSON.parse(await readFile(BIGGER, 'utf8')).components.find(({ id }) => id === 'server-1');
  await press('Tab');
  await said(page, '쇼핑몰 방문자');
  await press('Tab');
  await said(page, /^웹 서버.* 선택$/);
  // The next Tab is the next card; the way into the inspector is a key of its own.
  await press('i');
  await focused(page, '#inspector-name');
  const left = new Set(Object.keys(params));
  for (let step = 0; left.size > 0; step += 1) {
    assert.ok(step < 60, `no key leads to ${[...left]}`);
    await press('Tab');
    const { id, name } = await focus(page);
    const key = id.replace('param-', '');
    if (name.startsWith('고급 설정')) await press('Enter');
    if (!left.delete(key)) continue;
    await press('Control+a');
    await page.keyboard.type(String(params[key]));
    await press('Enter');
  }
  await server(/36 vCPU · 128 GiB/);
  await press('Escape');
  await focused(page, '#canvas');
});

test('a component is placed, connected and renamed, and all of it taken back', async () => {
  await press('Escape');
  await press('Enter');
  await focused(page, '.place-search input');
  await page.keyboard.type('서버');
  await page.getByRole('option', { name: '서버', exact: true, selected: true }).waitFor();
  await press('Enter');
  await focused(page, '#canvas');
  await cards(4);
  await press('c');
  await said(page, /^연결할 곳|이을 수 없어요/);
  await press('ArrowRight');
  await said(page, /^연결할 곳: 쇼핑몰 DB/);
  await press('Enter');
  await links(3);
  // Now the link is selected; the next Tab begins with the card that stands first, the new one.
  await said(page, '연결 선택');
  await press('Tab');
  await said(page, /^서버 .* 선택$/);
  await press('F2');
  await focused(page, 'input.rename');
  await press('Control+a');
  await page.keyboard.type('둘째 서버');
  await press('Enter');
  await focused(page, '#canvas');
  await page.getByRole('img', { name: /^둘째 서버/ }).waitFor();
  await press('Control+z');
  await page.getByRole('img', { name: /^둘째 서버/ }).waitFor({ state: 'detached' });
  await press('Control+z');
  await links(2);
  await press('Control+z');
  await cards(3);
  await server(/36 vCPU/);
});

test('a link is found from its card, removed, brought back and given a note', async () => {
  const card = /^웹 서버.*GiB 선택$/;
  const leaving = /^웹 서버.*에서 쇼핑몰 DB.*연결 선택$/;
  const note = (state) => page.locator('.layer-labels').filter({ hasText: '조회' }).waitFor({ state });
  await press('Escape');
  await press('Tab');
  await said(page, /^쇼핑몰 방문자.* 선택$/);
  await press('Tab');
  await said(page, card);
  await press('l');
  await said(page, leaving);
  await press('l');
  await said(page, /^쇼핑몰 방문자.*에서 웹 서버.*연결 선택$/);
  await press('Shift+L');
  await said(page, leaving);
  await press('Delete');
  await links(1);
  await press('Control+z');
  await links(2);
  // After the removal nothing is selected, and L begins with the first link of the drawing.
  await press('l');
  await said(page, /^쇼핑몰 방문자.*에서 웹 서버.*연결 선택$/);
  await press('Tab');
  await said(page, card);
  await press('l');
  await said(page, leaving);
  await press('i');
  await focused(page, '#link-label');
  await page.keyboard.type('조회');
  await note('attached');
  await press('Escape');
  await focused(page, '#canvas');
  await press('Control+z');
  await note('detached');
  await press('Escape');
  await said(page, card);
});

test('the command list renames in place, and finds the way into the inspector', async () => {
  const choose = async (name) => {
    await press('Control+k');
    await focused(page, 'dialog input');
    await page.keyboard.type(name);
    await page.getByRole('option', { name, selected: true }).waitFor();
    await press('Enter');
  };
  await choose('이름 바꾸기');
  await focused(page, 'input.rename');
  await press('Escape');
  await focused(page, '#canvas');
  await choose('자세히 고치기');
  await focused(page, '#inspector-name');
  await press('Escape');
  await focused(page, '#canvas');
  await press('Escape');
  await page.locator('#canvas:not([aria-activedescendant])').waitFor();
  // With nothing selected the inspector is that of the whole drawing.
  await press('i');
  await focused(page, '#design-name');
  await press('Escape');
  await focused(page, '#canvas');
});

test('run again: nearly everybody gets through, and the strip says what it was before', async () => {
  await press('Space');
  const good = page.locator('.run-words.good', { hasText: '이전 실행' });
  await good.waitFor(RUN);
  const [, share] = (await good.innerText()).match(/방문자 100명 중 (\d+)명이/);
  assert.ok(Number(share) >= 99, share);
});

test('the drawing goes out as a file and comes back', async () => {
  const download = page.waitForEvent('download');
  await file(page, '그림 내보내기');
  const exported = await readFile(await (await download).path(), 'utf8');
  const out = JSON.parse(exported).components.find(({ id }) => id === 'server-1');
  assert.equal(out.params.vcpu, 36);
  await file(page, '처음 그림으로');
  await server(/^웹 서버 2 vCPU/);
  const chooser = page.waitForEvent('filechooser');
  await file(page, '가져오기…');
  await (await chooser).setFiles({ name: 'big.json', mimeType: 'application/json', buffer: Buffer.from(exported) });
  await told(page, '그림을 가져왔어요');
  await server(/36 vCPU/);
  assert.deepEqual(problems, []);
});
