import { parentPort } from "node:worker_threads";
import { draw } from "./draw.ts";
import type { Answered, Asked } from "./draw-apart.ts";

const port = parentPort!;
const answer = (what: Answered) => port.postMessage(what);

/** A thread that draws what it is asked to. */
port.on("message", async ({ id, spec, words }: Asked) => {
  try {
    answer({ id, drawn: await draw(spec, words) });
  } catch (fault) {
    answer({ id, fault: fault as Error });
  }
});
