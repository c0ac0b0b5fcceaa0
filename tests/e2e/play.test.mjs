// Every session can be solved by hand: from the first drawing of its task to all targets, with mouse and
// keyboard alone, as a student would who knows what to draw. What is drawn is one of the model answers; what
// they need is in the palette, in the inspector and on the canvas, or this fails.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { opened } from './support/desk.mjs';
import { handsOn } from './support/hand.mjs';

const lessons = new URL('../../lessons/', import.meta.url);

/** Session, the task's place in it, its folder, the model answer that is drawn. */
const PLAYS = [
  [1, 1, '01-architecture/tasks/serverless', 'reference-quota-alarm.json'],
  [2, 1, '02-monitoring/tasks/site-fire', 'reference-controllers-apart.json'],
  [3, 0, '03-compute/tasks/flash-sale', 'reference-scheduled-cdn.json'],
  [4, 0, '04-storage/tasks/slow-tail', 'reference-cache-replica.json'],
  [5, 1, '05-network/tasks/resolver-only', 'reference-deep.json'],
  [6, 0, '06-data/tasks/ids', 'reference-snowflake.json'],
  [6, 1, '06-data/tasks/search', 'reference-composite.json'],
  [8, 1, '08-review/tasks/celebrity', 'reference-pull-celebrities.json'],
];

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const read = async (file) => JSON.parse(await readFile(new URL(file, lessons), 'utf8'));

for (const [session, index, folder, answer] of PLAYS) {
  test(`session ${session}, task ${index + 1}: drawn by hand to all targets`, async () => {
    const { context, page, problems } = await openPage(browser);
    await page.goto(`${site}#/s${session}`);
    await opened(page);
    const start = await read(`${folder}/start.json`);
    await page.getByRole('tab', { name: '과제' }).click();
    if (index > 0) await page.locator('.task-choice button').nth(index).click();
    // With nothing drawn yet the task's first drawing comes along.
    for (const { id } of start.components) await page.locator(`#c-${id}`).waitFor();
    const hands = await handsOn(page);
    await hands.draw(start, await read(`${folder}/${answer}`));
    assert.match(await hands.grade(index), /^통과했어요/);
    assert.deepEqual(problems, []);
    await context.close();
  });
}

test('a drawing that leaves the world that is given is not graded, and is told why', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(`${site}#/s2`);
  await opened(page);
  await page.getByRole('tab', { name: '과제' }).click();
  await page.locator('.task-choice button').nth(1).click();
  await page.locator('#c-zone-1').waitFor();
  const hands = await handsOn(page);
  await hands.select('server-1');
  await hands.into(null);
  assert.match(await hands.grade(1), /메시지 서버 1: 건물 밖에 서 있어요/);
  await context.close();
});
