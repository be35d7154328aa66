import { Presets, SingleBar } from "cli-progress";

/** Progress of one piece of work, shown on standard error: standard output belongs to results. */
export interface Progress {
  /** `done` in the same unit as the total. */
  update(done: number, note?: string): void;
  /** Ends the bar, or prints the last line. Call it in `finally`. */
  stop(note?: string): void;
}

export interface ProgressOptions {
  /** `MB`, `batches`, …; shown after the counts. */
  readonly unit?: string;
  /** Divides the counts for display: 1e6 for bytes shown as MB. */
  readonly scale?: number;
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** A line goes out at most this often when nobody watches a terminal. */
const LINE_EVERY_MS = 5_000;

/** A progress bar on a terminal; plain lines (first, each five seconds, last) when piped. */
export function startProgress(title: string, total: number, options: ProgressOptions = {}): Progress {
  const { unit = "", scale = 1, stream = process.stderr } = options;
  const shown = (count: number): string => (count / scale).toFixed(scale === 1 ? 0 : 1);
  return stream.isTTY ? bar() : lines();

  function bar(): Progress {
    const single = new SingleBar(
      {
        format: `${title} {bar} {percentage}% | {shown}/${shown(total)} ${unit} | {eta_formatted} {note}`,
        stream,
        hideCursor: true,
      },
      Presets.shades_classic,
    );
    single.start(total, 0, { shown: shown(0), note: "" });
    return {
      update: (done, note = "") => single.update(done, { shown: shown(done), note }),
      stop: (note) => {
        single.stop();
        if (note !== undefined) stream.write(`${note}\n`);
      },
    };
  }

  function lines(): Progress {
    let last = Date.now();
    stream.write(`${title}: ${shown(total)} ${unit}`.trimEnd().concat("\n"));
    return {
      update: (done, note) => {
        if (Date.now() - last < LINE_EVERY_MS) return;
        last = Date.now();
        const share = total > 0 ? Math.floor((100 * done) / total) : 100;
        stream.write(`${title}: ${share}% (${shown(done)} of ${shown(total)} ${unit})${note ? ` ${note}` : ""}\n`);
      },
      stop: (note) => {
        stream.write(`${title}: ${note ?? "done"}\n`);
      },
    };
  }
}
