// The frame while the page loads: words, progress, and what to say when loading fails or the page has
// crashed. Runs before anything else, knows nothing of the app; `start.js` and the app call it.
(() => {
  const words = {
    ko: {
      loading: '아키플레이를 불러오고 있어요…',
      starting: '거의 다 됐어요…',
      failed: '아키플레이를 불러오지 못했어요. 인터넷 연결을 확인하고 다시 시도해 주세요.',
      old: '이 브라우저에서는 아키플레이를 실행할 수 없어요. Chrome, Edge, Firefox, Safari의 최신 버전으로 열어 주세요.',
      again: '다시 시도',
      crashed: '아키플레이가 멈췄어요',
      missing: '나머지 프로그램을 불러오지 못했어요. 인터넷 연결을 확인해 주세요',
      kept: '그리던 그림은 이 브라우저에 남아 있으니, 다시 열면 이어서 그릴 수 있어요.',
      lost: '마지막 변경을 저장하지 못해서 사라졌을 수 있어요.',
      reload: '다시 열기',
    },
    en: {
      loading: 'Loading Archplay…',
      starting: 'Almost there…',
      failed: 'Archplay could not be loaded. Check your internet connection and try again.',
      old: 'This browser cannot run Archplay. Open it in a current Chrome, Edge, Firefox or Safari.',
      again: 'Try again',
      crashed: 'Archplay has stopped',
      missing: 'The rest of the program could not be loaded. Check your internet connection',
      kept: 'Your drawing is kept in this browser: open it again to go on.',
      lost: 'The last change could not be saved and may be lost.',
      reload: 'Open again',
    },
  };

  /** The language chosen before, else the first preferred one that we speak, else English. */
  const choose = () => {
    let kept = null;
    try {
      kept = localStorage.getItem('archplay/lang');
    } catch {
      // A browser that keeps nothing: the preference decides.
    }
    const preferred = kept ? [kept] : (navigator.languages ?? [navigator.language]);
    const primary = preferred.map((tag) => String(tag).toLowerCase().split(/[-_]/)[0]);
    const spoken = primary.find((tag) => tag in words);
    return spoken ?? (primary.length > 0 ? 'en' : 'ko');
  };

  const language = choose();
  const byId = (id) => document.getElementById(id);
  let done = false;
  let over = false;

  const say = (sentence) => {
    const line = byId('boot-text');
    if (line && line.textContent !== sentence) line.textContent = sentence;
  };

  const progress = (current, total) => {
    const bar = byId('boot-progress');
    if (bar && total > 0) bar.value = Math.min(100, Math.round((current / total) * 100));
    say(words[language][total > 0 && current >= total ? 'starting' : 'loading']);
  };

  const fail = (reason) => {
    const line = byId('boot-error');
    if (done || !line) return;
    done = true;
    console.error('archplay: loading failed', reason);
    const able = typeof WebAssembly === 'object' && 'noModule' in HTMLScriptElement.prototype;
    line.textContent = words[language][able ? 'failed' : 'old'];
    byId('boot-status').dataset.state = 'failed';
    byId('app').removeAttribute('aria-busy');
    say('');
    const again = byId('boot-again');
    again.textContent = words[language].again;
    again.hidden = false;
    again.addEventListener('click', () => location.reload());
    again.focus();
  };

  const ready = () => {
    done = true;
    const app = byId('app');
    if (app) app.removeAttribute('aria-busy');
  };

  // The program has stopped in the middle of something: what was drawn is put aside, and a page says so.
  const crashed = (reason) => {
    if (over) return;
    over = true;
    console.error('archplay: crashed', reason);
    let kept = false;
    try {
      kept = api.rescue?.() === true;
    } catch {
      // What was being changed when it stopped cannot be read any more.
    }
    const said = words[document.documentElement.lang] ?? words.en;
    const page = document.createElement('main');
    page.className = 'crash';
    page.setAttribute('role', 'alert');
    const heading = document.createElement('h1');
    heading.textContent = reason.name === 'RestMissing' ? said.missing : said.crashed;
    const text = document.createElement('p');
    text.textContent = kept ? said.kept : said.lost;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = said.reload;
    button.addEventListener('click', () => location.reload());
    page.append(heading, text, button);
    document.body.replaceChildren(page);
    button.focus();
  };

  /** While loading anything is a failure; later only the end of the program is. */
  const heard = (reason) => {
    const ended = reason instanceof WebAssembly.RuntimeError || reason?.name === 'RestMissing';
    if (!done) fail(reason);
    else if (ended) crashed(reason);
  };

  // A script that cannot be fetched reports at its own element only, hence the capture.
  addEventListener('error', (event) => heard(event.error || event.target), true);
  addEventListener('unhandledrejection', (event) => heard(event.reason));
  // The page as trunk alone builds it has another start script.
  addEventListener('TrunkApplicationStarted', ready);
  document.documentElement.lang = language;
  document.addEventListener('DOMContentLoaded', () => {
    if (typeof WebAssembly !== 'object') fail('no WebAssembly');
    else if (!done) say(words[language].loading);
  });

  const api = { language, progress, fail, ready };
  window.archplayBoot = api;
})();
