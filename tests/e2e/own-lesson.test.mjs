// A lesson from a file: opened, graded, kept; refused with place and reason when it is broken.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, site } from './support/browser.mjs';
import { drop, opened, told } from './support/desk.mjs';

let browser;
let pack;
before(async () => {
  browser = await launch();
  const read = async (name) => (await fetch(`${site}lessons/03-compute.${name}.json`)).json();
  const [ko, en, answers] = await Promise.all(['ko', 'en', 'answers'].map(read));
  // The site has a file for each language; a lesson of one's own has both in one.
  const both = (a, b) => ({ ko: a.ko, en: b.en });
  const lesson = {
    ...ko,
    id: 'my-lesson',
    title: { ko: '내가 만든 수업', en: 'My lesson' },
    text: both(ko.text, en.text),
    hints: ko.hints.map((hint, i) => both(hint, en.hints[i])),
    tasks: ko.tasks.map((task, i) => ({
      ...task,
      prompt: both(task.prompt, en.tasks[i].prompt),
      think: both(task.think, en.tasks[i].think),
    })),
  };
  pack = { schema: 'archplay/lesson-pack/1', lesson, answers: { ...answers, id: 'my-lesson' } };
});
after(() => browser.close());

test('a lesson from a file is opened beside the sessions, and is there after a reload', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  await drop(page, [['my-lesson.json', JSON.stringify(pack)]]);
  await told(page, '내가 만든 수업');
  await page.waitForURL(/#\/own$/);
  await page.getByRole('heading', { level: 1, name: '내가 만든 수업' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: '내가 만든 수업' }).waitFor();
  await page.getByRole('tab', { name: '과제' }).click();
  await page.getByRole('button', { name: '이렇게 하면?' }).click();
  await page.getByRole('button', { name: '열어 보기' }).first().waitFor();
  // The session's own drawing is another.
  await page.goto(`${site}#/s3`);
  await page.getByRole('heading', { level: 1, name: '컴퓨팅 계층의 아키텍처링' }).waitFor();
  await page.getByRole('link', { name: '내가 만든 수업' }).click();
  await page.getByRole('heading', { level: 1, name: '내가 만든 수업' }).waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('a broken lesson changes nothing and says where and why', async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(site);
  await opened(page);
  const broken = structuredClone(pack);
  broken.lesson.tasks[0].graded.task.targets[2].value = null;
  const unknown = structuredClone(pack);
  unknown.lesson.tasks[0].graded.task.targets[0].runs = ['never'];
  const cases = [
    ['value.json', JSON.stringify(broken), '수업 파일이 아니에요'],
    ['run.json', JSON.stringify(unknown), 'lesson.tasks[0].graded.task.targets[0].runs'],
  ];
  for (const [name, text, words] of cases) {
    await drop(page, [[name, text]]);
    const card = page.locator('.toast-card', { hasText: name });
    await card.filter({ hasText: words }).waitFor();
    await card.getByRole('button', { name: '알림 닫기' }).click();
  }
  await page.goto(`${site}#/own`);
  await page.getByText('열어 둔 수업 파일이 없어요').waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});
