// A person at a keyboard, who looks where the focus is and presses the next key. No mouse, and
// nothing is focused or filled by the test itself.
import assert from 'node:assert/strict';

/** Where the focus is: the element's id and the name that is read out. */
export const focus = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const name = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent;
    return { id: element.id, name: name.trim().replace(/\s+/g, ' ').slice(0, 60) };
  });

/** Waits until an element has the focus. */
export const focused = (page, selector) =>
  page.waitForFunction((selector) => document.activeElement.matches(selector), selector);

/** Presses a key until the focus is on what is wanted, by id or name; fails with the way it took. */
export async function walk(page, wanted, { key = 'Tab', most = 150 } = {}) {
  const way = [];
  while (way.length < most) {
    await page.keyboard.press(key);
    const { id, name } = await focus(page);
    if (id === wanted || name === wanted) return;
    way.push(name || id);
  }
  assert.fail(`${key} does not lead to “${wanted}” but to ${way.slice(0, 40).join(' → ')}`);
}

/** Waits until the canvas says something to those who do not see it. */
export const said = (page, words) =>
  page.locator('#canvas > [aria-live]').filter({ hasText: words }).waitFor({ state: 'attached' });

/** Chooses an entry of the file menu, from anywhere behind it on the page. */
export async function file(page, entry) {
  if ((await focus(page)).name !== '파일') await walk(page, '파일', { key: 'Shift+Tab' });
  await page.keyboard.press('Enter');
  await focused(page, '[role=menuitem]');
  if ((await focus(page)).name !== entry) await walk(page, entry, { key: 'ArrowDown', most: 12 });
  await page.keyboard.press('Enter');
}
