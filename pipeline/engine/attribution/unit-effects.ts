import { grad } from "../graph/grad.ts";
import type { Value } from "../graph/graph.ts";
import * as op from "../graph/ops.ts";
import { fed } from "../points/feeds.ts";
import type { Intervention } from "../points/intervention.ts";
import type { Site, Tail } from "../tails/tail.ts";

const unitsOf = (block: number) => `blocks.${block}.mlp.hook_post`;
const EMBEDDING = "blocks.0.hook_resid_pre";

/**
 * First-order effects of every MLP unit and of the embedding at every position on a target that each row has for itself:
 * the metric, or the value of one unit at one position. (value[source] − value[row]) · ∂target/∂value at this row. Feeds:
 * those of the metric; `source` int64 [batch]; `on_metric` float32 [batch], 1 where the target is the metric; `on_block`
 * float32 [batch, blocks] and `on_position` float32 [batch, token], one-hot where it is a unit, and `on_unit` int64 [batch, 1].
 * Outputs: `target` [batch], its value; `embedding` [batch, token]; for each block `units.<block>` and `change.<block>`
 * [batch, token, dMlp], the effects and value[source] − value[row].
 */
export function unitEffects(metric: Tail): Tail {
  return {
    name: "unit_effects",
    key: JSON.stringify([metric.name, metric.key]),
    build(site) {
      const blocks = Array.from({ length: site.config.nLayers }, (_, block) => block);
      const values = [EMBEDDING, ...blocks.map(unitsOf)].map((point) => site.point(point));
      const target = targetOf(site, metric, values.slice(1));
      const gradients = grad(op.reduceSum(target, [0]), values);
      const source = site.input("source", "int64", ["batch"]);
      const changes = values.map((value) => op.sub(op.gather(value, source), value));
      const effects = changes.map((change, i) => op.mul(change, gradients[i]!));
      return {
        target,
        embedding: op.reduceSum(effects[0]!, [-1]),
        ...Object.fromEntries(blocks.map((block) => [`units.${block}`, effects[block + 1]!])),
        ...Object.fromEntries(blocks.map((block) => [`change.${block}`, changes[block + 1]!])),
      };
    },
  };
}

function targetOf(site: Site, metric: Tail, units: readonly Value[]): Value {
  const [measured] = Object.values(metric.build(site)) as [Value];
  const onMetric = site.input("on_metric", "float32", ["batch"]);
  const onBlock = site.input("on_block", "float32", ["batch", units.length]);
  const onPosition = op.unsqueeze(site.input("on_position", "float32", ["batch", "token"]), [2]);
  const onUnit = site.input("on_unit", "int64", ["batch", 1]);
  return units.reduce(
    (sum, value, block) => {
      const there = op.reduceSum(op.mul(value, onPosition), [1]);
      const chosen = op.squeeze(op.gatherElements(there, onUnit), [1]);
      return op.add(sum, op.mul(chosen, op.squeeze(op.slice(onBlock, 1, block, block + 1), [1])));
    },
    op.mul(onMetric, measured),
  );
}

/**
 * Lets gradients pass through the MLPs of chosen blocks only, values as they are: with none but a unit's own block let
 * through, its gradient is the direct one, by way of the residual stream and attention (Ameisen et al. 2025 freeze attention
 * as well). Feed: `through.where` float32 [batch, blocks], 1 where it passes.
 */
export function gradientThrough(): Intervention {
  const intervention: Intervention = {
    name: "through",
    key: "through",
    at: "blocks.*.ln2.hook_normalized",
    feeds: { where: { type: "float32", axes: ["row", "point"] } },
    apply(site, value, point) {
      const pass = op.unsqueeze(fed({ site, intervention, value, point }, "where"), [1, 2]);
      const stopped = op.stopGradient(value);
      return op.add(stopped, op.mul(pass, op.sub(value, stopped)));
    },
  };
  return intervention;
}
