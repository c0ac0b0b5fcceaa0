// The largest drawing there may be: what is out of view is not drawn, and far away all cards are one shape. Counted, not
// timed; how long a picture takes while it runs is only told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { called, drop, opened } from './support/desk.mjs';

const RUN = { timeout: 180_000 };
const MOST = 5_000;
/** As many cards as fit into a view by far. */
const SOME = 1_000;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Load balancers with servers of their own, a hundred cards a row. */
function largest() {
  const components = [{ id: 'client-1', kind: 'client', x: 0, y: 0 }];
  const links = [];
  for (let n = 1; components.length < MOST; n += 1) {
    const kind = n % 10 === 1 ? 'load_balancer' : 'server';
    components.push({ id: `n${n}`, kind, x: 200 * (n % 100), y: 120 + 120 * Math.floor(n / 100) });
    const first = n - ((n - 1) % 10);
    links.push(kind === 'server' ? { from: `n${first}`, to: `n${n}` } : { from: 'client-1', to: `n${n}` });
  }
  return JSON.stringify({ schema: 'archplay/design/1', name: '가장 큰 그림', components, links });
}

const drawn = (page) =>
  page.evaluate(() => ({
    cards: document.querySelectorAll('.layer-cards .card-name').length,
    links: document.querySelectorAll('.layer-links .link-line').length,
    live: document.querySelectorAll('.layer-live-cards .live-card').length,
    shapes: document.querySelectorAll('.layer-cards path.card-box').length,
  }));

/** Milliseconds between two pictures of the page, for two seconds: the median and the longest. */
const pictures = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const times = [];
        const begun = performance.now();
        let before = begun;
        const next = (now) => {
          times.push(now - before);
          before = now;
          if (performance.now() - begun < 4_000) requestAnimationFrame(next);
          else {
            times.sort((a, b) => a - b);
            resolve({ median: times[times.length >> 1], longest: times.at(-1), count: times.length });
          }
        };
        requestAnimationFrame(next);
      }),
  );

test('of five thousand components those in view are drawn', async (t) => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await drop(page, [['largest.json', largest()]]);
  await called(page, '가장 큰 그림');
  await page.locator('path.card-box').waitFor({ state: 'attached', ...RUN });
  const far = await drawn(page);
  assert.equal(far.cards, 0, 'fitted into the view there is no text that could be read');
  assert.equal(far.shapes, 1);
  assert.equal(far.links, 1);

  await page.locator('.run-play').click();
  await page.waitForFunction(() => document.querySelector('.canvas[data-live]'), null, RUN);
  const farTimes = await pictures(page);
  t.diagnostic(`far away a picture takes ${farTimes.median.toFixed(0)} ms, at most ${farTimes.longest.toFixed(0)} ms`);
  assert.ok((await drawn(page)).live <= 3, 'a shape for each state');
  // A chart has not room for thousands of lines, and says so.
  await page.locator('[data-chart=cpu]').getByText('개 중 값이 큰 것만').waitFor(RUN);

  // Near: as large as it is, in the middle of the drawing.
  await page.evaluate(() => document.querySelector('#canvas').focus());
  await page.keyboard.press('0');
  await page.locator('.layer-cards .card-name').first().waitFor({ state: 'attached' });
  const near = await drawn(page);
  assert.ok(near.cards > 0 && near.cards < SOME, `${near.cards} cards`);
  assert.ok(near.links < SOME, `${near.links} links`);
  assert.ok(near.live > 0 && near.live <= near.cards, `${near.live} live cards`);
  const nearTimes = await pictures(page);
  t.diagnostic(`near a picture takes ${nearTimes.median.toFixed(0)} ms, at most ${nearTimes.longest.toFixed(0)} ms`);
  assert.deepEqual(problems, []);
  await context.close();
});
