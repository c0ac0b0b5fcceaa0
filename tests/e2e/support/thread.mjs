// CPU time of the browser's worker threads, where the system tells (Linux).
import { readdir, readFile } from 'node:fs/promises';

const NAME = 'DedicatedWorker';

/** Seconds that the workers of all pages have spent on a processor so far; null where nobody tells. */
export async function workerSecs(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const all = await Promise.all(renderers.map(({ id }) => secsOf(id).catch(() => null)));
  const known = all.filter((secs) => secs !== null);
  return known.length > 0 ? known.reduce((sum, secs) => sum + secs, 0) : null;
}

/** The worker threads of one process. */
async function secsOf(pid) {
  const tasks = `/proc/${pid}/task`;
  let sum = 0;
  for (const task of await readdir(tasks)) {
    const name = await readFile(`${tasks}/${task}/comm`, 'utf8');
    if (!name.startsWith(NAME)) continue;
    // Nanoseconds on a processor, nanoseconds of waiting for one, and how often.
    const [ran] = (await readFile(`${tasks}/${task}/schedstat`, 'utf8')).split(' ');
    sum += Number(ran) / 1e9;
  }
  return sum;
}
