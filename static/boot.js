// The frame while the page loads: words, progress, and what to say when loading fails.
// Runs before anything else, knows nothing of the app. `loader.js` calls it.
(() => {
  const words = {
    ko: {
      loading: '아키플레이를 불러오고 있어요…',
      starting: '거의 다 됐어요…',
      failed: '아키플레이를 불러오지 못했어요. 인터넷 연결을 확인하고 다시 시도해 주세요.',
      old: '이 브라우저에서는 아키플레이를 실행할 수 없어요. Chrome, Edge, Firefox, Safari의 최신 버전으로 열어 주세요.',
      again: '다시 시도',
    },
    en: {
      loading: 'Loading Archplay…',
      starting: 'Almost there…',
      failed: 'Archplay could not be loaded. Check your internet connection and try again.',
      old: 'This browser cannot run Archplay. Open it in a current Chrome, Edge, Firefox or Safari.',
      again: 'Try again',
    },
  };
  const preferred = (navigator.languages && navigator.languages[0]) || navigator.language || 'ko';
  const language = preferred.toLowerCase().startsWith('ko') ? 'ko' : 'en';
  const text = words[language];
  const byId = (id) => document.getElementById(id);
  let done = false;

  const say = (sentence) => {
    const line = byId('boot-text');
    if (line && line.textContent !== sentence) line.textContent = sentence;
  };

  const progress = (current, total) => {
    const bar = byId('boot-progress');
    if (bar && total > 0) bar.value = Math.min(100, Math.round((current / total) * 100));
    say(total > 0 && current >= total ? text.starting : text.loading);
  };

  const fail = (reason) => {
    const line = byId('boot-error');
    if (done || !line) return;
    done = true;
    console.error('archplay: loading failed', reason);
    const able = typeof WebAssembly === 'object' && 'noModule' in HTMLScriptElement.prototype;
    line.textContent = able ? text.failed : text.old;
    byId('boot-status').dataset.state = 'failed';
    byId('app').removeAttribute('aria-busy');
    say('');
    const again = byId('boot-again');
    again.textContent = text.again;
    again.hidden = false;
    again.addEventListener('click', () => location.reload());
    again.focus();
  };

  const ready = () => {
    done = true;
    const app = byId('app');
    if (app) app.removeAttribute('aria-busy');
  };

  // The app itself has crashed: a page that says so, with one button. The app's own words.
  const crashed = (title, about, again) => {
    const page = document.createElement('main');
    page.className = 'crash';
    page.setAttribute('role', 'alert');
    const heading = document.createElement('h1');
    heading.textContent = title;
    const text = document.createElement('p');
    text.textContent = about;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = again;
    button.addEventListener('click', () => location.reload());
    page.append(heading, text, button);
    document.body.replaceChildren(page);
    button.focus();
  };

  // A script that cannot be fetched reports at its own element only, hence the capture.
  addEventListener('error', (event) => fail(event.error || event.target), true);
  addEventListener('unhandledrejection', (event) => fail(event.reason));
  document.documentElement.lang = language;
  document.addEventListener('DOMContentLoaded', () => {
    if (typeof WebAssembly !== 'object') fail('no WebAssembly');
    else if (!done) say(text.loading);
  });

  window.archplayBoot = { progress, fail, ready, crashed };
})();
