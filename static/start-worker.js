// Starts a worker with what the page sends first, a compiled program. There are two such scripts, each with
// the bindings of its program.
import init from 'bindings';
import { begin } from './parts.js';

addEventListener(
  'message',
  ({ data }) => {
    begin(init, data.module, data.rest).catch((error) => {
      // A promise that fails is not heard outside of the worker, an error is.
      setTimeout(() => {
        throw error;
      });
    });
  },
  { once: true },
);
