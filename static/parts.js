// Starts a program that was cut in two (see `src/xtask/src/dist/parts/`): what a first visit runs, and the
// rest, which comes when it is called for the first time, or before when `more` is called.
//
// The first part imports `rest.load` and calls it when a function of the rest is wanted now. That cannot
// wait, so the rest is then fetched with the thread standing still.

/** The rest could not be fetched; the program cannot go on. */
class RestMissing extends Error {
  // Minified, a class keeps no name.
  name = 'RestMissing';
}

/**
 * Starts a program.
 * @param init what wasm-bindgen wrote
 * @param module the first part, compiled; a program that was not cut is all of it
 * @param rest the absolute address of the rest
 * @returns a function that fetches the rest before it is wanted
 */
export async function begin(init, module, rest) {
  let first;
  const link = (module) => {
    if (!first.here.value) new WebAssembly.Instance(module, { first });
  };
  const load = () => link(new WebAssembly.Module(fetchNow(rest)));
  // Called by a program that is watched (`watch.rs`).
  const hit = () => (globalThis.archplayWatched = first);
  // wasm-bindgen makes the imports itself; this is where ours are added.
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (module, imports) => {
    WebAssembly.instantiate = instantiate;
    const made = await instantiate(module, { ...imports, rest: { load, hit } });
    first = (made.instance ?? made).exports;
    return made;
  };
  await init({ module_or_path: module });
  let coming = false;
  return async () => {
    if (coming || first.here?.value !== 0) return;
    coming = true;
    try {
      link(await WebAssembly.compileStreaming(fetch(rest)));
    } finally {
      coming = false;
    }
  };
}

/** Fetches bytes while the thread waits. */
function fetchNow(address) {
  const request = new XMLHttpRequest();
  request.open('GET', address, false);
  // A page may not ask for bytes when it waits; this makes each byte a character.
  request.overrideMimeType('text/plain; charset=x-user-defined');
  try {
    request.send();
  } catch (error) {
    throw new RestMissing(address, { cause: error });
  }
  if (request.status !== 200) throw new RestMissing(`${address}: ${request.status}`);
  return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0));
}
