import type { PullOptions } from "../../models/pull.ts";
import { type Progress, startProgress } from "./progress.ts";

/** Shows the steps of getting a model (downloading, unpacking, checking), each with a bar of its own, on standard error. */
export function steps(title: string): Required<Pick<PullOptions, "onProgress" | "onNote">> & { end(): void } {
  let current: { what: string; progress: Progress } | undefined;
  const end = (): void => {
    current?.progress.stop();
    current = undefined;
  };
  return {
    end,
    onProgress(done, total, what) {
      if (current?.what !== what) {
        end();
        current = { what, progress: startProgress(`${title}: ${what}`, total ?? 0, { unit: "MB", scale: 1e6 }) };
      }
      current.progress.update(done);
    },
    onNote(note) {
      end();
      process.stderr.write(`${note}\n`);
    },
  };
}
