import { metricOf } from "../../engine/attribution/pairs.ts";
import { gradientThrough, unitEffects } from "../../engine/attribution/unit-effects.ts";
import type { BatchResult, LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import { random } from "../../statistics/random.ts";
import type { Case } from "../heads/cases.ts";
import { atTheEnd } from "../heads/patch-heads.ts";

/** An MLP unit at a position. */
export interface Place {
  readonly block: number;
  readonly position: number;
  readonly unit: number;
}

/** A unit of a graph: with what its change from the corrupted prompt to the clean one does to the margin, to first order, in all and directly. */
export interface Node extends Place {
  /** Clean value less corrupted. */
  readonly change: number;
  readonly effect: number;
  readonly direct: number;
}

/** What one node gives another directly, to first order, in the other's units of activation. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** The graph of one case: nodes strongest first, edges between them, and what reaches each from the cue's embedding. */
export interface UnitGraph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  /** [nodes] directly from the embeddings. */
  readonly embedded: Float64Array;
  /** Share of what reaches nodes and answer directly, in absolute effect, that comes from nodes and embeddings; weighted by the nodes' effects. */
  readonly completeness: number;
}

type Target = "metric" | Place;

/** Rows whose effects are handed over at a time: each is as large as all units at all positions. */
const ROWS = 8;

/**
 * The graph of a case: the `count` units with the greatest total first-order effect on the margin, at any position but the first;
 * or, for the control, others drawn at the same blocks and positions, one for each of `like`.
 */
export async function unitGraph(
  model: LanguageModel,
  one: Case,
  { count, like, seed }: { readonly count: number; readonly like?: readonly Place[]; readonly seed: number },
  signal: AbortSignal,
): Promise<UnitGraph> {
  const onMargin: Effects[] = [];
  for (const through of ["all", "own"] as const)
    await effectsOn(model, one, ["metric"], through, (_, found) => onMargin.push(found), signal);
  const [whole, direct] = onMargin as [Effects, Effects];
  const places = like ? drawnLike(like, model.config.dMlp, seed) : greatest(whole, count);
  const nodes = places.map(
    (place): Node => ({
      ...place,
      change: -whole.changeAt(place),
      effect: -whole.at(place),
      direct: -direct.at(place),
    }),
  );
  const edges: Edge[] = [];
  const embedded = new Float64Array(nodes.length);
  /** For each target its weight, what comes from nodes and embeddings, and from everything. */
  const reach = [{ weight: totalOf(nodes.map(({ effect }) => effect)), ...sharesOf(direct, nodes) }];
  await effectsOn(
    model,
    one,
    nodes,
    "own",
    (to, found) => {
      nodes.forEach((node, from) => {
        const weight = -found.at(node);
        if (from !== to && weight !== 0) edges.push({ from, to, weight });
      });
      embedded[to] = -found.embedding;
      reach.push({ weight: Math.abs(nodes[to]!.effect), ...sharesOf(found, nodes) });
    },
    signal,
  );
  const weights = totalOf(reach.map(({ weight }) => weight));
  const completeness = reach.reduce(
    (sum, { weight, kept, all }) => sum + (all === 0 ? 0 : (weight / weights) * (kept / all)),
    0,
  );
  return { nodes, edges, embedded, completeness };
}

/** Effects of moving units and embeddings from clean to corrupted values on one target. */
interface Effects {
  at(place: Place): number;
  changeAt(place: Place): number;
  /** Σ |effect| of all units. */
  readonly absolute: number;
  readonly embedding: number;
  readonly absoluteEmbedding: number;
  /** Calls back with every unit's effect but those at the first position. */
  each(visit: (place: Place, effect: number) => void): void;
}

const totalOf = (values: readonly number[]) => values.reduce((sum, value) => sum + Math.abs(value), 0);

function sharesOf(found: Effects, nodes: readonly Place[]): { kept: number; all: number } {
  const all = found.absolute + found.absoluteEmbedding;
  return { kept: totalOf(nodes.map((node) => found.at(node))) + found.absoluteEmbedding, all };
}

async function effectsOn(
  model: LanguageModel,
  one: Case,
  targets: readonly Target[],
  through: "all" | "own",
  keep: (target: number, effects: Effects) => void,
  signal: AbortSignal,
): Promise<void> {
  const { nLayers } = model.config;
  for (let from = 0; from < targets.length; from += ROWS) {
    const some = targets.slice(from, from + ROWS);
    const run = model.run(
      [...some.map(() => one.clean), one.corrupted],
      {
        tails: [unitEffects(metricOf(model))],
        interventions: [gradientThrough()],
        batch: some.length + 1,
        feeds: (indices, tokens) => feedsOf(one, indices, some, tokens, nLayers, through),
      },
      signal,
    );
    for await (const batch of run)
      batch.indices.forEach((index, row) => {
        if (index < some.length) keep(from + index, effectsIn(batch, row, model.config));
      });
  }
}

function feedsOf(
  one: Case,
  indices: readonly number[],
  targets: readonly Target[],
  tokens: number,
  nLayers: number,
  through: "all" | "own",
): Record<string, Tensor> {
  const rows = indices.length;
  const onMetric = new Float32Array(rows);
  const [onBlock, passes] = [new Float32Array(rows * nLayers), new Float32Array(rows * nLayers)];
  const onPosition = new Float32Array(rows * tokens);
  const onUnit = new BigInt64Array(rows);
  if (through === "all") passes.fill(1);
  indices.forEach((index, row) => {
    const target = targets[index] ?? "metric";
    if (target === "metric") {
      onMetric[row] = 1;
      return;
    }
    onBlock[row * nLayers + target.block] = 1;
    passes[row * nLayers + target.block] = 1;
    onPosition[row * tokens + target.position] = 1;
    onUnit[row] = BigInt(target.unit);
  });
  const corrupted = BigInt(indices.indexOf(targets.length));
  const float = (shape: number[], data: Float32Array): Tensor => ({ type: "float32", shape, data });
  return {
    ...atTheEnd(
      indices.map(() => one),
      tokens,
    ),
    source: { type: "int64", shape: [rows], data: new BigInt64Array(rows).fill(corrupted) },
    on_metric: float([rows], onMetric),
    on_block: float([rows, nLayers], onBlock),
    on_position: float([rows, tokens], onPosition),
    on_unit: { type: "int64", shape: [rows, 1], data: onUnit },
    "through.where": float([rows, nLayers], passes),
  };
}

function effectsIn({ tokens, outputs }: BatchResult, row: number, { nLayers, dMlp }: LanguageModel["config"]): Effects {
  const of = (name: string, block: number) => {
    const data = outputs[`unit_effects.${name}.${block}`]!.data as Float32Array;
    return data.slice(row * tokens * dMlp, (row + 1) * tokens * dMlp);
  };
  const units = Array.from({ length: nLayers }, (_, block) => of("units", block));
  const changes = Array.from({ length: nLayers }, (_, block) => of("change", block));
  const embedding = Array.from(
    (outputs["unit_effects.embedding"]!.data as Float32Array).slice(row * tokens, (row + 1) * tokens),
  );
  let absolute = 0;
  for (const block of units) for (const effect of block) absolute += Math.abs(effect);
  return {
    at: ({ block, position, unit }) => units[block]![position * dMlp + unit]!,
    changeAt: ({ block, position, unit }) => changes[block]![position * dMlp + unit]!,
    absolute,
    embedding: embedding.reduce((sum, effect) => sum + effect, 0),
    absoluteEmbedding: totalOf(embedding),
    each(visit) {
      units.forEach((effects, block) => {
        for (let i = dMlp; i < effects.length; i++)
          visit({ block, position: Math.floor(i / dMlp), unit: i % dMlp }, effects[i]!);
      });
    },
  };
}

/** The units with the greatest absolute effect, greatest first. */
function greatest(effects: Effects, count: number): Place[] {
  const best: { place: Place; size: number }[] = [];
  effects.each((place, effect) => {
    const size = Math.abs(effect);
    if (best.length === count && size <= best.at(-1)!.size) return;
    const at = best.findIndex((other) => other.size < size);
    best.splice(at < 0 ? best.length : at, 0, { place, size });
    best.length = Math.min(best.length, count);
  });
  return best.map(({ place }) => place);
}

/** Other units at the same blocks and positions, none twice. */
export function drawnLike(like: readonly Place[], dMlp: number, seed: number): Place[] {
  const generator = random(seed);
  const key = ({ block, position, unit }: Place) => `${block} ${position} ${unit}`;
  const taken = new Set(like.map(key));
  return like.map((place) => {
    for (;;) {
      const drawn = { ...place, unit: generator.int(dMlp) };
      if (taken.has(key(drawn))) continue;
      taken.add(key(drawn));
      return drawn;
    }
  });
}
