// How fast the page is, in numbers: `cargo xtask bench`. It reports and judges nothing, because a
// number says as much about the machine as about the page. Tasks are those of the page's main thread.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch, openPage, site } from './support/browser.mjs';
import { called, file, opened } from './support/desk.mjs';

const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing'];
const TASKS = ['RunTask', 'ThreadControllerImpl::RunTask'];
const answer = new URL('../../lessons/03-compute/tasks/flash-sale/reference-two-zones.json', import.meta.url);

const browser = await launch();
const rows = [];
const row = (what, ...values) => rows.push([what, ...values]);
const number = (value, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits });
const ms = (value) => `${number(value, 1)} ms`;
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Opens session 3 at full speed, with the worker there and the long tasks being noted. */
async function open() {
  const { context, page } = await openPage(browser);
  const worker = page.waitForEvent('worker');
  await context.addInitScript(() => {
    window.long = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.long.push([startTime, duration]);
    }).observe({ type: 'longtask', buffered: true });
  });
  const begun = Date.now();
  await page.goto(site);
  await page.locator('.run-play:enabled').waitFor();
  const loaded = Date.now() - begun;
  await opened(page);
  await worker;
  await page.locator('.run-speed').selectOption({ label: '최대' });
  return { context, page, loaded };
}

async function bring(page, name, text) {
  const chooser = page.waitForEvent('filechooser');
  await file(page, '가져오기…');
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  await called(page, JSON.parse(text).name);
}

/** Milliseconds in the page from a press on a button of the strip to a status of the run. */
async function press(page, button, status) {
  const took = page.evaluate(
    (status) =>
      new Promise((resolve) => {
        let pressed;
        const strip = document.querySelector('.strip');
        window.addEventListener('click', () => (pressed ??= performance.now()), { capture: true, once: true });
        new MutationObserver(() => {
          if (pressed && strip.dataset.status === status) resolve(performance.now() - pressed);
        }).observe(strip, { attributeFilter: ['data-status'] });
      }),
    status,
  );
  await button.click();
  return took;
}

/** Traces what the page does meanwhile and tells of the tasks of its main thread. */
async function traced(page, work) {
  await browser.startTracing(page, { categories: CATEGORIES });
  const from = await page.evaluate(() => performance.mark('bench-from').startTime);
  const result = await work();
  const long = await page.evaluate((from) => {
    performance.mark('bench-to');
    return window.long.filter(([start]) => start >= from).map(([, duration]) => duration);
  }, from);
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  return { result, long, ...mainThread(traceEvents) };
}

function mainThread(events) {
  const mark = (name) => events.find((event) => event.name === name && event.cat.includes('user_timing'));
  const [from, to] = [mark('bench-from'), mark('bench-to')];
  // A mark is set on the main thread of the page, so it names the thread.
  const own = events.filter(
    ({ pid, tid, ph, ts, dur }) =>
      pid === from.pid && tid === from.tid && ph === 'X' && ts + dur > from.ts && ts < to.ts,
  );
  // Chromium versions differ in the name.
  const tasks = TASKS.map((name) => own.filter((event) => event.name === name)).find(({ length }) => length > 0) ?? [];
  const longest = tasks.reduce((most, task) => (task.dur > most.dur ? task : most), { ts: 0, dur: 0 });
  // On a machine that has other things to do a task waits; its time on the processor is the page's own.
  const count = (time, limit) => tasks.filter((task) => (task[time] ?? 0) > limit * 1000).length;
  const over = (limit) => `${count('dur', limit)}, by CPU time ${count('tdur', limit)}`;
  return { over16: over(16), over50: over(50), longest, inside: inside(own, longest) };
}

/** What the longest task was busy with: its longest parts, outermost first. */
function inside(events, task) {
  const parts = new Map();
  for (const { name, ts, dur, args } of events) {
    const within = ts >= task.ts && ts + dur <= task.ts + task.dur && !TASKS.includes(name);
    if (!within || name.startsWith('ThreadController') || name.startsWith('Scheduler')) continue;
    const { functionName, type, url } = args.data ?? {};
    const what = [name, functionName ?? type ?? url?.split('/').pop()].filter(Boolean).join(' ');
    parts.set(what, (parts.get(what) ?? 0) + dur / 1000);
  }
  const largest = [...parts].sort((a, b) => b[1] - a[1]).slice(0, 4);
  return largest.map(([what, took]) => `${what} ${ms(took)}`).join(', ');
}

function tasksOf(what, { over16, over50, longest, inside, long }) {
  row(`${what}: main-thread tasks over 16 ms`, over16);
  row(`${what}: main-thread tasks over 50 ms`, `${over50}, by PerformanceObserver ${long.length}`);
  row(`${what}: longest task`, `${ms(longest.dur / 1000)} (CPU ${ms((longest.tdur ?? 0) / 1000)}): ${inside}`);
}

/** One run at full speed from the press to its last row. */
async function run(what, page) {
  const play = page.locator('.run-play');
  const trace = await traced(page, () => press(page, play, 'finished'));
  const more = page.getByRole('button', { name: '시드와 보고서' });
  await more.click();
  const total = page.locator('.run-totals div', { hasText: '들어온 요청' }).locator('dd');
  const requests = Number((await total.innerText()).replaceAll(',', ''));
  await more.click();
  row(`${what}: wall time`, ms(trace.result));
  row(`${what}: requests`, `${number(requests)}, ${number((requests / trace.result) * 1000)} a second`);
  tasksOf(what, trace);
}

/** The sale with 2.6 times as many visitors, in the free playground: about a million requests in its hour. */
async function million(page) {
  const sale = JSON.parse(await readFile(new URL('scenario.json', answer), 'utf8'));
  sale.name = { ko: '백만 요청', en: 'A million requests' };
  for (const { rate } of sale.audiences) for (const point of rate) point.per_sec *= 2.6;
  const design = JSON.parse(await readFile(answer, 'utf8'));
  design.name = '백만 요청';
  await page.getByRole('link', { name: '자유' }).click();
  await page.getByRole('heading', { name: '자유 놀이터' }).waitFor();
  const chooser = page.waitForEvent('filechooser');
  await file(page, '가져오기…');
  const buffer = Buffer.from(JSON.stringify(sale));
  await (await chooser).setFiles({ name: 'sale.json', mimeType: 'application/json', buffer });
  await page.getByRole('radio', { name: /백만 요청/ }).and(page.locator(':checked')).waitFor();
  await bring(page, 'design.json', JSON.stringify(design));
  await run('a million', page);
}

/** A drawing of a hundred components: a balancer over 88 servers that share ten databases. */
function hundred() {
  const at = (index) => ({ x: (index % 10) * 200, y: Math.floor(index / 10) * 120 });
  const components = [{ id: 'client-1', kind: 'client' }, { id: 'lb-1', kind: 'load_balancer' }];
  const links = [{ from: 'client-1', to: 'lb-1' }];
  for (let index = 1; index <= 10; index += 1) components.push({ id: `database-${index}`, kind: 'database' });
  for (let index = 1; index <= 88; index += 1) {
    components.push({ id: `server-${index}`, kind: 'server' });
    links.push({ from: 'lb-1', to: `server-${index}` }, { from: `server-${index}`, to: `database-${1 + (index % 10)}` });
  }
  const placed = components.map((component, index) => ({ ...component, ...at(index) }));
  return JSON.stringify({ schema: 'archplay/design/1', name: '백 개', components: placed, links });
}

/** Two seconds of a pointer that goes in circles with a card. */
async function drag(what, page, id) {
  const card = page.locator(`#c-${id}`);
  await (await card.elementHandle()).waitForElementState('stable');
  const box = await card.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const trace = await traced(page, async () => {
    let moves = 0;
    for (const begun = Date.now(); Date.now() - begun < 2_000; moves += 1) {
      const angle = moves / 8;
      await page.mouse.move(x + 60 * Math.sin(angle), y + 60 * (1 - Math.cos(angle)));
      await sleep(8);
    }
    return moves;
  });
  await page.mouse.up();
  row(`${what}: pointer moves`, number(trace.result));
  tasksOf(what, trace);
}

const loads = [];
for (let time = 0; time < 3; time += 1) {
  const { context, loaded } = await open();
  loads.push(loaded);
  await context.close();
}
row('load to ready, median of 3', ms(median(loads)));

const { page } = await open();
await run('start drawing', page);
await bring(page, 'answer.json', await readFile(answer, 'utf8'));
await run('two zones', page);
await million(page);
const stops = [];
for (let time = 0; time < 5; time += 1) {
  await page.locator('.run-play').click();
  await page.waitForFunction(() => document.querySelector('.run-clock').textContent > '14:00:00');
  stops.push(await press(page, page.getByRole('button', { name: '멈추기' }), 'stopped'));
}
row('a million: stop to stopped, of 5', `median ${ms(median(stops))}, longest ${ms(Math.max(...stops))}`);
await bring(page, 'hundred.json', hundred());
await drag('drag a server of 100', page, 'server-40');
await drag('drag the balancer of 100', page, 'lb-1');
await browser.close();

const width = Math.max(...rows.map(([what]) => what.length));
for (const [what, ...values] of rows) console.log(`${what.padEnd(width)}  ${values.join('  ')}`);
