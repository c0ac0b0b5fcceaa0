// A person's hands on the drawing: places, connects and sets what is asked for with mouse and keyboard only.
// Nothing is imported and no text of a file is touched. Names are those that the page shows in Korean.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

/** How high a card is at full size. */
const CARD = 64;

const root = new URL('../../../', import.meta.url);

/** The Korean names of the kinds, by their names in files. */
async function kindNames() {
  const names = {};
  for (const file of ['model', 'kinds']) {
    const text = await readFile(new URL(`locales/${file}.ko.toml`, root), 'utf8');
    for (const [, kind, name] of text.matchAll(/^\[kind\.(\w+)\]\s+name = "(.+)"/gm)) names[kind] = name;
  }
  return names;
}

/** Hands on a page that shows a drawing. */
export async function handsOn(page) {
  const names = await kindNames();
  const press = (key) => page.keyboard.press(key);
  const canvas = page.locator('#canvas');
  const ids = () =>
    page.evaluate(() => Array.from(document.querySelectorAll('#canvas [id^="c-"]'), ({ id }) => id.slice(2)));

  /** Back to the canvas, with nothing selected and all of the drawing in view. */
  async function rest() {
    await canvas.focus();
    for (let n = 0; n < 4; n += 1) {
      await press('Escape');
      await canvas.focus();
    }
    await page.locator('#canvas:not([aria-activedescendant])').waitFor();
    await press('f');
  }

  /** Where a card stands on the screen, once it rests. */
  async function spot(id) {
    const element = await page.locator(`#c-${id}`).elementHandle();
    await element.waitForElementState('stable');
    const box = await element.boundingBox();
    // A box is taken by its title, everything else in its middle.
    const group = await element.evaluate((e) => e.classList.contains('group'));
    return group ? { x: box.x + 30, y: box.y + 8 } : { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Selects a component with a click; from the keyboard where something lies over it. */
  async function select(id) {
    await rest();
    const { x, y } = await spot(id);
    await page.mouse.click(x, y);
    const active = () => canvas.getAttribute('aria-activedescendant');
    for (let n = 0; n < 80 && (await active()) !== `c-${id}`; n += 1) await press('Tab');
    assert.equal(await active(), `c-${id}`);
  }

  /** A double click at a place of the drawing that is given by the place of a card that is there. */
  async function doubleClick(at, known) {
    const frame = await canvas.boundingBox();
    for (let n = 0; n < 12; n += 1) {
      const element = await page.locator(`#c-${known.id}`).elementHandle();
      await element.waitForElementState('stable');
      const box = await element.boundingBox();
      const zoom = box.height / CARD;
      const x = box.x + (at.x - known.x) * zoom;
      const y = box.y + (at.y - known.y) * zoom;
      const inside = x > frame.x + 10 && x < frame.x + frame.width - 60 && y > frame.y + 10 && y < frame.y + frame.height - 60;
      if (inside) return page.mouse.dblclick(x, y);
      await press('-');
    }
    return assert.fail('no place for it in the view');
  }

  /** Places a kind by typing its name, in the middle of the view or at a place; tells its id in files. */
  async function place(kind, at, known) {
    const before = new Set(await ids());
    await rest();
    const field = page.locator('.place-search input');
    // A link or a card may lie there; a person clicks beside it then.
    for (const aside of at ? [0, -110, 110] : []) {
      if (await field.isVisible()) break;
      await doubleClick({ x: at.x, y: at.y + aside }, known);
      await field.waitFor({ timeout: 2_000 }).catch(() => {});
    }
    if (!(await field.isVisible())) {
      // Something stood there: the page finds a free place by itself.
      await rest();
      await press('Enter');
      await field.waitFor();
    }
    await page.keyboard.type(names[kind]);
    const option = page.locator(`#place-${kind}`);
    await option.waitFor();
    for (let n = 0; n < 9 && (await option.getAttribute('aria-selected')) !== 'true'; n += 1) await press('ArrowDown');
    await press('Enter');
    await field.waitFor({ state: 'detached' });
    await page.waitForFunction(
      (count) => document.querySelectorAll('#canvas [id^="c-"]').length > count,
      before.size,
    );
    return (await ids()).find((id) => !before.has(id));
  }

  /** Draws a link: C on the one, a click on the other. */
  async function link(from, to) {
    const links = await page.locator('.layer-links .link').count();
    await select(from);
    await press('c');
    await press('f');
    const { x, y } = await spot(to);
    const hit = await page.evaluate(([x, y]) => document.elementFromPoint(x, y)?.closest('#canvas') !== null, [x, y]);
    assert.ok(hit, `${to} is covered while a link is drawn to it`);
    await page.mouse.move(x, y, { steps: 2 });
    await page.mouse.click(x, y);
    await page.waitForFunction((n) => document.querySelectorAll('.layer-links .link').length > n, links);
  }

  /** Takes a link away: L walks the links of a card. */
  async function unlink(from, to) {
    const links = page.locator('.layer-links .link');
    const count = await links.count();
    await select(from);
    for (let n = 0; n < count; n += 1) {
      await press('l');
      const at = await canvas.getAttribute('aria-activedescendant');
      if (at?.includes(from) && at.includes(to)) break;
    }
    await press('Delete');
    await page.waitForFunction((n) => document.querySelectorAll('.layer-links .link').length < n, count);
  }

  /** Sets a parameter of what is selected, in the inspector. */
  async function set(key, value) {
    const inspector = page.locator('.inspector');
    const field = inspector.locator(`#param-${key}`);
    const group = inspector.locator(`[aria-labelledby="param-${key}-label"]`);
    const either = field.or(group).first();
    if (!(await either.isVisible())) await inspector.locator('.param-more > summary').click();
    await either.scrollIntoViewIfNeeded();
    if (await group.and(page.locator('select')).count()) {
      await field.selectOption(String(value));
    } else if (await group.and(page.locator('[role=radiogroup]')).count()) {
      await group.locator(`label:has(input[value="${value}"])`).click();
    } else if (await group.and(page.locator('.schedule')).count()) {
      await schedule(group, String(value));
    } else if (await group.count()) {
      const wanted = String(value).split(',').map((name) => name.trim()).filter(Boolean);
      for (const chip of await group.locator('.name-chip').all()) {
        const ticked = await chip.locator('input').isChecked();
        if (ticked !== wanted.includes(await chip.getAttribute('title'))) await chip.click();
      }
    } else {
      await field.click();
      await press('Control+a');
      await page.keyboard.type(String(value));
      await press('Enter');
    }
    await inspector.locator('.field-error').waitFor({ state: 'detached' });
  }

  /** Rows of a time and a count. */
  async function schedule(group, value) {
    const wanted = value.split(',').map((entry) => entry.trim().split('='));
    const rows = group.locator('.schedule-row');
    while ((await rows.count()) > wanted.length) await rows.last().getByRole('button').click();
    while ((await rows.count()) < wanted.length) await group.locator('.schedule-add').click();
    for (const [n, entry] of wanted.entries()) {
      // Where only a time counts there is no second field.
      const fields = await rows.nth(n).locator('input').all();
      for (const [column, field] of fields.entries()) {
        const text = entry[column];
        await field.click();
        await press('Control+a');
        await page.keyboard.type(text);
      }
      await press('Enter');
    }
  }

  /** Puts what is selected into a box, or out of all of them. */
  const into = (box) => page.locator('#inspector-parent').selectOption(box ?? '');

  /**
   * Draws from one document to another, as a person would who has the second one in mind. Ids of what is new are
   * the page's own.
   */
  async function draw(from, to) {
    const old = new Map(from.components.map((c) => [c.id, c]));
    const own = new Map(from.components.map((c) => [c.id, c.id]));
    const kept = new Set(to.components.map((c) => c.id));
    const renamed = (text) =>
      String(text).replace(/[a-z][a-z0-9-]*-\d+/g, (id) => own.get(id) ?? id);
    for (const { id } of from.components) {
      if (kept.has(id)) continue;
      await select(id);
      await press('Delete');
    }
    // New cards are placed by their middle; boxes begin where they are placed.
    const middle = ({ kind, x, y, w }) => (w || boxes.includes(kind) ? { x, y } : { x: x + 66, y: y + 32 });
    const boxes = ['region', 'zone', 'subnet', 'auto_scaling_group'];
    const order = (c) => (boxes.includes(c.kind) ? boxes.indexOf(c.kind) : boxes.length);
    const known = to.components.find(({ id }) => old.has(id));
    for (const component of to.components.toSorted((a, b) => order(a) - order(b))) {
      if (!own.has(component.id)) own.set(component.id, await place(component.kind, middle(component), known));
    }
    for (const component of to.components) {
      const before = old.get(component.id) ?? {};
      const params = Object.entries(component.params ?? {}).filter(([key, value]) => before.params?.[key] !== value);
      const moved = component.in !== before.in;
      const reset = Object.keys(before.params ?? {}).filter((key) => !(key in (component.params ?? {})));
      if (params.length === 0 && reset.length === 0 && !moved) continue;
      await select(own.get(component.id));
      for (const [key, value] of params) await set(key, typeof value === 'string' ? renamed(value) : value);
      for (const key of reset) {
        const param = page.locator('.param-set').filter({ has: page.locator(`#param-${key}, #param-${key}-label`) });
        if (!(await param.isVisible())) await page.locator('.param-more > summary').click();
        await param.locator('.param-tool').first().click();
      }
      if (moved) await into(own.get(component.in));
    }
    const key = ({ from, to }) => `${from}>${to}`;
    const drawn = new Set(from.links.map(key));
    const wanted = new Set(to.links.map(key));
    for (const { from: a, to: b } of from.links) {
      if (kept.has(a) && kept.has(b) && !wanted.has(key({ from: a, to: b }))) await unlink(a, b);
    }
    for (const each of to.links) {
      if (!drawn.has(key(each))) await link(own.get(each.from), own.get(each.to));
    }
    await rest();
  }

  /** Chooses the task, grades, and tells what the page says of it. */
  async function grade(task) {
    await page.getByRole('tab', { name: '과제' }).click();
    const choice = page.locator('.task-choice button').nth(task);
    if (await choice.isVisible()) await choice.click();
    await page.getByRole('button', { name: '채점하기' }).click();
    const over = page.locator('.verdict, .notice-bad');
    await over.first().waitFor({ timeout: 240_000 });
    return over.first().innerText();
  }

  return { select, place, link, unlink, set, into, draw, grade, rest };
}
