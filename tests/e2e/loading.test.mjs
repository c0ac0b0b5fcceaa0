// The way from a link to a running page: loading frame, policy, worker, and each way in
// which loading can fail.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { becomes, launch, openPage, ready, site } from './support/browser.mjs';
import { called, file, nameField, opened, rename } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const isProgram = (url) => /\/parts-[0-9a-f]+\.lzma$/.test(url.pathname);

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

test('the worker starts under the policy, from the script the page names, without fetching its program', async () => {
  const { context, page, problems, requests } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  const name = await page.locator('meta[name="archplay-worker"]').getAttribute('content');
  assert.match(name, /^\.\/start-worker-[0-9a-f]{16}\.js$/);
  await page.locator('.zone-strip').getByRole('button', { name: '실행', exact: true }).click();
  await page.locator('.strip[data-status="running"]').waitFor({ timeout: 60_000 });
  assert.ok(requests.includes(new URL(name, site).href), requests.join('\n'));
  assert.deepEqual(requests.filter((url) => url.endsWith('.wasm')), []);
  assert.deepEqual(problems, []);
  await context.close();
});

test('the rest of the program comes when it is wanted, once', async () => {
  const { context, page, problems, requests } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  const rests = () => requests.filter((url) => /\/app-rest-[0-9a-f]{16}\.wasm$/.test(url)).length;
  assert.equal(rests(), 0);
  await file(page, '내 그림…');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await file(page, '내 그림…');
  await page.getByRole('dialog').waitFor();
  // Fetched before it is wanted and again when it is wanted at once: never more.
  assert.ok(rests() === 1 || rests() === 2, String(rests()));
  assert.deepEqual(problems, []);
  await context.close();
});

test('when the rest cannot be fetched the page says so, and the drawing is kept', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await page.route(/app-rest-/, (route) => route.abort());
  await nameField(page).fill('끊긴 그림');
  // The page may say so as soon as the name has changed: then there is nothing left to click on.
  await page.getByRole('button', { name: '파일', exact: true }).click({ timeout: 5000 }).catch(() => {});
  // Whatever of the two is the first to need the rest.
  const menu = page.getByRole('menuitem', { name: '내 그림…' });
  const over = page.getByRole('alert').filter({ hasText: '나머지 프로그램을 불러오지 못했어요' });
  await menu.or(over).first().waitFor();
  if (await menu.isVisible()) await menu.click();
  await over.waitFor();
  await page.unroute(/app-rest-/);
  await page.getByRole('button', { name: '다시 열기' }).click();
  await opened(page);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await context.close();
});

test('when the program itself ends the page says so, and what was drawn is there again', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await rename(page, '멈추기 전에');
  await page.evaluate(() => {
    // As the browser tells of a trap in the wasm.
    const error = new WebAssembly.RuntimeError('unreachable');
    dispatchEvent(new ErrorEvent('error', { error }));
  });
  await page.getByRole('alert').filter({ hasText: '아키플레이가 멈췄어요' }).waitFor();
  await page.getByRole('alert').filter({ hasText: '이 브라우저에 남아' }).waitFor();
  await page.getByRole('button', { name: '다시 열기' }).click();
  await called(page, '멈추기 전에');
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
    await page.route(isProgram, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(site, { waitUntil: 'commit' });
    await page.getByRole('status').filter({ hasText: words }).waitFor();
    await page.getByRole('progressbar').waitFor();
    await becomes(() => page.locator('html').getAttribute('lang'), locale.slice(0, 2));
    release();
    await ready(page);
    await context.close();
  });
}

for (const [what, matches] of [
  ['the program', isProgram],
  ['its texts', (url) => /\/texts\/ko-[0-9a-f]+\.json$/.test(url.pathname)],
  ['the script', (url) => /\/start-[0-9a-f]+\.js$/.test(url.pathname)],
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

const isRestOfTexts = (url) => /\/texts\/ko-rest-[0-9a-f]+\.json$/.test(url.pathname);

test('the texts that a first look does not need come with the first touch, once', async () => {
  const { context, page } = await openPage(browser);
  const asked = [];
  context.on('request', (request) => isRestOfTexts(new URL(request.url())) && asked.push(request.url()));
  await page.goto(site);
  await ready(page);
  assert.deepEqual(asked, []);
  const come = page.waitForResponse((response) => isRestOfTexts(new URL(response.url())));
  await page.locator('.rail-item').first().click();
  await come;
  await page.locator('.rail-item[title*=":"]').first().waitFor();
  assert.equal(asked.length, 1);
  await context.close();
});

test('when the other texts cannot be fetched the page says so, goes on, and fetches them later', async () => {
  const { context, page } = await openPage(browser);
  await page.route(isRestOfTexts, (route) => route.abort());
  await page.goto(site);
  await ready(page);
  await page.locator('.rail-item').first().click();
  await page.getByText('나머지 글을 불러오지 못했어요').waitFor();
  await page.unroute(isRestOfTexts);
  // After a while whatever shows such a text asks again: here the fields of a selected card.
  await page.waitForTimeout(6_000);
  await page.keyboard.press('Escape');
  await page.locator('.card').first().click({ force: true });
  await page.locator('.param-name').filter({ hasText: /./ }).first().waitFor();
  await context.close();
});

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
