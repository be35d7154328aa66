import type { Vault } from "../../jobs/vault.ts";
import { writeTinyCard } from "./tiny-model.ts";

/** An experiment on the tiny model that writes its whole residual stream beside its result: `copies` times, to make it large. */
export const residuals = (id: string, shift: number, copies: number) => `
import type { Experiment } from "./experiment.ts";

export const experiment: Experiment<{ shift: number; copies: number }> = {
  id: "${id}",
  version: 1,
  seed: 1,
  parameters: { shift: ${shift}, copies: ${copies} },
  inputs: { prompts: [], corpora: [] },
  async run({ model, progress, signal }, { shift, copies }) {
    const point = "blocks.0.hook_resid_post";
    const sequences = Array.from({ length: 6 }, (_, i) => Array.from({ length: 8 }, (_, j) => (7 * i + 3 * j + shift) % model.config.vocabSize));
    const bytes: Uint8Array[] = [];
    let sum = 0;
    for await (const { outputs } of model.run(sequences, { points: [point] }, signal)) {
      const data = outputs[point]!.data as Float32Array;
      for (const x of data) sum += x * x;
      bytes.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice());
      progress(bytes.length / 3, "batches");
    }
    const whole = Buffer.concat(Array.from({ length: copies }, () => bytes).flat());
    return {
      tables: {},
      estimates: [{ id: "energy", label: "energy", value: sum, lo: sum, hi: sum, level: 0.95, n: 6, per: "sequence", unit: "", method: "none", tolerance: 1 }],
      files: { "residuals/a.bin": whole, "residuals/b.bin": whole },
    };
  },
};
`;

export const NAMES = ["first", "second", "third", "fourth"];

/** Writes the four experiments of a state; another shift makes all of them stale. */
export function setState(vault: Vault, shift: number, copies = 40): void {
  writeTinyCard(vault);
  for (const name of NAMES) vault.write(`pipeline/experiments/${name}.ts`, residuals(name, shift, copies));
}
