// A class is led with the page: the teams' table, the timer, the timetable, the projector, the lock, the record, the text alone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { becomes, launch, openPage, ready, site } from './support/browser.mjs';
import { called, drop, nameField, opened, rename, told } from './support/desk.mjs';

const axe = await readFile(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Serious and critical findings of axe, a line each; `rules` are looked at besides. */
async function findings(page, rules = []) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (rules) =>
      window.axe.run({
        resultTypes: ['violations'],
        rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: true }])),
      }),
    rules,
  );
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}

const tab = (page, name) => page.getByRole('tab', { name, exact: true }).click();

/** The files of a task as teams would hand them in, in a folder of their own. */
async function handedIn() {
  const folder = await mkdtemp(join(tmpdir(), 'archplay-class-'));
  const task = new URL('../../lessons/03-compute/tasks/flash-sale/', import.meta.url);
  const text = async (name) => readFile(new URL(name, task), 'utf8');
  const files = {
    '1팀.archplay.json': await text('start.json'),
    '2팀.archplay.json': await text('reference-scheduled-cdn.json'),
    '3팀.archplay.json': await text('wrong-bigger-server.json'),
    'broken.json': '{"schema": "archplay/design/1", "components": [',
    'empty.archplay.json': '{"schema":"archplay/design/1","name":"빈 그림","components":[],"links":[]}',
  };
  const paths = [];
  for (const [name, content] of Object.entries(files)) {
    paths.push(join(folder, name));
    await writeFile(paths.at(-1), content);
  }
  return { folder, paths };
}

test('teams hand in files: graded on the same seed as by the command line, compared, opened', { timeout: 600_000 }, async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await rename(page, '강사의 그림');
  await page.getByRole('button', { name: '도움말' }).click();
  await page.getByRole('menuitem', { name: '수업 도구…' }).click();
  await page.getByRole('link', { name: '팀 채점표' }).click();
  await page.getByRole('heading', { level: 2, name: '팀 채점표' }).waitFor();
  // The session that is open stands there with its task.
  await page.getByLabel('과제', { exact: true }).locator('option', { hasText: '특가 판매' }).waitFor({ state: 'attached' });
  const { paths } = await handedIn();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: '파일 여러 개 열기…' }).click();
  await (await chooser).setFiles(paths);
  await page.locator('tbody tr').nth(3).waitFor();
  await page.getByText('파일 1개는 열지 못했어요.').waitFor();
  await page.locator('.class-bad li', { hasText: 'broken.json' }).waitFor();
  await page.getByRole('button', { name: '4개 채점하기' }).click();
  await page.getByText('4개 중 4개를 채점했어요.').waitFor({ timeout: 540_000 });

  const row = (file) => page.locator(`tr[data-team="${file}"]`);
  await row('empty.archplay.json').getByText('고칠 곳이 있어서').waitFor();
  const score = async (file) => (await row(file).locator('.result').first().textContent()).match(/\d+/)[0];
  assert.equal(await score('2팀.archplay.json'), '100');
  // Sorted by score, the best first; what could not be graded stays last.
  await page.getByRole('button', { name: '점수' }).click();
  const order = () => page.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.team.slice(0, 2)));
  assert.deepEqual((await order()).slice(0, 2), ['2팀', '3팀']);
  assert.equal((await order()).at(-1), 'em');

  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: '표를 CSV로 저장' }).click();
  const csv = await readFile(await (await saving).path(), 'utf8');
  assert.ok(csv.startsWith('\ufeff팀,'), csv.slice(0, 40));
  assert.match(csv, /\r\n2팀,2팀\.archplay\.json,[^\r]*통과,100,/);
  assert.match(csv, /\r\nbroken,broken\.json,/);

  if (process.env.ARCHPLAY_CLI) {
    const run = promisify(execFile);
    const args = ['grade', '03-compute/tasks/flash-sale', paths[0], '--seed', '1', '--json'];
    const root = new URL('../..', import.meta.url);
    // It ends with 1 because the drawing does not pass.
    const { stdout } = await run(process.env.ARCHPLAY_CLI, args, { cwd: root }).catch((error) => error);
    const [{ verdict }] = JSON.parse(stdout);
    assert.equal(await score('1팀.archplay.json'), String(Math.round(verdict.score * 100)));
  }

  await row('3팀.archplay.json').getByRole('button', { name: '3팀의 그림 열기' }).click();
  await told(page, '새 그림으로 열었어요');
  await page.waitForURL(/#\/s3$/);
  await page.waitForFunction(() => document.querySelector('.drawing-title input')?.value !== '강사의 그림');
  assert.notEqual(await nameField(page).inputValue(), '강사의 그림');
  await page.goto(`${site}#/drawings`);
  await page.getByRole('dialog').getByText('강사의 그림').first().waitFor();
  // The table is still there.
  await page.goto(`${site}#/class/teams`);
  assert.equal(await score('2팀.archplay.json'), '100');
  assert.deepEqual(await findings(page), []);
  assert.deepEqual(problems, []);
  await context.close();
});

test('files that are dropped on the table go into it and not into the drawing; a grading can be stopped', { timeout: 300_000 }, async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(`${site}#/class/teams`);
  await ready(page);
  await page.getByRole('button', { name: '파일 여러 개 열기…' }).waitFor();
  const { paths } = await handedIn();
  const texts = await Promise.all(paths.slice(0, 2).map((path) => readFile(path, 'utf8')));
  await page.getByLabel('과제', { exact: true }).locator('option').first().waitFor({ state: 'attached' });
  await drop(page, [['가.json', texts[0]], ['나.json', texts[1]]]);
  await page.locator('tbody tr').nth(1).waitFor();
  await page.getByRole('button', { name: '2개 채점하기' }).click();
  await page.getByRole('button', { name: '그만두기' }).click();
  await page.getByRole('button', { name: /^[12]개 채점하기/ }).waitFor();
  await page.getByRole('button', { name: '모두 비우기' }).click();
  await page.locator('tbody tr').first().waitFor({ state: 'detached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('the discussion timer: beside the task and in the bar, through a reload, to its end', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.clock.install();
  await page.goto(site);
  await opened(page);
  await tab(page, '과제');
  const timer = page.getByRole('region', { name: '토론 타이머' });
  await timer.getByText('토론 5분').waitFor();
  await timer.getByRole('button', { name: '타이머 시작' }).click();
  const chip = page.locator('.timer-chip');
  await chip.getByText(/토론 (5:00|4:5\d)/).waitFor();
  await page.clock.runFor(60_000);
  await timer.getByText(/^(4:00|3:5\d)$/).waitFor();
  await timer.getByRole('button', { name: '+5분' }).click();
  await timer.getByText(/^(9:00|8:5\d)$/).waitFor();
  await timer.getByRole('button', { name: '멈춤' }).click();
  const left = await timer.getByRole('timer').textContent();
  await page.reload();
  await opened(page);
  await chip.getByText(`토론 ${left}`).waitFor();
  await chip.getByRole('button').click();
  await page.getByRole('menuitem', { name: '계속' }).click();
  await page.clock.runFor(8 * 60_000 + 5_000);
  await page.locator('.timer-chip[data-stage=last_minute]').waitFor();
  await page.getByText('토론 시간이 1분 남았어요.').waitFor({ state: 'attached' });
  // Just past the end: the message goes after some seconds.
  await page.clock.runFor(56_500);
  await page.locator('.timer-chip[data-stage=over]').waitFor();
  await told(page, '토론 시간이 다 됐어요.');
  await chip.getByRole('button').click();
  await page.getByRole('menuitem', { name: '끝내기' }).click();
  await chip.waitFor({ state: 'detached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('the end of a discussion is heard, unless the sound is off; the project has fifty minutes', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.addInitScript(() => {
    window.notes = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) {
      window.notes.push(this.frequency.value);
      return start.call(this, when);
    };
  });
  await page.clock.install();
  await page.goto(`${site}#/s7`);
  await opened(page);
  await tab(page, '과제');
  const timer = page.getByRole('region', { name: '토론 타이머' });
  await timer.getByText('토론 50분').waitFor();
  await timer.getByRole('button', { name: '타이머 시작' }).click();
  const chip = page.locator('.timer-chip');
  await chip.getByText(/토론 (50:00|49:5\d)/).waitFor();
  await timer.getByRole('button', { name: '+5분' }).click();
  await chip.getByText(/토론 (55:00|54:5\d)/).waitFor();
  await page.clock.runFor(55 * 60_000);
  await page.locator('.timer-chip[data-stage=over]').waitFor();
  await told(page, '토론 시간이 다 됐어요.');
  assert.deepEqual(await page.evaluate(() => window.notes), [660, 660, 880]);
  // One minute more, in silence.
  await timer.getByRole('button', { name: '끝나면 소리로 알리기', pressed: true }).click();
  await timer.getByRole('button', { name: '끝나면 소리로 알리기', pressed: false }).waitFor();
  await timer.getByRole('button', { name: '+1분' }).click();
  await page.locator('.timer-chip[data-stage=over]').waitFor({ state: 'detached' });
  await page.clock.runFor(61_000);
  await page.locator('.timer-chip[data-stage=over]').waitFor();
  assert.equal(await page.evaluate(() => window.notes.length), 3);
  assert.deepEqual(problems, []);
  await context.close();
});

test('the timetable knows where the day is and moves with its beginning', async () => {
  const { context, page, problems } = await openPage(browser, { timezoneId: 'Asia/Seoul' });
  await page.clock.setFixedTime('2026-11-25T11:27:00+09:00');
  await page.goto(`${site}#/class`);
  await ready(page);
  await page.getByText('지금은 3교시예요. 11:50까지 23분 남았어요.').waitFor();
  const now = page.locator('tr[aria-current=time]');
  assert.match(await now.textContent(), /11:00–11:50.*컴퓨팅 계층의 아키텍처링.*지금/);
  await page.getByLabel('1교시 시작').fill('10:00');
  await page.getByLabel('1교시 시작').press('Tab');
  await page.getByText('지금은 2교시예요.').waitFor();
  await page.reload();
  await page.getByText('지금은 2교시예요.').waitFor();
  await page.getByRole('button', { name: '09:00으로 되돌리기' }).click();
  await page.getByRole('link', { name: '컴퓨팅 계층의 아키텍처링' }).click();
  await page.waitForURL(/#\/s3$/);
  assert.deepEqual(problems, []);
  await context.close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`the projector shows one zone at a time, by keys and clicker (${colorScheme})`, { timeout: 300_000 }, async () => {
    const { context, page, problems } = await openPage(browser, { colorScheme });
    await page.goto(site);
    await opened(page);
    await page.locator('.run-play').click();
    await page.locator('#canvas').focus();
    await page.keyboard.press('p');
    const app = page.locator('.app');
    const stage = (name) => page.locator(`.app[data-stage=${name}]`).waitFor();
    await stage('read');
    await page.locator('.present-bar').getByRole('button', { name: '문제', exact: true }).waitFor();
    await becomes(() => page.locator('#canvas').isVisible(), false);
    assert.deepEqual(await findings(page, ['color-contrast-enhanced']), []);
    // The clicker turns pages before it turns zones.
    const body = page.locator('.lesson-body');
    await page.keyboard.press('PageDown');
    assert.ok((await body.evaluate((element) => element.scrollTop)) > 100);
    await page.keyboard.press('ArrowRight');
    await stage('run');
    await becomes(() => page.locator('#canvas').isVisible(), true);
    await becomes(() => page.locator('.zone-lesson').isVisible(), false);
    await page.keyboard.press('PageDown');
    await stage('watch');
    await page.locator('.charts-grid canvas').first().waitFor();
    await page.keyboard.press('ArrowLeft');
    await stage('run');
    await page.getByRole('button', { name: '문제', exact: true }).click();
    await stage('read');
    // The run has gone on.
    await page.locator('.strip:is([data-status=running], [data-status=finished])').waitFor({ state: 'attached' });
    const full = (on) => page.waitForFunction((on) => Boolean(document.fullscreenElement) === on, on);
    await page.keyboard.press('f');
    await full(true);
    await page.getByRole('button', { name: '전체 화면', exact: true }).click();
    await full(false);
    await page.keyboard.press('Escape');
    await page.locator('.app:not([data-stage])').waitFor();
    await becomes(() => app.getAttribute('data-stage'), null);
    assert.deepEqual(problems, []);
    await context.close();
  });
}

test('hints and model answers ask for the code that a link brings, until its time', { timeout: 300_000 }, async () => {
  const { context, page, problems } = await openPage(browser, { timezoneId: 'Asia/Seoul' });
  await page.clock.install({ time: '2026-11-25T10:00:00+09:00' });
  await page.goto(`${site}#/class/lock`);
  await ready(page);
  await page.getByText('막지는 못해요').first().waitFor();
  await page.getByLabel('코드', { exact: true }).fill('abc');
  await page.getByRole('button', { name: '링크 만들기' }).click();
  await page.getByText('코드는 4글자 이상').waitFor();
  await page.getByLabel('코드', { exact: true }).fill('특강 26');
  await page.getByLabel('이 시각부터는 코드 없이').fill('11:20');
  await page.getByRole('button', { name: '링크 만들기' }).click();
  const link = await page.getByLabel('나눠 줄 링크').inputValue();
  assert.match(link, /#\/join\/1\.[0-9a-f]{16}\.[0-9a-f]{32}\.\d+$/);
  assert.ok(!decodeURI(link).includes('특강'));

  const student = await openPage(browser, { timezoneId: 'Asia/Seoul' });
  await student.page.clock.install({ time: '2026-11-25T10:05:00+09:00' });
  await student.page.goto(link);
  await opened(student.page);
  await told(student.page, '수업 모드로 열었어요');
  await student.page.waitForURL(/#\/s3$/);
  await tab(student.page, '힌트');
  const locked = student.page.locator('form.locked');
  await locked.getByText('11:20부터는 코드 없이').waitFor();
  assert.equal(await student.page.getByRole('button', { name: '첫 힌트 보기' }).count(), 0);
  await locked.getByLabel('코드').fill('틀린 코드');
  await locked.getByRole('button', { name: '열기' }).click();
  await locked.getByText('코드가 맞지 않아요.').waitFor();
  assert.deepEqual(await findings(student.page), []);
  await locked.getByLabel('코드').fill('특강26');
  await locked.getByRole('button', { name: '열기' }).click();
  await student.page.getByRole('button', { name: '첫 힌트 보기' }).waitFor();
  // Another session asks again, for the answers too; at the time nobody is asked.
  await student.page.goto(`${site}#/s4`);
  await student.page.getByRole('heading', { level: 1, name: '저장소 계층' }).waitFor();
  await tab(student.page, '과제');
  await student.page.getByRole('button', { name: '모범 답안 보기' }).click();
  await locked.waitFor();
  assert.equal(await student.page.getByRole('button', { name: '열어 보기' }).count(), 0);
  await student.page.clock.runFor(76 * 60_000);
  await locked.waitFor({ state: 'detached' });
  assert.deepEqual(student.problems, []);
  await student.context.close();

  // A link that was cut off locks nothing.
  await page.goto(link.slice(0, -20));
  await told(page, '온전하지 않아서');
  assert.deepEqual(problems, []);
  await context.close();
});

test('progress goes out, comes back merged, and is cleared with a way back', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(`${site}#/class/record`);
  await ready(page);
  const file = (tasks) => JSON.stringify({ schema: 'archplay/progress/1', tasks });
  const take = async (text) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: '기록 가져오기…' }).click();
    await (await chooser).setFiles({ name: 'p.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  };
  await take(file({ '03-compute/flash-sale': { passed: false, best: 0.6, reached: ['cost'] } }));
  await told(page, '과제 1개의 기록을 합쳤어요');
  const row = page.locator('tr', { hasText: '세션 3' });
  await row.getByText('60점').waitFor();
  await take(file({ '03-compute/flash-sale': { passed: false, best: 0.4, reached: ['done'] } }));
  await row.getByText('60점').waitFor();
  await take('{"schema":"archplay/design/1"}');
  await told(page, '기록 파일이 아니에요');
  await page.locator('.toast-bad .icon-btn').click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: '기록 내려받기' }).click();
  const saved = JSON.parse(await readFile(await (await saving).path(), 'utf8'));
  assert.deepEqual(saved.tasks['03-compute/flash-sale'], { passed: false, best: 0.6, reached: ['cost', 'done'] });
  await page.getByRole('button', { name: '모두 지우고 처음부터' }).click();
  await page.getByRole('button', { name: '지우기', exact: true }).click();
  await row.getByText('아직').waitFor();
  await page.getByRole('button', { name: '되돌리기', exact: true }).last().click();
  await row.getByText('60점').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('a session is read as text alone, and prints without the page around it', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(`${site}#/s5/read`);
  await ready(page);
  const read = page.locator('main.read');
  await read.getByRole('heading', { level: 1, name: '네트워크 계층의 아키텍처링' }).waitFor();
  await read.getByRole('heading', { level: 2, name: /^과제 1:/ }).waitFor();
  await read.getByRole('heading', { name: '출처' }).waitFor();
  assert.deepEqual(await findings(page), []);
  await page.emulateMedia({ media: 'print' });
  await becomes(() => page.locator('.zone-bar').isVisible(), false);
  // All of it is on the paper, not what fits the screen.
  const height = await read.evaluate((element) => element.getBoundingClientRect().height);
  assert.ok(height > 1500, `${height}`);
  await page.emulateMedia({ media: 'screen' });
  await read.getByRole('link', { name: '그림으로 돌아가기' }).click();
  await read.waitFor({ state: 'detached' });
  await called(page, await nameField(page).inputValue());
  assert.deepEqual(problems, []);
  await context.close();
});
