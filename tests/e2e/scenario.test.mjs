// Scenarios of one's own: made from a preset, drawn, broken, run, kept, sent out and brought in.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { becomes, launch, openPage, ready, site } from './support/browser.mjs';
import { drop, opened, told } from './support/desk.mjs';
import { focus, focused, walk } from './support/keys.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** The free playground with the drawing of session 3's task, which can be run. */
async function free(options = {}) {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${site}#/free`);
  await ready(opened.page);
  await opened.page.locator('.run-play:enabled').waitFor({ state: 'attached' });
  return opened;
}

const editor = (page) => page.getByRole('dialog', { name: '시나리오 편집' });
const point = (page, index) => page.locator(`#curve-point-${index}`);
/** The rate of a point as the table has it. */
const rate = (page, index) => page.locator(`#sced-point-audiences-0--rate-${index}--per-sec-per-sec`);
const kept = (page) => editor(page).locator('.sced-kept').getByText('저장됨').waitFor();
const tab = (page, name) => editor(page).getByRole('tab', { name }).click();

/** Chooses a preset in the strip and opens the editor. */
async function edit(page, preset) {
  await page.locator('.run-scenario > button[aria-expanded=false]').click();
  await page.locator('.run-scenario').getByRole('radio', { name: preset }).check();
  await page.locator('.run-scenario').getByRole('button', { name: '시나리오 편집…' }).click();
  await editor(page).getByRole('tab', { name: '방문자', selected: true }).waitFor();
}

async function close(page) {
  await editor(page).getByRole('button', { name: '닫기' }).click();
  await editor(page).waitFor({ state: 'detached' });
}

/** Drags from one place of the curve's picture to others, each from 0 to 1 of its size. */
async function drag(page, [from, ...to]) {
  const box = await editor(page).locator('.sced-curve svg').boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  for (const place of to) await page.mouse.move(...at(place), { steps: 8 });
  await page.mouse.up();
}

async function download(page) {
  const saved = page.waitForEvent('download');
  await editor(page).getByRole('button', { name: '내보내기' }).click();
  const file = await saved;
  return [file.suggestedFilename(), await readFile(await file.path(), 'utf8')];
}

async function bring(page, name, text) {
  const chooser = page.waitForEvent('filechooser');
  await editor(page).getByRole('button', { name: '가져오기…' }).click();
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

test('a preset becomes a scenario of one’s own with the first change, and is kept', async () => {
  const { context, page, problems } = await free();
  await edit(page, /갑자기 몰리는 방문/);
  await editor(page).getByText('복사본', { exact: true }).waitFor();
  await rate(page, 2).fill('90');
  await rate(page, 2).press('Enter');
  await kept(page);
  await tab(page, '기본');
  await editor(page).getByLabel('이름(한국어)').fill('나의 특가');
  await editor(page).getByLabel('이름(한국어)').press('Enter');
  await kept(page);
  await close(page);
  await page.reload();
  await ready(page);
  await page.locator('.run-scenario > button').click();
  const own = page.locator('.run-scenario').getByRole('radio', { name: /나의 특가/ });
  await own.and(page.locator(':checked')).waitFor();
  await page.keyboard.press('Escape');
  // The preset is what it was.
  await edit(page, /갑자기 몰리는 방문/);
  await becomes(() => rate(page, 2).inputValue(), '120');
  assert.deepEqual(problems, []);
  await context.close();
});

test('the curve is drawn: a point moved, one added, a stroke by hand, a shape, and all of it undone', async () => {
  const { context, page, problems } = await free();
  await edit(page, /갑자기 몰리는 방문/);
  const count = () => editor(page).locator('.sced-points tbody tr').count();
  const first = await count();
  const dot = await point(page, 4).locator('.sced-dot').boundingBox();
  await page.mouse.move(dot.x + dot.width / 2, dot.y + dot.height / 2);
  await page.mouse.down();
  await page.mouse.move(dot.x + dot.width / 2, dot.y - 40, { steps: 6 });
  await page.mouse.up();
  await becomes(async () => Number((await rate(page, 4).inputValue()).replace(',', '')) > 45, true, 'moved up');
  await drag(page, [[0.7, 0.3], [0.7, 0.4]]);
  await becomes(count, first + 1);
  await editor(page).getByText('손으로 그리기').click();
  await drag(page, [[0.2, 0.8], [0.4, 0.2], [0.6, 0.7], [0.9, 0.3]]);
  const drawn = await count();
  assert.ok(drawn >= 4 && drawn < 60, `${drawn} points`);
  await editor(page).getByLabel('곡선 모양').selectOption({ label: '일정하게' });
  await editor(page).getByLabel(/^바쁠 때/).fill('25');
  await editor(page).getByRole('button', { name: '이 모양으로 바꾸기' }).click();
  await editor(page).getByText(/가장 바쁠 때 초당 25명/).waitFor();
  await becomes(count, 1);
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('Control+z');
  await becomes(count, first);
  await becomes(() => rate(page, 4).inputValue(), '45');
  await page.keyboard.press('Control+Shift+z');
  await becomes(async () => (await rate(page, 4).inputValue()) !== '45', true, 'moved again');
  assert.deepEqual(problems, []);
  await context.close();
});

test('what cannot be is said beside the field, and nothing is changed', async () => {
  const { context, page } = await free();
  await edit(page, /꾸준한 방문/);
  await rate(page, 0).fill('-3');
  await rate(page, 0).press('Enter');
  await editor(page).getByText('0 이상 1,000,000 이하로 적어 주세요.').waitFor();
  await rate(page, 0).press('Escape');
  await editor(page).getByText('0 이상 1,000,000 이하로 적어 주세요.').waitFor({ state: 'detached' });
  // Data that an operation reads goes: the checker says so where it is read.
  await tab(page, '데이터');
  await editor(page).getByRole('button', { name: '지우기: product' }).click();
  await tab(page, /작업/);
  await editor(page).getByRole('treeitem', { name: /읽기 product/ }).click();
  await editor(page).getByText('정의되지 않은 데이터예요(‘product’)').first().waitFor();
  await page.keyboard.press('Control+z');
  await editor(page).getByText('정의되지 않은 데이터예요').waitFor({ state: 'detached' });
  await context.close();
});

test('demands are wrapped and moved; a renamed dataset is renamed everywhere', async () => {
  const { context, page, problems } = await free();
  await edit(page, /꾸준한 방문/);
  await tab(page, '작업');
  const row = (name) => editor(page).getByRole('treeitem', { name });
  await row(/^읽기 product/).click();
  await editor(page).getByLabel('감싸기…').selectOption({ label: '없어도 됨' });
  await row('없어도 됨').waitFor();
  await becomes(() => row(/^읽기 product/).getAttribute('aria-level'), '3');
  await editor(page).getByLabel('추가…').selectOption({ label: '신원 확인' });
  await row('신원 확인').waitFor();
  await tab(page, '데이터');
  await editor(page).getByLabel('식별자', { exact: true }).fill('goods');
  await editor(page).getByLabel('식별자', { exact: true }).press('Enter');
  await tab(page, '작업');
  await row(/^읽기 goods/).waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('a fault is moved and changed, and the run meets it', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await page.locator('.run-play:enabled').waitFor();
  await edit(page, /리전 장애/);
  await tab(page, '장애');
  await editor(page).locator('.sced-item').first().click();
  await editor(page).getByLabel('시각', { exact: true }).fill('10:05');
  await editor(page).getByLabel('시각', { exact: true }).press('Enter');
  await editor(page).getByLabel('일어나는 일').selectOption({ label: '느려짐' });
  await editor(page).getByLabel('몇 배 느려지는지').fill('20');
  await editor(page).getByLabel('몇 배 느려지는지').press('Enter');
  await editor(page).locator('.sced-item[aria-current=true]', { hasText: '서울: 느려짐' }).waitFor();
  await kept(page);
  await close(page);
  // In a session the choice holds for the task that is open.
  await page.locator('.run-sentence', { hasText: '리전 장애 (2)' }).waitFor();
  await page.locator('.run-speed').selectOption({ label: '최대' });
  await page.locator('.run-play').click();
  await page.locator('.strip[data-status=finished]').waitFor({ timeout: 180_000 });
  await page.locator('.run-scenario > button').click();
  await page.locator('.run-scenario').getByRole('radio', { name: /이 과제의 시나리오/ }).check();
  await page.locator('.run-sentence', { hasText: '리전 장애' }).waitFor({ state: 'detached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('out as a file and in again; a broken file is refused with its place', async () => {
  const { context, page, problems } = await free();
  await edit(page, /갑자기 몰리는 방문/);
  await rate(page, 2).fill('77');
  await rate(page, 2).press('Enter');
  await kept(page);
  const [name, text] = await download(page);
  assert.equal(name, '갑자기 몰리는 방문 (2).scenario.json');
  const scenario = JSON.parse(text);
  assert.equal(scenario.audiences[0].rate[2].per_sec, 77);
  scenario.name.ko = '가져온 것';
  scenario.audiences[0].rate[2].per_sec = 55;
  const broken = text.replace('"operation": "main_page"', '"operation": 7');
  await bring(page, 'broken.json', broken);
  await editor(page).getByText(/broken\.json.*\d+번째 줄 \d+번째 글자, journeys\[0\]\.steps\[0\]/).waitFor();
  await bring(page, 'design.json', '{"schema":"archplay/design/1"}');
  await editor(page).getByText(/‘design\.json’ 파일을 가져올 수 없어요/).waitFor();
  await becomes(() => rate(page, 2).inputValue(), '77');
  await bring(page, 'mine.json', JSON.stringify(scenario));
  await editor(page).getByText('가져온 것', { exact: true }).waitFor();
  await becomes(() => rate(page, 2).inputValue(), '55');
  await close(page);
  // A drop on the page does the same, anywhere.
  await drop(page, [['again.json', JSON.stringify(scenario)]]);
  await told(page, '시나리오를 골랐어요');
  await page.locator('.run-scenario > button').click();
  await page.locator('.run-scenario').getByRole('radio', { name: /가져온 것 \(2\)/ }).and(page.locator(':checked')).waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('a copy, and a deletion that can be taken back', async () => {
  const { context, page } = await free();
  await edit(page, /하루의 흐름/);
  await editor(page).getByLabel('응답을 기다리는 시간').fill('7');
  await editor(page).getByLabel('응답을 기다리는 시간').press('Enter');
  await kept(page);
  await editor(page).getByRole('button', { name: '복제', exact: true }).click();
  await editor(page).getByText('하루 곡선 (3)', { exact: true }).waitFor();
  await kept(page);
  await editor(page).getByRole('button', { name: '지우기', exact: true }).click();
  await editor(page).waitFor({ state: 'detached' });
  await told(page, '하루 곡선 (3)');
  await page.locator('.toast-action', { hasText: '되돌리기' }).click();
  await page.locator('.run-scenario > button').click();
  const choices = page.locator('.run-scenario');
  await choices.getByRole('radio', { name: /하루 곡선 \(3\)/ }).and(page.locator(':checked')).waitFor();
  await choices.getByRole('radio', { name: /하루 곡선 \(2\)/ }).waitFor();
  await context.close();
});

test('a browser that keeps nothing says so; the scenario still runs', async () => {
  const { context, page } = await openPage(browser);
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('no', 'SecurityError');
    };
    Storage.prototype.setItem = () => {
      throw new DOMException('no', 'QuotaExceededError');
    };
  });
  await page.goto(`${site}#/free`);
  await ready(page);
  await edit(page, /꾸준한 방문/);
  await rate(page, 0).fill('3');
  await rate(page, 0).press('Enter');
  await editor(page).getByText(/시나리오를 저장하지 못하게 되어 있어요/).waitFor();
  await close(page);
  await page.locator('.run-sentence', { hasText: '꾸준한 방문 (2)' }).waitFor();
  await context.close();
});

test('with the keyboard alone: choose, open, draw, break, close', async () => {
  const { context, page, problems } = await free();
  const press = (key) => page.keyboard.press(key);
  await walk(page, '속도');
  await walk(page, '시나리오');
  await press('Enter');
  await page.locator('.run-scenario .scenario-chooser').waitFor();
  await press('Tab');
  // Radio buttons: arrows choose. Steady, then daily, then the crowd.
  await press('ArrowDown');
  await press('ArrowDown');
  await page.locator('.run-scenario input[value=flash_crowd]:checked').waitFor();
  await walk(page, '시나리오 편집…');
  await press('Enter');
  await editor(page).getByRole('tab', { name: '방문자', selected: true }).waitFor();
  await walk(page, '점 1');
  await press('PageDown');
  await press('PageDown');
  await focused(page, '#curve-point-2');
  await press('Shift+ArrowDown');
  const lower = Number(await rate(page, 2).inputValue());
  assert.ok(lower < 120, `${lower}`);
  await press('Enter');
  await focused(page, '#curve-point-3');
  await press('Delete');
  await press('Control+z');
  await press('Control+z');
  await press('Control+z');
  await becomes(() => rate(page, 2).inputValue(), '120');
  await walk(page, '방문자', { key: 'Shift+Tab' });
  if (!(await focus(page)).id.startsWith('sced-tab')) await walk(page, 'sced-tab-audiences', { key: 'Shift+Tab' });
  for (let step = 0; step < 5; step += 1) await press('ArrowRight');
  await focused(page, '#sced-tab-faults');
  await walk(page, '장애 추가');
  await press('Enter');
  await page.locator('.sced-item').waitFor();
  await walk(page, '일어나는 일');
  // Dies, comes back, becomes slow.
  await press('ArrowDown');
  await press('ArrowDown');
  await page.locator('#sced-fault-faults-0--action-action:has(option:checked:text-is("느려짐"))').waitFor();
  await kept(page);
  await press('Escape');
  await editor(page).waitFor({ state: 'detached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('in English, on a tablet, in the dark', async () => {
  const { context, page, problems } = await free({
    locale: 'en-US',
    viewport: { width: 834, height: 1112 },
    hasTouch: true,
    colorScheme: 'dark',
  });
  await page.goto(`${site}#/scenario`);
  const dialog = page.getByRole('dialog', { name: 'Edit scenario' });
  for (const name of ['General', 'Audiences', 'Journeys', 'Operations', 'Data', 'Faults', 'Prices']) {
    await dialog.getByRole('tab', { name }).click();
    const wide = await dialog.locator('.sced-panel').evaluate((panel) => panel.scrollWidth - panel.clientWidth);
    assert.ok(wide <= 1, `${name} is ${wide} px too wide`);
    // A key in place of a text would show its name.
    assert.doesNotMatch(await dialog.innerText(), /scenario\.[a-z]/);
  }
  assert.deepEqual(problems, []);
  await context.close();
});

test('the feed has a section: celebrities are added, set and taken away, and all of it undone', async () => {
  const { context, page, problems } = await free();
  await edit(page, /하루의 흐름/);
  await tab(page, '뉴스 피드');
  await editor(page).getByLabel('뉴스 피드 두기').check();
  await editor(page).getByLabel('하루 방문자').fill('10,000,000');
  await editor(page).getByLabel('하루 방문자').press('Enter');
  const peak = editor(page).getByLabel('최고 배수');
  await peak.fill('3');
  await peak.press('Enter');
  await editor(page).getByLabel('하루에 친구를 맺는 횟수').fill('0.1');
  await editor(page).getByLabel('하루에 친구를 맺는 횟수').press('Enter');
  await editor(page).getByRole('button', { name: '유명 계정 추가' }).click();
  await editor(page).getByLabel('팔로워').fill('0');
  await editor(page).getByLabel('팔로워').press('Enter');
  await editor(page).getByText('1 이상').waitFor();
  await editor(page).getByLabel('팔로워').fill('10,000,000');
  await editor(page).getByLabel('팔로워').press('Enter');
  await editor(page).getByText(/팔로워 10,000,000명/).waitFor();
  await editor(page).getByRole('button', { name: '올리는 시각 추가' }).click();
  await editor(page).getByLabel('시각', { exact: true }).fill('21:02');
  await editor(page).getByLabel('시각', { exact: true }).press('Enter');
  await kept(page);
  const [, text] = await download(page);
  const { feed } = JSON.parse(text);
  assert.deepEqual(feed.celebrities, [{ followers: 10000000, posts_per_day: 1, at: ['21:02'] }]);
  assert.equal(feed.befriends_per_day, 0.1);
  await editor(page).getByRole('button', { name: '지우기: 유명 계정 1' }).click();
  await editor(page).getByText('유명 계정이 없어요').waitFor();
  // The button that was pressed is off now, and hears no keys.
  await tab(page, '뉴스 피드');
  await page.keyboard.press('Control+z');
  await editor(page).getByText(/팔로워 10,000,000명/).waitFor();
  for (let step = 0; step < 12; step += 1) await page.keyboard.press('Control+z');
  assert.ok(!(await editor(page).getByLabel('뉴스 피드 두기').isChecked()));
  assert.deepEqual(problems, []);
  await context.close();
});
