// The way from a link to a running page: loading frame, policy, worker, and each way in
// which loading can fail.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, ready, site } from './support/browser.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const isPageWasm = (url) => /\/app-[0-9a-f]+_bg\.wasm$/.test(url.pathname);

test('the page loads under a sub-path with nothing refused, foreign or fetched twice', async () => {
  const { context, page, problems, requests } = await openPage(browser);
  await page.goto(site);
  await ready(page);
  assert.deepEqual(problems, []);
  const twice = requests.filter((url, place) => requests.indexOf(url) !== place);
  assert.deepEqual(twice, []);
  await context.close();
});

test('the policy comes first and forbids scripts and styles written into the page', async () => {
  const { context, page, problems } = await openPage(browser);
  const html = await (await context.request.get(site)).text();
  assert.ok(html.indexOf('Content-Security-Policy') < html.indexOf('<script'), html.slice(0, 500));
  await page.goto(site);
  await ready(page);
  assert.deepEqual(problems, []);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ranInline = true';
    document.head.append(script);
    const style = document.createElement('style');
    style.textContent = 'html { --applied-inline: 1 }';
    document.head.append(style);
    const applied = getComputedStyle(document.documentElement);
    return [window.ranInline === true, applied.getPropertyValue('--applied-inline')];
  });
  assert.deepEqual(ran, [false, '']);
  await context.close();
});

test('the worker the page names starts under the policy', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(site);
  await ready(page);
  const name = await page.locator('meta[name="archplay-worker"]').getAttribute('content');
  assert.match(name, /^\.\/worker_loader-[0-9a-f]{16}\.js$/);
  const wasm = context.waitForEvent('response', (response) => response.url().includes('worker_bg'));
  await page.evaluate((name) => {
    window.testWorker = new Worker(name, { type: 'module' });
  }, name);
  const response = await wasm;
  assert.match(response.url(), /\/worker_bg-[0-9a-f]{16}\.wasm$/);
  assert.equal(response.headers()['content-type'], 'application/wasm');
  await context.close();
});

for (const [locale, words] of [
  ['ko-KR', '불러오고 있어요'],
  ['en-US', 'Loading Archplay'],
]) {
  test(`a slow connection shows the frame and progress in ${locale}`, async () => {
    const { context, page } = await openPage(browser, { locale });
    let release;
    const held = new Promise((resolve) => {
      release = resolve;
    });
    await page.route(isPageWasm, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(site, { waitUntil: 'commit' });
    await page.getByRole('status').filter({ hasText: words }).waitFor();
    await page.getByRole('progressbar').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), locale.slice(0, 2));
    release();
    await ready(page);
    await context.close();
  });
}

for (const [what, matches] of [
  ['the wasm', isPageWasm],
  ['the script', (url) => /\/app-[0-9a-f]+\.js$/.test(url.pathname)],
]) {
  test(`when ${what} cannot be fetched the page says so and offers another try`, async () => {
    const { context, page } = await openPage(browser);
    await page.route(matches, (route) => route.abort());
    await page.goto(site);
    await page.getByRole('alert').filter({ hasText: '불러오지 못했어요' }).waitFor();
    await page.unroute(matches);
    await page.getByRole('button', { name: '다시 시도' }).click();
    await ready(page);
    assert.equal(await page.getByRole('button', { name: '다시 시도' }).count(), 0);
    await context.close();
  });
}

test('without JavaScript the page says what is needed, in both languages', async () => {
  const { context, page } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(site);
  assert.equal(await page.title(), '아키플레이 · Archplay');
  const sentences = page.locator('noscript p');
  await sentences.first().waitFor();
  assert.deepEqual(await sentences.allInnerTexts(), [
    '아키플레이를 쓰려면 브라우저에서 자바스크립트를 켜 주세요.',
    'Archplay needs JavaScript. Turn it on in your browser, then reload.',
  ]);
  await context.close();
});
