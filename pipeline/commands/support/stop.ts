/**
 * Runs work that Ctrl-C may end cleanly: the first signal aborts it, a second one ends the process at once.
 * Nothing is lost either way; the first lets the present batch finish.
 */
export async function untilStopped<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(1);
    process.stderr.write("\nStopping after the present batch. Once more to stop at once.\n");
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
