// Links are handed out, files are handed in: the QR code, folders that are dropped, limits, the end of reading.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { becomes, launch, openPage, ready, site } from './support/browser.mjs';
import { file, opened, told } from './support/desk.mjs';

const axe = await readFile(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const START = new URL('../../lessons/03-compute/tasks/flash-sale/start.json', import.meta.url);

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const share = (page) => page.getByRole('dialog', { name: '링크와 QR 코드' });

/** Nothing serious for those who do not see it. */
async function sound(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
  const bad = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(bad.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), []);
}

/** Drops files and folders of the disk on the page, as the browser's own window does. */
async function dropPaths(page, ...paths) {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 600, y: 300, data });
  }
}

/** Writes files, folders included, below a new folder; returns its path. */
async function folder(files) {
  const root = join(await mkdtemp(join(tmpdir(), 'archplay-handing-')), '제출');
  await mkdir(root);
  for (const [path, text] of Object.entries(files)) {
    const parts = path.split('/');
    await mkdir(join(root, ...parts.slice(0, -1)), { recursive: true });
    await writeFile(join(root, ...parts), text);
  }
  return root;
}

test('the link to a session is a code on the wall, a text and a copy', async () => {
  const { context, page, problems } = await openPage(browser);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${site}#/s4`);
  await opened(page);
  await file(page, '링크와 QR 코드…');
  await share(page).getByRole('img', { name: `QR 코드: ${site}#/s4` }).waitFor();
  await share(page).getByText('세션 4의 링크예요').waitFor();
  await share(page).getByText('이 컴퓨터에서만 열려요').waitFor();
  assert.equal(await share(page).getByRole('radio').count(), 0);
  await share(page).getByRole('button', { name: '링크 복사' }).click();
  await told(page, '링크를 복사했어요');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${site}#/s4`);
  await sound(page);
  await page.keyboard.press('Escape');
  await share(page).waitFor({ state: 'detached' });
  // From the projector, as large as the screen lets it be and wholly on it.
  await page.locator('#canvas').focus();
  await page.keyboard.press('p');
  await page.locator('.app[data-stage]').waitFor();
  await page.getByRole('button', { name: '링크와 QR 코드' }).click();
  const code = share(page).locator('svg.qr');
  await code.waitFor();
  const { y, width, height } = await code.boundingBox();
  assert.ok(width >= 320 && y >= 0 && y + height <= 620, JSON.stringify({ y, width, height }));
  // The clicker does nothing behind the dialog, and Esc closes no more than it.
  await page.keyboard.press('Escape');
  await share(page).waitFor({ state: 'detached' });
  await page.locator('.app[data-stage]').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('a browser with a lock has its link to hand out, too', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(`${site}#/class/lock`);
  await ready(page);
  await page.getByLabel('코드', { exact: true }).fill('특강 26');
  await page.getByRole('button', { name: '링크 만들기' }).click();
  const link = await page.getByLabel('나눠 줄 링크').inputValue();
  await page.getByRole('img', { name: `QR 코드: ${link}` }).waitFor();
  await page.getByRole('button', { name: 'QR 코드 크게 보기' }).click();
  await share(page).getByText(link).waitFor();
  await page.keyboard.press('Escape');
  await share(page).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '이 브라우저에도 잠그기' }).click();
  await file(page, '링크와 QR 코드…');
  await share(page).getByRole('radio', { name: '힌트와 답안을 잠그는 수업 링크' }).check();
  await share(page).getByRole('img', { name: `QR 코드: ${link}` }).waitFor();
  await sound(page);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a whole folder is dropped: drawings are taken, broken ones named, the rest passed over', async () => {
  const { context, page, problems } = await openPage(browser);
  const start = await readFile(START, 'utf8');
  const root = await folder({
    '10팀/그림.archplay.json': start,
    '2팀/그림.archplay.json': start,
    '2팀/발표.txt': '발표',
    '1팀.json': start,
    '깨짐.json': '{"schema":"archplay/design/1","components":[',
    '__MACOSX/._1팀.json': 'shadow',
    '.DS_Store': 'x',
  });
  await page.goto(`${site}#/s5`);
  await opened(page);
  await page.getByRole('button', { name: '도움말' }).click();
  await page.getByRole('menuitem', { name: '수업 도구…' }).click();
  await page.getByRole('link', { name: '팀 채점표' }).click();
  // What stands in the fields is what is graded.
  await page.waitForFunction(() => document.querySelector('#class-lesson')?.selectedOptions[0]?.text.startsWith('세션 5'));
  assert.equal(await page.locator('#class-task').evaluate((field) => field.selectedIndex), 0);
  await dropPaths(page, root);
  await page.locator('tbody tr').nth(2).waitFor();
  const names = () => page.locator('tbody .class-team').allTextContents();
  assert.deepEqual(await names(), ['1팀', '2팀/그림', '10팀/그림']);
  await page.locator('.class-bad li', { hasText: '깨짐.json' }).waitFor();
  await becomes(() => page.locator('.class-bad li').count(), 1);
  await page.getByText('다른 파일 1개는 열지 않았어요').waitFor();
  await page.getByRole('button', { name: '3개 채점하기' }).waitFor();
  await sound(page);
  // The same folder again adds nothing; a file beside it is added.
  const more = await folder({ '3팀.json': start });
  await dropPaths(page, root, join(more, '3팀.json'));
  await page.locator('tbody tr', { hasText: '3팀' }).waitFor();
  await page.getByRole('button', { name: '모두 비우기' }).click();
  // The button takes a folder the same way.
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: '폴더째 열기…' }).click();
  await (await chooser).setFiles(root);
  await page.locator('tbody tr').nth(2).waitFor();
  assert.deepEqual((await names()).toSorted(), ['10팀/그림', '1팀', '2팀/그림']);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a folder with too much in it ends at the limit, and reading can be ended', { timeout: 180_000 }, async () => {
  const { context, page, problems } = await openPage(browser);
  const small = JSON.stringify({ schema: 'archplay/design/1', name: '그림', components: [], links: [] });
  const root = await folder(Object.fromEntries(Array.from({ length: 230 }, (_, i) => [`${i + 1}팀.json`, small])));
  await page.goto(`${site}#/class/teams`);
  await ready(page);
  await page.getByRole('button', { name: '폴더째 열기…' }).waitFor();
  await dropPaths(page, root);
  await page.locator('.class-bad li', { hasText: '201팀.json' }).getByText('200개까지').waitFor();
  await becomes(() => page.locator('.class-bad li').count(), 1);
  await becomes(() => page.locator('tbody tr').count(), 200);
  await page.getByRole('button', { name: '그만 읽기' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '모두 비우기' }).click();
  await page.locator('tbody tr').first().waitFor({ state: 'detached' });
  // On a slow machine there is time to end it.
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 10 });
  await dropPaths(page, root);
  await page.getByRole('button', { name: '그만 읽기' }).click();
  await page.getByRole('button', { name: '그만 읽기' }).waitFor({ state: 'detached' });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const count = await page.locator('tbody tr').count();
  assert.ok(count < 200, `${count}`);
  await page.waitForTimeout(500);
  await becomes(() => page.locator('tbody tr').count(), count);
  assert.deepEqual(problems, []);
  await context.close();
});

test('on paper a dark page is dark on light', async () => {
  const { context, page, problems } = await openPage(browser, { colorScheme: 'dark' });
  await page.goto(`${site}#/s3/read`);
  await ready(page);
  await page.locator('.read h1').waitFor();
  const lightness = () => page.locator('.read h1').evaluate((h1) => Number(/oklch\(([\d.]+)/.exec(getComputedStyle(h1).color)[1]));
  assert.ok((await lightness()) > 0.8);
  await page.emulateMedia({ media: 'print' });
  assert.ok((await lightness()) < 0.4);
  assert.deepEqual(problems, []);
  await context.close();
});
