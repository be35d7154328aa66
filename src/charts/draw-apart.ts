import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { TopLevelSpec } from "vega-lite";
import type { Drawn } from "./draw.ts";
import type { Words } from "./render.ts";

/** What the thread is asked (`drawing-thread.ts`). */
export interface Asked {
  readonly id: number;
  readonly spec: TopLevelSpec;
  readonly words: Words;
}

/** What it answers. */
export type Answered = { readonly id: number } & ({ readonly drawn: Drawn } | { readonly fault: Error });

const waiting = new Map<number, PromiseWithResolvers<Drawn>>();
let thread: Worker | undefined;
let last = 0;

/** A thread that nothing was asked of for so long ends: it holds 200 MB, which the rest of a build has a use for. */
const IDLE_MS = 2000;
let rest: NodeJS.Timeout | undefined;

/** `draw`, on a thread of its own: pages are rendered while their charts are drawn. */
export function drawApart(spec: TopLevelSpec, words: Words): Promise<Drawn> {
  clearTimeout(rest);
  thread ??= start();
  const id = ++last;
  const answer = Promise.withResolvers<Drawn>();
  waiting.set(id, answer);
  thread.ref();
  thread.postMessage({ id, spec, words } satisfies Asked);
  return answer.promise;
}

function start(): Worker {
  // From the project's root, where builds, tests and `dev` run: a bundled page has no place among the sources.
  const worker = new Worker(resolve("src/charts/drawing-thread.ts"));
  worker.on("message", (answered: Answered) => {
    const answer = waiting.get(answered.id)!;
    waiting.delete(answered.id);
    if ("drawn" in answered) answer.resolve(answered.drawn);
    else answer.reject(answered.fault);
    if (waiting.size > 0) return;
    worker.unref();
    rest = setTimeout(() => {
      thread = undefined;
      void worker.terminate();
    }, IDLE_MS).unref();
  });
  worker.on("error", (fault) => {
    for (const answer of waiting.values()) answer.reject(fault);
    waiting.clear();
    thread = undefined;
  });
  return worker;
}
