// Stopping a run that has not begun: the worker still reads, checks and compiles a drawing as large as they
// may be, and hears nothing. The page is ready again at once, keeps what it has, and the next run works.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { drop, opened } from './support/desk.mjs';

const RUN = { timeout: 180_000 };
const MOST = 5_000;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Ten load balancers, ten databases, and servers between them, as many as a drawing may hold. */
function largest() {
  const components = [{ id: 'client-1', kind: 'client', x: 0, y: 0 }];
  const links = [];
  for (let n = 1; n <= 10; n += 1) {
    components.push({ id: `load-balancer-${n}`, kind: 'load_balancer', x: 300, y: n * 200 });
    components.push({ id: `database-${n}`, kind: 'database', x: 30_000, y: n * 200 });
    links.push({ from: 'client-1', to: `load-balancer-${n}` });
  }
  for (let n = 1; components.length < MOST; n += 1) {
    components.push({ id: `server-${n}`, kind: 'server', x: 600 + 200 * (n % 100), y: 100 * Math.floor(n / 100) });
    links.push({ from: `load-balancer-${1 + (n % 10)}`, to: `server-${n}` });
    for (const k of [0, 1]) links.push({ from: `server-${n}`, to: `database-${1 + ((n + k) % 10)}` });
  }
  return JSON.stringify({ schema: 'archplay/design/1', name: '가장 큰 그림', components, links });
}

/** Presses run, and stop as soon as it can be pressed; tells what the page then was, and when. */
const runAndStop = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const strip = document.querySelector('.strip');
        const buttons = strip.querySelectorAll('.run-buttons .icon-btn');
        const stop = buttons[buttons.length - 1];
        const seen = [];
        let begun;
        let pressed;
        const look = () => {
          const { status } = strip.dataset;
          if (seen.at(-1) !== status) seen.push(status);
          if (pressed === undefined && !stop.disabled) {
            pressed = performance.now();
            stop.click();
          } else if (pressed !== undefined && stop.disabled) {
            observer.disconnect();
            // Until the browser has shown it.
            const times = () => ({ seen, asked: pressed - begun, ms: performance.now() - pressed });
            requestAnimationFrame(() => setTimeout(() => resolve(times())));
          }
        };
        const observer = new MutationObserver(look);
        observer.observe(strip, { subtree: true, attributes: true });
        begun = performance.now();
        strip.querySelector('.run-play').click();
        look();
      }),
  );

const clock = (page) => page.locator('.run-clock').innerText();

test('a run is stopped while the worker compiles the largest drawing there may be', async (t) => {
  const { context, page, problems } = await openPage(browser);
  const died = [];
  const born = [];
  page.on('worker', (worker) => {
    born.push(worker);
    worker.on('close', () => died.push(worker));
  });
  await page.goto(site);
  await opened(page);
  await page.locator('.run-speed').selectOption({ label: '최대' });
  await page.locator('.run-play').click();
  await page.locator('.strip[data-status=finished]').waitFor(RUN);
  const before = await clock(page);
  const words = await page.locator('.run-sentence').innerText();
  assert.equal(born.length, 1);

  await drop(page, [['largest.json', largest()]]);
  await page.waitForFunction(() => document.querySelector('.drawing-title input')?.value === '가장 큰 그림', null, RUN);
  // As far away as it is then, all cards are one shape.
  await page.locator('path.card-box').waitFor({ state: 'attached' });
  const { seen, asked, ms } = await runAndStop(page);
  t.diagnostic(`could be stopped after ${asked.toFixed(0)} ms, was after ${ms.toFixed(0)} ms more`);
  assert.deepEqual(seen, ['finished', 'starting', 'finished'], 'it never began, and the page stands where it stood');
  assert.equal(await page.locator('.run-play').isEnabled(), true);
  // What was there is there: the results, and the drawing.
  assert.equal(await clock(page), before);
  assert.equal(await page.locator('.run-sentence').innerText(), words);
  await page.locator('.chip', { hasText: '이전 그림의 결과' }).waitFor();
  // The worker heard nothing, or had not even begun: none of those that there were is left, but a new one.
  const old = born.length;
  while (born.length === 1 || died.length < born.length - 1) await page.waitForTimeout(50);
  assert.ok(born.length > 1 && !died.includes(born.at(-1)), `${old} ${born.length} ${died.length}`);

  // Stopped before it begins and pressed again at once, while the worker has not heard of the stop: it goes, and
  // is stopped again. Pressed on the page: it is busy drawing five thousand cards.
  const again = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const strip = document.querySelector('.strip');
        const seen = [];
        new MutationObserver((_, observer) => {
          const { status } = strip.dataset;
          if (seen.at(-1) === status) return;
          seen.push(status);
          const press = (button) => setTimeout(() => strip.querySelector(button).click());
          if (seen.length === 1 || status === 'running') press('.run-buttons button:last-of-type');
          else if (seen.length === 2) press('.run-play');
          else if (status !== 'starting') {
            observer.disconnect();
            resolve(seen);
          }
        }).observe(strip, { attributeFilter: ['data-status'] });
        strip.querySelector('.run-play').click();
      }),
  );
  assert.deepEqual(again, ['starting', 'finished', 'starting', 'running', 'stopped']);
  assert.deepEqual(problems, []);
  await context.close();
});
