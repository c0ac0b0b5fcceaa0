// The lesson panel: hints one at a time, grading with a first cause, prepared designs, what is not there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { called, nameField, opened, rename, told } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('the starting drawing misses its targets, and the first cause can be looked at', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await page.getByRole('tab', { name: '과제' }).click();
  await page.getByRole('button', { name: '채점하기' }).click();
  await page.getByText(/목표 \d+개 가운데 \d+개를 이뤘어요/).waitFor({ timeout: 120_000 });
  await page.getByText('생각해 볼 질문').waitFor();
  await page.getByText(/^점수 \d+점$/).waitFor();
  await page.getByText('지금까지 가장 좋은 점수는').waitFor();
  const moments = page.locator('.moments');
  await moments.getByText('미달한 목표가 언제 어긋났는지 보기').click();
  assert.ok((await moments.getByRole('button', { name: /의 모습 보기$/ }).count()) >= 3);
  await moments.getByText('미달한 목표가 언제 어긋났는지 보기').click();
  const look = page.locator('.cause > .btn');
  const clock = (await look.innerText()).match(/\d\d:\d\d:\d\d/)[0];
  await look.click();
  await page.locator('.zone-strip', { hasText: clock }).waitFor({ timeout: 60_000 });
  assert.deepEqual(problems, []);
  await context.close();
});

test('a model answer is opened as one step, named a reconstruction, and passes', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await rename(page, '내 그림');
  await page.getByRole('tab', { name: '과제' }).click();
  await page.getByRole('button', { name: '모범 답안 보기' }).click();
  await page.getByText('강의 슬라이드에는 답안이 없어요').waitFor();
  await page.getByRole('button', { name: '열어 보기' }).first().click();
  await told(page, '설계로 바꿨어요');
  assert.equal(await nameField(page).inputValue(), '내 그림');
  await page.getByRole('button', { name: '채점하기' }).click();
  await page.getByText(/통과했어요/).waitFor({ timeout: 120_000 });
  await page.getByRole('link', { name: /^세션 3.*통과함$/ }).waitFor();
  await page.getByRole('button', { name: /^되돌리기: 그림 바꾸기/ }).click();
  await page.getByText('채점한 뒤에 그림이 바뀌었어요').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('hints come one at a time and stay open', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await page.getByRole('tab', { name: '힌트' }).click();
  await page.getByRole('button', { name: '첫 힌트 보기' }).click();
  await page.getByRole('button', { name: /^다음 힌트 보기/ }).click();
  assert.equal(await page.locator('.hint').count(), 2);
  await page.reload();
  await page.locator('.hint').nth(1).waitFor();
  await context.close();
});

test('a stale address opens session 3 and says so', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(`${site}#/s99`);
  await page.getByRole('alert').filter({ hasText: '#/s99' }).waitFor();
  await opened(page);
  await context.close();
});

/** Answers with an index that has the lesson of session 3 at these sessions. */
async function indexWith(page, sessions) {
  await page.route('**/lessons/index.json', async (route) => {
    const index = await (await route.fetch()).json();
    const lesson = index.lessons.find((entry) => entry.session === 3);
    await route.fulfill({ json: { lessons: sessions.map((session) => ({ ...lesson, session })) } });
  });
}

test('the sessions that are there can be chosen; one to come says that', async () => {
  const { context, page } = await openPage(browser);
  await indexWith(page, [1, 2, 3, 4, 5, 6]);
  await page.goto(`${site}#/s3`);
  await opened(page);
  for (const number of [1, 2, 4, 5, 6]) {
    await page.getByRole('link', { name: new RegExp(`^세션 ${number} ·`) }).and(page.locator('[href]')).waitFor();
  }
  await page.locator('.step-off', { hasText: '7' }).waitFor();
  await page.getByRole('link', { name: /^세션 4 ·/ }).click();
  await page.waitForURL(/#\/s4$/);
  await page.getByRole('tab', { name: '과제' }).waitFor();
  await page.goto(`${site}#/s8`);
  await page.getByText('이 세션은 아직 준비 중이에요').waitFor();
  await page.getByRole('link', { name: '세션 3으로 가기' }).click();
  await page.getByRole('tab', { name: '과제' }).waitFor();
  await context.close();
});

test('without its lesson one can draw, and what is drawn is kept when the lesson comes', async () => {
  const { context, page } = await openPage(browser);
  await page.route('**/lessons/*', (route) => route.abort());
  await page.goto(site);
  await page.getByText('수업을 불러오지 못했어요').waitFor();
  await called(page, '이름 없는 그림');
  await rename(page, '수업 없이 그린 그림');
  await page.unroute('**/lessons/*');
  await page.getByRole('button', { name: '다시 시도' }).click();
  await page.getByRole('tab', { name: '과제' }).click();
  await page.getByRole('button', { name: '채점하기' }).waitFor();
  await called(page, '수업 없이 그린 그림');
  await context.close();
});
