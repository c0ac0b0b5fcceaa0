// Makes first visits to a site whose functions tell when they run, and writes down which did. Run by
// `cargo xtask first-visit`, which names the folder for the results.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, openPage, ready, site } from './support/browser.mjs';

const folder = process.argv[2];
const base = Number(readFileSync(join(folder, 'app.base'), 'utf8'));
const count = readFileSync(join(folder, 'app.places'), 'utf8').split('\n').length - 1;
const hits = new Set();
const take = async (place) => {
  const reached = await place.evaluate(([base, count]) => {
    const bytes = new Uint8Array(globalThis.archplayWatched.memory.buffer, base, count);
    return [...bytes.keys()].filter((at) => bytes[at] === 1);
  }, [base, count]);
  for (const at of reached) hits.add(at);
};

/** Presses run, looks on, pauses once, then goes on as fast as it can. */
async function watching(page, strip) {
  await strip.getByRole('button', { name: /^(실행|Run)$/ }).click();
  await page.locator('.strip[data-status="running"]').waitFor({ timeout: 60_000 });
  await page.mouse.move(600, 250, { steps: 20 });
  await page.waitForTimeout(3_000);
  await page.keyboard.press('Space');
  const status = (name) => `.strip[data-status="${name}"]`;
  await page.locator(`${status('paused')}, ${status('finished')}`).waitFor({ timeout: 60_000 });
  // On a slow machine the run may be over before it is paused.
  if (await page.locator(status('finished')).isVisible()) return;
  await page.keyboard.press('Space');
  await strip.locator('select').selectOption({ index: (await strip.locator('option').count()) - 1 });
}

/** Chooses the highest speed and presses run. */
async function hurrying(page, strip) {
  await strip.locator('select').selectOption({ index: (await strip.locator('option').count()) - 1 });
  await strip.getByRole('button', { name: /^(실행|Run)$/ }).click();
}

const large = { viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' };
const small = { viewport: { width: 1280, height: 720 } };

// What is run depends on how fast the machine is, too: `slower` is by how much the page's thread is slowed down.
// Some steps are rare, so the visit of `weight.test.mjs` is made often.
const often = [1, 2, 3, 5].flatMap((slower) => [slower, slower, slower]);
const browser = await launch();
for (const [options, act, slower] of [
  [{ locale: 'ko-KR' }, watching, 1],
  [{ locale: 'en-US', ...large }, watching, 4],
  [{ locale: 'ko-KR' }, hurrying, 1],
  [{ locale: 'ko-KR', ...small }, hurrying, 8],
  [{ locale: 'en-US', ...small }, watching, 12],
  ...often.map((slower) => [{}, hurrying, slower]),
]) {
  const { context, page, problems } = await openPage(browser, options);
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.goto(site);
  await ready(page);
  await page.waitForFunction(() => document.querySelector('.drawing-title input')?.value);
  // The mouse is on its way across the drawing.
  await page.mouse.move(500, 200);
  await page.mouse.move(900, 300, { steps: 20 });
  await act(page, page.locator('.zone-strip'));
  await page.locator('.strip[data-status="finished"]').waitFor({ timeout: 600_000 });
  // The last frames are painted; what is fetched after that (`AFTER_RUN_MS` in start.js) is not awaited.
  await page.waitForTimeout(1_500);
  // The worker runs the same program.
  await take(page);
  for (const worker of page.workers()) await take(worker);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  await context.close();
}
await browser.close();
writeFileSync(join(folder, 'app.hits'), [...hits].join('\n'));
