import { attributionPatching } from "../../engine/attribution/attribution-patching.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import { random } from "../../statistics/random.ts";
import type { Case } from "./cases.ts";

export const HEADS = "blocks.*.attn.hook_z";

/** A head by block and place in the block, as one number: block × heads + head. */
export type Head = number;

/** Heads that are measured. */
export interface Choice {
  /** By what they carry to first order, most first. */
  readonly chosen: readonly Head[];
  /** Drawn from the others. */
  readonly drawn: readonly Head[];
  /** Chosen heads by that, times how much they look at the cue, most first. */
  readonly readers: readonly Head[];
}

/** What attribution patching and the pattern say of every head at the last position: [heads] means over cases. */
export interface FirstLook {
  /** Fall of the margin, to first order, when the head's value there is that of the corrupted prompt. */
  readonly attribution: Float64Array;
  /** Attention from there to the cue. */
  readonly looks: Float64Array;
}

export async function firstLook(model: LanguageModel, cases: readonly Case[], signal: AbortSignal): Promise<FirstLook> {
  const { nLayers, nHeads } = model.config;
  const heads = nLayers * nHeads;
  const { effects } = await attributionPatching(model, cases, { at: HEADS, positions: true, signal });
  const attribution = new Float64Array(heads);
  for (const effect of effects)
    effect.subarray(effect.length - heads).forEach((change, h) => {
      attribution[h]! -= change / cases.length;
    });
  const { cue } = await attentionTo(model, cases, signal);
  return { attribution, looks: meanRows(cue, heads) };
}

/** Attention from the last position to the cue, and the mean of that to what stands before and after it: [cases × heads]. */
export async function attentionTo(
  model: LanguageModel,
  cases: readonly Case[],
  signal: AbortSignal,
): Promise<{ cue: Float64Array; beside: Float64Array }> {
  const { nLayers, nHeads } = model.config;
  const heads = nLayers * nHeads;
  const found = { cue: new Float64Array(cases.length * heads), beside: new Float64Array(cases.length * heads) };
  const points = ["blocks.*.attn.hook_pattern"];
  for await (const { indices, tokens, outputs } of model.run(
    cases.map(({ clean }) => clean),
    { points, batch: 16 },
    signal,
  ))
    indices.forEach((index, row) => {
      const { clean, cue, before, after } = cases[index]!;
      for (let h = 0; h < heads; h++) {
        const pattern = outputs[`blocks.${Math.floor(h / nHeads)}.attn.hook_pattern`]!.data as Float32Array;
        const from = ((row * nHeads + (h % nHeads)) * tokens + clean.length - 1) * tokens;
        const to = (keys: readonly number[]) => keys.reduce((sum, key) => sum + pattern[from + key]!, 0);
        found.cue[index * heads + h] = to(cue);
        found.beside[index * heads + h] = (to(before) + to(after)) / 2;
      }
    });
  return found;
}

/** At most `most` heads, at most a quarter of all, and as many drawn from the rest. */
export function chooseHeads({ attribution, looks }: FirstLook, most: number, seed: number): Choice {
  const order = byGreatest(attribution);
  const count = Math.min(most, Math.floor(order.length / 4));
  const chosen = order.slice(0, count);
  const rest = order.slice(count);
  const drawn = Array.from(random(seed).sample(rest.length, count), (i) => rest[i]!);
  const readers = [...chosen].sort((a, b) => attribution[b]! * looks[b]! - attribution[a]! * looks[a]!);
  return { chosen, drawn, readers };
}

const byGreatest = (values: Float64Array): number[] =>
  Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]!);

/** Mean over rows of [rows × width]. */
function meanRows(values: Float64Array, width: number): Float64Array {
  const rows = values.length / width;
  const mean = new Float64Array(width);
  values.forEach((value, i) => {
    mean[i % width]! += value / rows;
  });
  return mean;
}
