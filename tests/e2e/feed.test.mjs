// The news feed in the page: charts of its own, the back of an envelope beside what was measured, and the phone on
// which a person reads somebody's feed and posts as a friend.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { becomes, launch, openPage, ready, site } from './support/browser.mjs';
import { called, drop, file, told } from './support/desk.mjs';

const RUN = { timeout: 180_000 };
const fixture = (name) => readFile(new URL(`../fixtures/small-feed/${name}.json`, import.meta.url), 'utf8');

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** The free playground with a small feed: its drawing and its scenario dropped on the page. */
async function small(options = {}) {
  const opened = await openPage(browser, options);
  const { page } = opened;
  await page.goto(`${site}#/free`);
  await ready(page);
  await page.locator('.run-play:enabled').waitFor({ state: 'attached' });
  await drop(page, [['design.json', await fixture('design')]]);
  await called(page, '작은 피드');
  await drop(page, [['scenario.json', await fixture('scenario')]]);
  await told(page, '시나리오를 골랐어요');
  await strip(page).getByRole('button', { name: '손에 든 피드 열기' }).waitFor();
  return opened;
}

const strip = (page) => page.locator('.zone-strip');
const phone = (page) => page.locator('#phone');
const envelope = (page) => page.getByRole('dialog', { name: /^어림셈/ });
const cells = (page, quantity) =>
  envelope(page).locator(`[data-quantity=${quantity}] td`).allInnerTexts();
/** The first number of a text. */
const number = (text) => Number(text.replace(/[^\d.−-]*([\d,.]+).*/s, '$1').replaceAll(',', ''));
const said = (page, words) => phone(page).locator('.phone-said').filter({ hasText: words }).waitFor(RUN);

test('a feed has charts of its own, and the envelope stands beside what was measured', async () => {
  const { context, page, problems } = await small();
  await strip(page).getByRole('button', { name: '어림셈' }).click();
  await envelope(page).getByText('아직 실행하지 않았어요').waitFor();
  // 100,000 visitors with 10 reads a day.
  assert.equal(number((await cells(page, 'reads_mean'))[0]), 11.6);
  assert.deepEqual((await cells(page, 'reads_mean')).slice(1), ['–', '–']);
  await envelope(page).getByLabel('하루 방문자').fill('200,000');
  assert.equal(number((await cells(page, 'reads_mean'))[0]), 23.1);
  await envelope(page).getByLabel('하루 방문자').fill('-1');
  await envelope(page).getByText('0부터 100,000,000,000까지의 수').waitFor();
  await envelope(page).getByRole('button', { name: '시나리오의 값으로' }).click();
  await envelope(page).getByRole('button', { name: '닫기' }).click();

  await strip(page).getByLabel('속도').selectOption({ label: '최대' });
  await strip(page).getByRole('button', { name: '실행', exact: true }).click();
  await page.locator('.strip[data-status=finished]').waitFor(RUN);
  for (const chart of ['get', 'post', 'delivery', 'lookups', 'writes', 'stale', 'errors', 'memory']) {
    const figure = page.locator(`[data-chart=feed_${chart}]`);
    await figure.scrollIntoViewIfNeeded();
    assert.equal(await figure.locator('.chart-empty').count(), 0, chart);
  }
  await page.locator('.charts .feed-scale summary').click();
  await page.getByText('그대로인 값').waitFor();

  // The same through the command list.
  await page.keyboard.press('Control+k');
  await page.locator('.command-list input').fill('어림셈');
  await page.keyboard.press('Enter');
  for (const quantity of ['reads_mean', 'reads_peak', 'posts_mean', 'push_writes_peak', 'feed_cache']) {
    const [estimate, measured, apart] = await cells(page, quantity);
    assert.ok(number(estimate) > 0 && number(measured) > 0, `${quantity}: ${estimate}, ${measured}`);
    assert.notEqual(apart, '–', quantity);
  }
  assert.equal((await cells(page, 'media_storage'))[1], '–', 'no run measures this');
  assert.deepEqual(problems, []);
  await context.close();
});

test('without a feed none of it is there', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(`${site}#/free`);
  await ready(page);
  await page.locator('.run-play:enabled').waitFor({ state: 'attached' });
  assert.equal(await strip(page).getByRole('button', { name: '어림셈' }).count(), 0);
  await page.keyboard.press('Control+k');
  await page.locator('.command-list input').fill('어림셈');
  await page.locator('.command-list [role=status]').waitFor();
  await context.close();
});

test('a person posts as a friend, refreshes, and sees the post when it has been delivered', async () => {
  const { context, page, problems } = await small();
  await strip(page).getByRole('button', { name: '손에 든 피드 열기' }).click();
  await phone(page).getByText('이 휴대전화로 직접').waitFor();
  await phone(page).getByRole('button', { name: '멈춘 채로 시작' }).click();
  await phone(page).getByText('시간이 멈춰 있어요').waitFor(RUN);
  const me = phone(page).getByLabel('나는 이 사람이에요');
  assert.ok((await me.locator('option').count()) >= 3);

  await phone(page).getByRole('button', { name: '새로 고침' }).click();
  await said(page, /포스트 \d+개/);
  assert.ok((await phone(page).locator('.phone-post').count()) > 0);
  // The way of this request is on the drawing, and begins where visitors enter.
  await becomes(() => page.locator('[data-stop]').first().getAttribute('data-stop'), 'load-balancer-1');
  await becomes(() => page.locator('[data-stop=lists-1]').count(), 1);

  const text = '점심에 본 무지개 사진 올려요';
  await phone(page).getByLabel('무슨 일이 있었나요?').fill(text);
  await phone(page).getByRole('button', { name: '올리기' }).click();
  await said(page, '저장됐어요');
  // At once it is still on its way.
  await phone(page).getByRole('button', { name: '새로 고침' }).click();
  await said(page, '아직 배달 안 됐어요');
  await phone(page).getByText(/^아직 배달 안 됨 \d+개$/).waitFor();
  assert.equal(await phone(page).locator('.phone-post.mine').count(), 0);
  for (let second = 0; second < 8; second += 1) {
    await strip(page).getByRole('button', { name: '한 칸 앞으로' }).click();
  }
  await page.waitForTimeout(500);
  // This time by pulling.
  const box = await phone(page).locator('.phone-scroll').boundingBox();
  await phone(page).locator('.phone-scroll').evaluate((list) => list.scrollTo(0, 0));
  await page.mouse.move(box.x + 60, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 130, { steps: 8 });
  await page.mouse.up();
  await phone(page).locator('.phone-post.mine').filter({ hasText: text }).waitFor(RUN);

  // The next page begins where this one ended.
  const before = await phone(page).locator('.phone-post').count();
  await phone(page).getByRole('button', { name: '다음 페이지' }).click();
  await said(page, /다음 포스트 \d+개/);
  assert.ok((await phone(page).locator('.phone-post').count()) > before);

  await phone(page).getByRole('tab', { name: '요청과 응답' }).click();
  const request = await phone(page).locator('[data-call=request]').innerText();
  assert.match(request, /^GET \/v1\/me\/feed\?cursor=\d+&n=10/);
  const response = JSON.parse(await phone(page).locator('[data-call=response]').innerText());
  assert.ok(response.posts.length > 0);
  await phone(page).getByRole('tab', { name: '지나온 길' }).click();
  assert.ok((await phone(page).locator('.phone-way li').count()) > 2);

  await strip(page).getByRole('button', { name: '멈추기' }).click();
  await phone(page).getByText('실행이 끝나서').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

/** The fixture's scenario with faults in it. */
const broken = async (faults) => JSON.stringify({ ...JSON.parse(await fixture('scenario')), faults });

test('a run that stands still says so, and the phone says what fails', async () => {
  const { context, page, problems } = await small();
  await drop(page, [['broken.json', await broken([{ at: '20:00:05', action: 'kill', target: { kind: 'cache' } },
    { at: '20:00:05', action: 'kill', target: { kind: 'database' } }])]]);
  await told(page, '(2)');
  await strip(page).getByRole('button', { name: '손에 든 피드 열기' }).click();
  await phone(page).getByRole('button', { name: '멈춘 채로 시작' }).click();
  await phone(page).getByText('시간이 멈춰 있어요').waitFor(RUN);
  await strip(page).getByText('멈춰 있어요. ‘계속’이나').waitFor();
  for (let second = 0; second < 7; second += 1) {
    await strip(page).getByRole('button', { name: '한 칸 앞으로' }).click();
  }
  await page.waitForFunction(() => document.querySelector('.phone-clock')?.textContent >= '20:00:07', null, RUN);
  await phone(page).getByRole('button', { name: '새로 고침' }).click();
  await said(page, /뒤에 실패했어요: 502/);
  await becomes(() => phone(page).locator('.phone-said.bad svg').count(), 1);
  assert.ok((await page.locator('.feed-path-card.failed').count()) > 0);
  await phone(page).getByRole('tab', { name: '요청과 응답' }).click();
  await phone(page).getByText('502', { exact: true }).waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('on a phone the phone has its own buttons for time', async () => {
  const { context, page, problems } = await openPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.goto(`${site}#/free`);
  await ready(page);
  await page.locator('.run-play').first().waitFor({ state: 'attached' });
  await drop(page, [['design.json', await fixture('design')]]);
  await called(page, '작은 피드');
  await drop(page, [['scenario.json', await fixture('scenario')]]);
  await strip(page).getByRole('button', { name: '손에 든 피드 열기' }).click();
  await phone(page).getByRole('button', { name: '멈춘 채로 시작' }).click();
  const clock = () => phone(page).locator('.phone-clock').innerText();
  await phone(page).getByRole('button', { name: '한 칸 앞으로' }).click({ timeout: 180_000 });
  await page.waitForFunction(() => document.querySelector('.phone-clock')?.textContent >= '20:00:01', null, RUN);
  await phone(page).getByRole('button', { name: '계속' }).click();
  await phone(page).getByRole('button', { name: '일시정지' }).click();
  assert.ok((await clock()) >= '20:00:01');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} px wide`);
  assert.deepEqual(problems, []);
  await context.close();
});

test('what was asked by hand stands among the events, and what was written comes again with the run’s file', async () => {
  const { context, page, problems } = await small();
  await strip(page).getByRole('button', { name: '손에 든 피드 열기' }).click();
  await phone(page).getByRole('button', { name: '멈춘 채로 시작' }).click();
  await phone(page).getByText('시간이 멈춰 있어요').waitFor(RUN);
  const text = '<b>굵은</b> 글은 글자일 뿐이에요';
  await phone(page).getByLabel('무슨 일이 있었나요?').fill(text);
  await phone(page).getByRole('button', { name: '올리기' }).click();
  await said(page, '저장됐어요');
  for (let second = 0; second < 8; second += 1) {
    await strip(page).getByRole('button', { name: '한 칸 앞으로' }).click();
  }
  await page.waitForFunction(() => document.querySelector('.phone-clock')?.textContent >= '20:00:08', null, RUN);
  await phone(page).getByRole('button', { name: '새로 고침' }).click();
  await phone(page).locator('.phone-post.mine').filter({ hasText: text }).waitFor(RUN);
  await phone(page).getByRole('button', { name: '손에 든 피드 닫기' }).click();
  await strip(page).getByLabel('속도').selectOption({ label: '최대' });
  await strip(page).getByRole('button', { name: '계속' }).click();
  await page.locator('.strip[data-status=finished]').waitFor(RUN);

  await page.locator('.charts').getByRole('tab', { name: '사건' }).click();
  const entry = page.locator('.log-entry').filter({ hasText: text });
  assert.match(await entry.innerText(), /손으로[^]*포스트 올리기 ‘<b>굵은<\/b>[^]*저장됐어요/);
  await page.locator('.log-entry').filter({ hasText: '피드 읽기' }).first().waitFor();

  const download = page.waitForEvent('download');
  await file(page, '실행 파일 내보내기');
  const saved = await readFile(await (await download).path(), 'utf8');
  assert.deepEqual(JSON.parse(saved).texts, { 0: text });
  await drop(page, [['run.json', saved]]);
  await told(page, '바이트까지 같아요');
  await page.locator('.log-entry').filter({ hasText: text }).waitFor();
  await strip(page).getByRole('button', { name: '손에 든 피드 열기' }).click();
  await phone(page).locator('.phone-post.mine').filter({ hasText: text }).waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('session 7 runs the lecture’s whole day with one click', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(`${site}#/s7`);
  await ready(page);
  await page.getByRole('tab', { name: '과제' }).click();
  const day = page.locator('[data-extra=day]');
  const run = day.getByRole('button', { name: '강의의 하루 전체 실행' });
  await day.getByText('그림이 아직 비어 있어요').waitFor();
  assert.ok(await run.isDisabled());
  await day.getByText('무엇을 실행하나요?').click();
  await day.getByText(/한 명이 실제 사용자 1,000명을 대신하고/).waitFor();
  await day.getByText('집계 모드').waitFor();
  await day.getByRole('button', { name: '모범 답안의 그림으로 실행' }).click();
  // Whoever has not passed yet is asked first.
  await day.getByText('먼저 스스로 풀어 보세요').waitFor();
  assert.equal(await page.locator('.strip[data-status=running]').count(), 0);
  await day.getByRole('button', { name: '포기하고 모범 답안으로 실행' }).click();
  await told(page, '모범 답안의 그림을 열고 실행했어요');
  await page.locator('.strip[data-status=running]').waitFor(RUN);
  await becomes(() => strip(page).getByLabel('속도').locator(':checked').innerText(), '최대');
  await page.locator('.strip[data-status=finished]').waitFor(RUN);
  // Midnight again.
  assert.match(await strip(page).locator('.run-clock').innerText(), /00:00:00/);
  await page.locator('.charts .feed-scale').waitFor();
  await page.locator('.charts').getByText(/집계 모드/).first().waitFor();
  await page.locator('.run-scenario > button').click();
  await page.locator('.run-scenario').getByRole('radio', { name: /강의의 하루 전체/, checked: true }).waitFor();
  await page.keyboard.press('Escape');

  // With a drawing of one's own.
  await run.click();
  await page.locator('.strip[data-status=running]').waitFor(RUN);
  await strip(page).getByRole('button', { name: '멈추기' }).click();
  await page.locator('.strip[data-status=stopped]').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});
