// The engine in a worker of the browser, beside the bare loop in another: `cargo xtask bench`. Ours is the
// real page: a drawing and a scenario are imported and run at full speed. Both go in slices of a few
// milliseconds, because the browser optimises a function that is called again, not one that is running. The
// same runs natively between them, so that both have the machine as it is then.
//
//     node bench-engine.mjs FOLDER RUNS NATIVE
//
// FOLDER holds bare.wasm; browser.json is written into it. NATIVE is the native benchmark's program.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { launch, openPage, site } from './support/browser.mjs';
import { fastWorkerHere, file, opened } from './support/desk.mjs';
import { workerSecs } from './support/thread.mjs';

const [folder, times, program] = process.argv.slice(2);
const runs = Number(times);
const workloads = new URL('../../src/engine/benches/workloads/', import.meta.url);
/** Events of a request in the bare loop, and what its `start` takes. */
const CASES = [
  { name: 'mm1', events: 2, workers: 1 },
  { name: 'mm4', events: 2, workers: 4 },
  { name: 'three-tier', events: 3.2, workers: 0 },
];

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** The worker with the bare loop: it answers each task with what came of it. */
function bareWorker() {
  const SLICE_MS = 7;
  const CHUNK_EVENTS = 1_000;
  const { port1, port2 } = new MessageChannel();
  let loop;
  let left = 0;
  let requests = 0;
  let begun = 0;
  port1.onmessage = () => {
    for (const slice = performance.now(); left > 0 && performance.now() - slice < SLICE_MS; left -= CHUNK_EVENTS) {
      requests = loop.advance(CHUNK_EVENTS);
    }
    if (left > 0) port2.postMessage(null);
    else self.postMessage({ requests, mean_ms: loop.mean_ms(), wall_secs: (performance.now() - begun) / 1_000 });
  };
  self.onmessage = async ({ data: { bytes, workers, events } }) => {
    loop ??= (await WebAssembly.instantiate(bytes)).instance.exports;
    loop.start(workers, 1);
    [left, begun] = [events, performance.now()];
    port2.postMessage(null);
  };
}

/** Starts the native benchmark; asked for a workload it answers what a run of each program took. */
function openNative() {
  const child = spawn(program, ['--answer'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(name) {
      child.stdin.write(`${name}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('the native benchmark has ended');
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}

/** Opens an empty page with the worker. */
async function openBare(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const bytes = (await readFile(join(folder, 'bare.wasm'))).toString('base64');
  await page.evaluate(
    ([script, bytes]) => {
      const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
      const wasm = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
      window.bare = (task) =>
        new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage({ bytes: wasm, ...task });
        });
    },
    [`(${bareWorker})()`, bytes],
  );
  return (task) => page.evaluate((task) => window.bare(task), task);
}

/** Opens the page at its free playground, at full speed. */
async function openOurs(browser) {
  const { context, page } = await openPage(browser);
  context.setDefaultTimeout(180_000);
  const worker = page.waitForEvent('worker');
  await page.goto(site);
  await opened(page);
  await worker;
  await page.locator('.run-speed').selectOption({ label: '최대' });
  // Nobody will look at single requests.
  const more = page.getByRole('button', { name: '시드와 보고서' });
  await more.click();
  await page.getByLabel('추적 기록').uncheck();
  await more.click();
  await page.getByRole('link', { name: '자유' }).click();
  await page.getByRole('heading', { name: '자유 놀이터' }).waitFor();
  // The first worker is compiled for size; from the next run on it is the fast one.
  await fastWorkerHere(page);
  return page;
}

async function bring(page, name, text) {
  const chooser = page.waitForEvent('filechooser');
  await file(page, '가져오기…');
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

/** Puts a workload on the page; the text of a refusal when the page does not take it. */
async function importWorkload(page, design, scenario) {
  const { name } = JSON.parse(scenario);
  await bring(page, 'scenario.json', scenario);
  await page.getByRole('radio', { name: name.ko }).and(page.locator(':checked')).waitFor();
  await bring(page, 'design.json', design);
  const answer = await page.waitForFunction((name) => {
    const refusal = document.querySelector('.toast-bad');
    return refusal?.innerText ?? (document.querySelector('.drawing-title input')?.value === name && 'taken');
  }, JSON.parse(design).name);
  const told = await answer.jsonValue();
  if (told === 'taken') return null;
  await page.locator('.toast-bad .icon-btn').click();
  await page.locator('.toast-bad').waitFor({ state: 'detached' });
  return told;
}

/** Runs what stands on the page to its end. */
async function runOurs(page) {
  const wall_secs = page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        let pressed;
        const strip = document.querySelector('.strip');
        setTimeout(() => reject(new Error(`after two minutes the run is "${strip.dataset.status}"`)), 120_000);
        window.addEventListener('click', () => (pressed ??= performance.now()), { capture: true, once: true });
        new MutationObserver((_, observer) => {
          if (!pressed || strip.dataset.status !== 'finished') return;
          observer.disconnect();
          resolve((performance.now() - pressed) / 1_000);
        }).observe(strip, { attributeFilter: ['data-status'] });
      }),
  );
  await page.locator('.run-play').click();
  return { wall_secs: await wall_secs };
}

async function requestsOf(page) {
  const more = page.getByRole('button', { name: '시드와 보고서' });
  await more.click();
  const total = page.locator('.run-totals div', { hasText: '들어온 요청' }).locator('dd');
  const requests = Number((await total.innerText()).replaceAll(',', ''));
  await more.click();
  return requests;
}

/** Does something and adds what it took the workers; the first time only warms up. */
async function timed(browser, side, round, work) {
  const before = await workerSecs(browser);
  const result = await work();
  const after = await workerSecs(browser);
  if (round === 0) return result;
  side.wall_secs.push(result.wall_secs);
  if (before !== null && after !== null) side.cpu_secs.push(after - before);
  return result;
}

/** The design of a workload that this page can read: with stations, or the one that stands in for it. */
async function designs(name) {
  const texts = [];
  for (const place of [`${name}.design.json`, `stand-in/${name}.design.json`]) {
    const text = await readFile(new URL(place, workloads), 'utf8').catch(() => null);
    if (text) texts.push(text);
  }
  return texts;
}

async function race(browser, page, bare, native, { name, events, workers }) {
  const ours = { requests: 0, cpu_secs: [], wall_secs: [] };
  const loop = { requests: 0, cpu_secs: [], wall_secs: [] };
  const beside = {};
  const scenario = await readFile(new URL(`${name}.scenario.json`, workloads), 'utf8');
  let missing = 'no design';
  for (const design of await designs(name)) {
    if (missing) missing = await importWorkload(page, design, scenario);
  }
  for (let round = 0; round <= runs; round += 1) {
    if (!missing) {
      await timed(browser, ours, round, () => runOurs(page));
      ours.requests ||= await requestsOf(page);
    }
    for (const [side, told] of Object.entries(await native.ask(name))) {
      if (!told) continue;
      const before = round > 1 ? beside[side].cpu_secs : [];
      beside[side] = { ...told, cpu_secs: round > 0 ? [...before, ...told.cpu_secs] : [] };
    }
    const task = { workers, events: Math.round((ours.requests || 1_600_000) * events) };
    const told = await timed(browser, loop, round, () => bare(task));
    [loop.requests, loop.mean_ms] = [told.requests, told.mean_ms];
  }
  const speed = ({ requests, cpu_secs, wall_secs }) =>
    `${(requests / median(cpu_secs.length ? cpu_secs : wall_secs) / 1e6).toFixed(3)} M`;
  console.log(
    `${name}, in the browser: bare ${speed(loop)} requests/s of CPU, ours ${missing ? `not measured: ${missing}` : speed(ours)}`,
  );
  return { bare: loop, ours: missing ? null : ours, native: beside, missing };
}

const browser = await launch();
const page = await openOurs(browser);
const bare = await openBare(browser);
const native = openNative();
const results = {};
for (const item of CASES) results[item.name] = await race(browser, page, bare, native, item);
native.close();
const version = browser.version();
await browser.close();
await writeFile(join(folder, 'browser.json'), JSON.stringify({ version, workloads: results }));
