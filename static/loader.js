// Trunk's hooks around the fetch of the wasm file, handed on to `boot.js`.
export default function archplayLoader() {
  const boot = window.archplayBoot;
  return {
    onStart: () => boot.progress(0, 0),
    onProgress: ({ current, total }) => boot.progress(current, total),
    onSuccess: () => boot.ready(),
    onFailure: (reason) => boot.fail(reason),
  };
}
