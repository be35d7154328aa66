import type { LanguageModel } from "../../engine/run/language-model.ts";
import { rowNorms } from "../support/sinks.ts";

/** The points of one block that dictionaries are of. */
export interface BlockPoints {
  /** The residual stream behind the block. */
  readonly stream: string;
  /** What its MLP reads, before the norm's gain. */
  readonly read: string;
  /** The MLP's units. */
  readonly units: string;
  /** What the MLP adds to the stream. */
  readonly written: string;
}

export const pointsOfBlock = (block: number): BlockPoints => ({
  stream: `blocks.${block}.hook_resid_post`,
  read: `blocks.${block}.ln2.hook_normalized`,
  units: `blocks.${block}.mlp.hook_post`,
  written: `blocks.${block}.hook_mlp_out`,
});

/** Rows of one point, [rows × width]. */
export interface Rows {
  readonly width: number;
  readonly data: Float32Array;
}

/** Runs sequences, all of one length, and keeps the points' values at every position but the first, sequence after sequence. */
export async function collectRows<Name extends string>(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  points: Readonly<Record<Name, string>>,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<Record<Name, Rows>> {
  const length = sequences[0]!.length - 1;
  const names = Object.keys(points) as Name[];
  const found: Partial<Record<Name, Rows>> = {};
  let done = 0;
  for await (const { indices, tokens, outputs } of model.run(sequences, { points: Object.values(points) }, signal)) {
    for (const name of names) {
      const { data, shape } = outputs[points[name]]!;
      const width = shape[2]!;
      found[name] ??= { width, data: new Float32Array(sequences.length * length * width) };
      for (const [r, sequence] of indices.entries()) {
        const from = (r * tokens + 1) * width;
        const rows = (data as Float32Array).subarray(from, from + length * width);
        found[name].data.set(rows, sequence * length * width);
      }
    }
    done += indices.length;
    progress(done / sequences.length);
  }
  return found as Record<Name, Rows>;
}

/** How long each row is, as an arrow. */
export const lengthsOf = ({ data, width }: Rows): Float64Array => {
  const rows = data.length / width;
  return rowNorms(data, 0, rows, rows, width);
};

/** The rows that `kept` has a 1 for. */
export function keptRows({ data, width }: Rows, kept: Uint8Array): Rows {
  const out = new Float32Array(kept.reduce((sum, keep) => sum + keep, 0) * width);
  let to = 0;
  kept.forEach((keep, i) => {
    if (!keep) return;
    out.set(data.subarray(i * width, (i + 1) * width), to);
    to += width;
  });
  return { width, data: out };
}
