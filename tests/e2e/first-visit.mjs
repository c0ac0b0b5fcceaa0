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

const browser = await launch();
for (const options of [
  { locale: 'ko-KR' },
  { locale: 'en-US', viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' },
]) {
  const { context, page, problems } = await openPage(browser, options);
  await page.goto(site);
  await ready(page);
  await page.waitForFunction(() => document.querySelector('.drawing-title input')?.value);
  // The mouse is on its way across the drawing.
  await page.mouse.move(500, 200);
  await page.mouse.move(900, 300, { steps: 20 });
  const strip = page.locator('.zone-strip');
  await strip.getByRole('button', { name: /^(실행|Run)$/ }).click();
  // At the speed it has, paused once, then as fast as it can.
  await page.locator('.strip[data-status="running"]').waitFor({ timeout: 60_000 });
  await page.waitForTimeout(3_000);
  await page.keyboard.press('Space');
  await page.locator('.strip[data-status="paused"]').waitFor({ timeout: 60_000 });
  await page.keyboard.press('Space');
  await strip.locator('select').selectOption({ index: (await strip.locator('option').count()) - 1 });
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
