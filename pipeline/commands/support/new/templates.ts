import { stringify } from "yaml";
import type { z } from "zod";
import { Line } from "../../../artifacts/content/line.ts";
import { Note } from "../../../artifacts/content/note.ts";
import { Protocol } from "../../../artifacts/content/protocol.ts";
import { Source } from "../../../artifacts/content/source.ts";
import type { Reference } from "./reference.ts";

/** What a new file can refer to. */
export interface Surroundings {
  readonly today: string;
  readonly topics: readonly string[];
  readonly experiments: readonly string[];
  readonly lines: readonly string[];
  /** `note/claim` */
  readonly claims: readonly string[];
  /** Those that the author chose. */
  readonly chosen?: readonly string[];
}

/** What an author has said already; the rest stands as a question in the file. */
export interface Given {
  readonly title?: string;
  readonly topics?: readonly string[];
  readonly reference?: Reference;
}

export type NewKind = "line" | "note" | "source" | "experiment";

/** The files to start from, by path. Frontmatter is valid as it is; what an author has to say stands as a question. */
export function templates(
  kind: NewKind,
  slug: string,
  surroundings: Surroundings,
  given: Given = {},
): Record<string, string> {
  const around = given.topics ? { ...surroundings, chosen: given.topics } : surroundings;
  const question = given.title ?? `${titleOf(slug)}?`;
  const title = given.title ?? titleOf(slug);
  switch (kind) {
    case "line":
      return { [`content/lines/${slug}.mdx`]: mdx(Line, line(question, around), LINE_BODY) };
    case "note":
      return { [`content/notes/${slug}.mdx`]: mdx(Note, note(question, around), NOTE_BODY) };
    case "source": {
      const written = { ...source(title, around), ...given.reference };
      return { [`content/sources/${slug}.mdx`]: mdx(Source, written, "What it reports, in our own words.\n") };
    }
    case "experiment":
      return {
        [`content/experiments/${slug}.mdx`]: mdx(
          Protocol,
          protocol(title),
          "The protocol in full: what is computed, on what, against which control.\n",
        ),
        [`pipeline/experiments/${slug}.ts`]: experimentCode(slug),
        [`tests/experiments/${slug}.test.ts`]: experimentTest(slug),
      };
  }
}

/** The schema is asked here, so that a template that no longer fits is found by whoever changes the schema. */
function mdx<S extends z.ZodType>(schema: S, frontmatter: z.input<S>, body: string): string {
  schema.parse(frontmatter);
  return `---\n${stringify(frontmatter, { lineWidth: 120 })}---\n${body}`;
}

function line(title: string, around: Surroundings): z.input<typeof Line> {
  const { today, lines, claims } = around;
  return {
    title,
    standfirst: "This explores what? One or two sentences.",
    date: today,
    topics: topicsOf(around),
    claims: some(claims, "note-to-name/claim-to-name"),
    change: [
      { what: "What is the smallest experiment that could change the answer?", cost: "How long would it take?" },
    ],
    next: [{ to: some(lines, "line-to-name")[0]!, step: "deepens", why: "Why go there next?" }],
  };
}

function note(title: string, around: Surroundings): z.input<typeof Note> {
  const { today, experiments } = around;
  return {
    title,
    standfirst: "What was found, in one or two sentences?",
    summary: "What would a card say of it?",
    date: today,
    topics: topicsOf(around),
    claims: [
      {
        id: "first-claim",
        statement: "What is claimed?",
        scope: { unit: "Of what?", layers: "In which layers?", models: "Of which models?", corpus: "On which text?" },
        // A prediction takes its place: experiment, estimate, above | below | within, beyond which control, prior.
        planned: { experiment: some(experiments, "experiment-to-name")[0]!, what: "Which estimate would decide it?" },
        sources: [],
        limit: "What can the model or the measurement not say about it?",
      },
    ],
    silent: ["What can this model not say?"],
  };
}

function source(title: string, around: Surroundings): z.input<typeof Source> {
  const { today } = around;
  return {
    title,
    authors: ["Who wrote it?"],
    year: Number(today.slice(0, 4)),
    venue: "Where did it appear?",
    kind: "article",
    url: "https://example.org/where-it-can-be-read",
    topics: topicsOf(around),
    abstract: "What does it do and find, in our own words?",
    figures: [],
    accessed: today,
  };
}

function protocol(title: string): z.input<typeof Protocol> {
  return {
    title,
    question: "Which question does it answer?",
    quantity: "Which number comes out?",
    data: "On which text?",
    controls: [{ code: "RW", what: "Random weights, on the same axes." }],
    test: "How does the number get its interval?",
    cost: "How long does it take on which machine?",
    limits: ["What can it not show?"],
    falsifier: "What would have to come out for the claim to be wrong?",
  };
}

const topicsOf = ({ chosen, topics }: Surroundings): string[] =>
  chosen && chosen.length > 0 ? [...chosen] : some(topics, "topic-to-name");

const some = (ids: readonly string[], otherwise: string): string[] => [ids[0] ?? otherwise];

/** A title from a name in addresses: what an author may begin with. */
export function titleOf(slug: string): string {
  const words = slug.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const LINE_BODY =
  `The essay: four paragraphs or more. A claim is a sentence in <Claim of="note/claim">…</Claim>; a note is cited at its end with
<Cite note="…" />; a number that was measured is <Value of="experiment/estimate" />, never typed.
`.replaceAll(/<[^>]+>…<\/\w+>|<[^>]+>/g, (tag) => `\`${tag}\``);

const NOTE_BODY = `## Finding

## Mechanism

## Why it matters

## Limits
`;

const experimentCode = (slug: string) => `import type { Tensor } from "../engine/runtime.ts";
import { bootstrap } from "../statistics/bootstrap.ts";
import type { Experiment } from "./experiment.ts";

/** A start that runs: the mean length of the residual stream after the last block, over a few sentences. */
export const experiment: Experiment<{ sentences: readonly string[]; resamples: number }> = {
  id: "${slug}",
  version: 1,
  seed: 1,
  parameters: {
    sentences: ["The river rose after the rain.", "She paid the money into the bank.", "Nobody had asked for it.", "Birds fly south in autumn."],
    resamples: 2000,
  },
  inputs: { prompts: [], corpora: [] },
  async run({ model, tokenizer, seed, progress, signal }, { sentences, resamples }) {
    const point = \`blocks.\${model.config.nLayers - 1}.hook_resid_post\`;
    const norms: number[] = [];
    for await (const { indices, lengths, outputs } of model.run(sentences.map((text) => tokenizer.encode(text)), { points: [point] }, signal)) {
      for (const [row, index] of indices.entries()) norms[index] = meanNorm(outputs[point]!, row, lengths[row]!);
      progress(norms.length / sentences.length, "sentences");
    }
    const statistic = (sample: Int32Array) => sample.reduce((sum, i) => sum + norms[i]!, 0) / sample.length;
    const interval = bootstrap(norms.length, statistic, { resamples, seed });
    return {
      tables: {},
      estimates: [
        {
          id: "mean-norm",
          label: "Mean length of the final residual stream",
          ...interval,
          level: 0.95,
          n: norms.length,
          per: "sentence",
          unit: "",
          method: \`mean over tokens after the first; bootstrap over sentences, \${resamples} resamples\`,
          tolerance: 0.01 * interval.value,
        },
      ],
    };
  },
};

/** Mean length of one sequence's vectors, [batch, token, dModel], the first token (an attention sink) left out. */
export function meanNorm({ data, shape }: Tensor, row: number, length: number): number {
  const [, tokens = 0, width = 0] = shape;
  let sum = 0;
  for (let token = 1; token < length; token++) {
    const from = (row * tokens + token) * width;
    sum += Math.hypot(...Array.from(data.subarray(from, from + width), Number));
  }
  return sum / (length - 1);
}
`;

const experimentTest = (slug: string) => `import { expect, it } from "vitest";
import { experiment, meanNorm } from "../../pipeline/experiments/${slug}.ts";

it("the first token and the padding stay out of the mean", () => {
  const data = Float32Array.of(100, 100, 3, 4, 0, 1, 100, 100);
  expect(meanNorm({ type: "float32", shape: [1, 4, 2], data }, 0, 3)).toBe(3);
});

it("is called by its file's name", () => {
  expect(experiment.id).toBe("${slug}");
});
`;
