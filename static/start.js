// Fetches the program and the texts, unpacks, and starts the page. `boot.js` shows how far it is.
//
// One program is page and worker of a first visit. The fast worker is fetched with the rest of the program.
import init from 'bindings';
import { Decoder } from 'lzma-decoder';
import { InputBuffer, OutputBuffer } from 'lzma-streams';
import { begin } from './parts.js';

/** How long after a run the rest of the program is fetched. */
const AFTER_RUN_MS = 2_000;

const boot = window.archplayBoot;
let fastWorker = false;
const named = (name) => document.querySelector(`meta[name="archplay-${name}"]`).content;
const address = (name) => new URL(named(name), document.baseURI).href;

/** Fetches the packed program and tells how far it is. */
async function packed() {
  const response = await fetch(address('parts'));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  const bytes = new Uint8Array(Number(named('parts-bytes')));
  const reader = response.body.getReader();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    // A file that is longer or shorter than the page was told belongs to another build.
    if (length + value.length > bytes.length) throw new Error(`${response.url}: too long`);
    bytes.set(value, length);
    length += value.length;
    boot.progress(length, bytes.length);
  }
  if (length !== bytes.length) throw new Error(`${response.url}: too short`);
  return bytes;
}

/** Fetches the texts of the language the page begins with. */
async function texts() {
  const lang = boot.language;
  const response = await fetch(address(`texts-${lang}`));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return { lang, json: await response.text() };
}

function unpack(bytes) {
  const out = new OutputBuffer(bytes.length * 4);
  new Decoder().decompress(new InputBuffer(bytes), out);
  return out.toArray();
}

/** Fetches the fast worker, unless it is here or on its way; workers that are started later are fast ones. */
async function fetchFastWorker() {
  if (fastWorker) return;
  fastWorker = true;
  try {
    const module = await WebAssembly.compileStreaming(fetch(address('fast')));
    boot.worker = { script: address('fast-worker'), module };
    dispatchEvent(new Event('archplay-faster'));
  } catch (error) {
    // Slower workers do the same. After the next run it is fetched again, unless this browser cannot run it.
    fastWorker = error instanceof WebAssembly.CompileError;
  }
}

/** Fetches the rest when a person does anything but press run: that alone needs nothing of it. */
function fetchRestInTime(more) {
  const kinds = ['pointerdown', 'keydown'];
  const act = (event) => {
    const plain = event.type === 'keydown' && ['Tab', 'Space', 'Enter', 'Escape'].includes(event.code);
    if (plain || event.target?.closest?.('.zone-strip')) return;
    boot.more();
  };
  boot.more = () => {
    kinds.forEach((kind) => removeEventListener(kind, act, true));
    // What fails here is fetched again when it is wanted.
    more().catch(() => {});
    fetchFastWorker();
    // The app fetches its other texts itself.
    dispatchEvent(new Event('archplay-more'));
  };
  // The end of a run is drawn in peace.
  boot.ended = () => setTimeout(boot.more, AFTER_RUN_MS);
  kinds.forEach((kind) => addEventListener(kind, act, true));
}

try {
  const [parts, words] = await Promise.all([packed(), texts()]);
  const module = await WebAssembly.compile(unpack(parts));
  const rest = address('app-rest');
  boot.texts = words;
  boot.worker = { script: address('worker'), module, rest };
  fetchRestInTime(await begin(init, module, rest));
  boot.ready();
} catch (error) {
  boot.fail(error);
}
