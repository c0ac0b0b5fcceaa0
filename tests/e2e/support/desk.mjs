// What the tests of drawings, files and lessons do again and again.

/** The field with the drawing's name. */
export const nameField = (page) => page.getByLabel('그림 이름', { exact: true });

/** Gives the drawing a name, as a person does. */
export async function rename(page, name) {
  await nameField(page).fill(name);
  await nameField(page).press('Enter');
}

/** Waits until the drawing is called so. */
export const called = (page, name) =>
  page.waitForFunction((name) => document.querySelector('.drawing-title input')?.value === name, name);

/** Waits until session 3 stands there with its lesson and its drawing. */
export async function opened(page) {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector('.drawing-title input')?.value);
}

/** Waits until the fast worker's program is here: it comes after the first run, or when the page is touched. */
export const fastWorkerHere = (page) =>
  page.waitForFunction(() => /\/start-fast-/.test(window.archplayBoot.worker.script));

/** Chooses an entry of the file menu. */
export async function file(page, entry) {
  await page.getByRole('button', { name: '파일', exact: true }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}

/** Selects a card with a click, once it rests: after loading, the drawing is fitted into the view. */
export async function select(page, id) {
  const card = page.locator(`#c-${id}`);
  await (await card.elementHandle()).waitForElementState('stable');
  // By force, because it is the canvas that takes the pointer; the card only stands there.
  await card.click({ force: true });
}

/** Waits for a short message with these words. */
export const told = (page, words) => page.locator('.toast-card', { hasText: words }).waitFor();

/** Drops files on the page: pairs of a name and a text. */
export async function drop(page, files) {
  const data = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const [name, text] of files) data.items.add(new File([text], name));
    return data;
  }, files);
  await page.dispatchEvent('body', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

/** Gives up the open task: its model answers are shown. */
export async function giveUp(page) {
  await page.getByRole('button', { name: '모범 답안 보기' }).click();
  await page.getByRole('button', { name: '포기하고 답안 보기' }).click();
}
