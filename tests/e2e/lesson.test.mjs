// The lesson panel: hints one at a time, grading with a first cause, prepared designs, what is not there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { becomes, launch, openPage, site } from './support/browser.mjs';
import { called, giveUp, nameField, opened, rename, told } from './support/desk.mjs';

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
  await giveUp(page);
  await page.getByText('강의 슬라이드에는 답안이 없어요').waitFor();
  await page.getByRole('button', { name: '열어 보기' }).first().click();
  await told(page, '설계로 바꿨어요');
  await becomes(() => nameField(page).inputValue(), '내 그림');
  await page.getByRole('button', { name: '채점하기' }).click();
  await page.getByText(/통과했어요/).waitFor({ timeout: 120_000 });
  await page.getByRole('link', { name: /^세션 3.*통과함$/ }).waitFor();
  await page.getByRole('button', { name: /^되돌리기: 그림 바꾸기/ }).click();
  await page.getByText('채점한 뒤에 그림이 바뀌었어요').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('a model answer is given up for, walked through in steps, and measures what they say', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await page.getByRole('tab', { name: '과제' }).click();
  await page.getByRole('button', { name: '모범 답안 보기' }).click();
  // Nothing is shown before one gives up.
  await page.getByText('먼저 스스로 풀어 보세요').waitFor();
  assert.equal(await page.getByRole('button', { name: '열어 보기' }).count(), 0);
  await page.getByRole('button', { name: '포기하고 답안 보기' }).click();
  await page.getByRole('button', { name: /단계로 나누어 보기$/ }).click();
  const steps = page.getByRole('group', { name: /의 단계$/ });
  await steps.getByText('4단계 중 1단계').waitFor();
  await steps.getByText('웹 서버 · 대기열 길이: 65,536 → 100').waitFor();
  // By keyboard: the button stays where it is, and so does the focus.
  const next = steps.getByRole('button', { name: '다음 단계' });
  await next.focus();
  await page.keyboard.press('Enter');
  await steps.getByText('4단계 중 2단계').waitFor();
  await page.keyboard.press('Enter');
  await steps.getByText('4단계 중 3단계').waitFor();
  await steps.getByText('14시 정각에').waitFor();

  const done = steps.locator('.step-moves li').first();
  const said = await done.locator('strong').innerText();
  assert.match(said, /^[0-9.]+%$/);
  await steps.getByRole('button', { name: '이 단계 열기' }).click();
  await told(page, '설계로 바꿨어요');
  await page.locator('#c-load-balancer-1').waitFor();
  await page.locator('.zone-strip select').selectOption({ label: '최대' });
  await page.locator('.zone-strip').getByRole('button', { name: /실행$/ }).click();
  await page.locator('.zone-strip').getByText(/방문자 [0-9,]+명 중/).first().waitFor({ timeout: 90_000 });
  // Grading measures the same to the last digit that is shown.
  await page.getByRole('button', { name: '채점하기' }).click();
  await page.getByText(/목표 \d+개 가운데 \d+개를 이뤘어요/).waitFor({ timeout: 120_000 });
  const measured = page.locator('.targets tbody tr').first().locator('td').first();
  assert.equal((await measured.innerText()).match(/[0-9.]+%/)[0], said);

  // The last step passes; the person's own drawing comes back whatever was opened since.
  await next.click();
  await steps.getByText('4단계 중 4단계').waitFor();
  await steps.getByRole('button', { name: '이 단계 열기' }).click();
  await steps.getByRole('button', { name: '내 그림으로 돌아가기' }).click();
  await told(page, '내 그림으로 돌아왔어요');
  await page.locator('#c-load-balancer-1').waitFor({ state: 'detached' });
  // Who gave up need not do so again.
  await page.reload();
  await page.getByRole('button', { name: '모범 답안 보기' }).click();
  await page.getByRole('button', { name: '열어 보기' }).first().waitFor();
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
  await becomes(() => page.locator('.hint').count(), 2);
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
