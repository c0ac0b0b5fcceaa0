// Starts the worker with what the page sends first: the page has fetched both programs together.
import init from 'bindings';
import { begin } from './parts.js';

addEventListener(
  'message',
  ({ data }) => {
    begin(init, data.wasm, data.rest).catch((error) => {
      // A promise that fails is not heard outside of the worker, an error is.
      setTimeout(() => {
        throw error;
      });
    });
  },
  { once: true },
);
