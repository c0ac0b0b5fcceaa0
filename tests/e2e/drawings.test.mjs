// Drawings are kept: through a reload at any moment, beside another tab, in and out of the trash.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { becomes, launch, openPage, ready, site } from './support/browser.mjs';
import { called, file, nameField, opened, rename, told } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('a reload at once loses nothing: drawing, tab, language, theme', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await page.getByRole('tab', { name: '과제' }).click();
  await rename(page, '바로 새로고침');
  await page.reload();
  await called(page, '바로 새로고침');
  await page.getByRole('tab', { name: '과제', selected: true }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await page.reload();
  await ready(page);
  await page.getByRole('tab', { name: 'Task', selected: true }).waitFor();
  await becomes(() => page.locator('html').getAttribute('lang'), 'en');
  await becomes(() => page.locator('html').getAttribute('data-theme'), 'dark');
  assert.deepEqual(problems, []);
  await context.close();
});

test('two tabs: nobody overwrites the other, and both are told', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await rename(page, '처음');
  await page.reload();
  await called(page, '처음');
  const other = await context.newPage();
  await other.goto(site);
  await called(other, '처음');
  await rename(page, '탭 하나');
  await told(other, '다른 탭에서 이 그림이 바뀌었어요');
  await rename(other, '탭 둘');
  await told(other, '따로 저장했어요');
  await called(other, '탭 둘 (다른 탭)');
  await file(page, '내 그림…');
  await page.getByRole('button', { name: '탭 둘 (다른 탭)', exact: true }).waitFor();
  await page.getByRole('button', { name: '탭 하나', exact: true }).waitFor();
  await context.close();
});

test('my drawings: copy, name, throw away, restore, delete, open', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await file(page, '내 그림…');
  await page.getByText('아직 저장된 그림이 없어요').waitFor();
  await page.keyboard.press('Escape');
  // While the dialog stands, nobody can type behind it.
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await rename(page, '가게');
  await file(page, '내 그림…');
  await page.getByRole('button', { name: '‘가게’ 복제' }).click();
  await page.getByRole('button', { name: '‘가게 (2)’ 이름 바꾸기' }).click();
  await page.getByRole('dialog').getByLabel('그림 이름').fill('둘째 가게');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '‘둘째 가게’ 휴지통으로' }).click();
  await page.getByRole('tab', { name: '휴지통 1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '되살리기' }).click();
  await page.getByText('휴지통이 비어 있어요').waitFor();
  await page.getByRole('tab', { name: '그림 2' }).click();
  await page.getByRole('button', { name: '‘가게’ 휴지통으로' }).click();
  // The open one was thrown away: what is left of the session is opened.
  await called(page, '둘째 가게');
  await page.getByRole('tab', { name: '휴지통 1' }).click();
  await page.getByRole('button', { name: '‘가게’ 완전히 지우기' }).click();
  await page.getByRole('button', { name: '정말 지우기' }).click();
  await page.getByText('휴지통이 비어 있어요').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.match(page.url(), /#\/s3$/);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a browser that keeps nothing says so and offers a file', async () => {
  const { context, page } = await openPage(browser);
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('no', 'SecurityError');
    };
    Storage.prototype.setItem = () => {
      throw new DOMException('no', 'QuotaExceededError');
    };
  });
  await page.goto(site);
  await opened(page);
  await rename(page, '저장 안 되는 그림');
  await told(page, '저장하지 못하게 되어 있어요');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '파일로 내보내기' }).click();
  assert.equal((await download).suggestedFilename(), '저장 안 되는 그림.archplay.json');
  await context.close();
});

test('Korean being composed in the name is left alone', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await nameField(page).press('Control+a');
  const keyboard = await context.newCDPSession(page);
  const compose = (text) =>
    keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await compose('ㅎ');
  await compose('한');
  await keyboard.send('Input.insertText', { text: '한글' });
  await page.keyboard.press('Enter');
  await called(page, '한글');
  await page.getByRole('button', { name: /^되돌리기/ }).click();
  await page.waitForFunction(() => document.querySelector('.drawing-title input').value !== '한글');
  await context.close();
});
