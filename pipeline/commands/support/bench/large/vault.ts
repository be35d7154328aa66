import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { z } from "zod";
import type { Line } from "../../../../artifacts/content/line.ts";
import type { ModelCard } from "../../../../artifacts/content/model-card.ts";
import type { Note } from "../../../../artifacts/content/note.ts";
import type { Prompts } from "../../../../artifacts/content/prompts/prompts.ts";
import type { Protocol } from "../../../../artifacts/content/protocol.ts";
import type { Source } from "../../../../artifacts/content/source.ts";
import type { Term } from "../../../../artifacts/content/term.ts";
import type { Topic } from "../../../../artifacts/content/topic.ts";
import { type Random, random } from "../../../../statistics/random.ts";
import { QUANTITIES, writeMeasurement } from "./measurements.ts";
import { clause, paragraph, question, sentence } from "./words.ts";

/** Twenty experiments of three quantities: sixty different charts, however many notes show them. */
const EXPERIMENTS = Array.from({ length: 20 }, (_, i) => `measure-${i + 1}`);
const MODEL = "large-model";
const TERMS = ["residual-stream", "unembedding", "probe", "control"];
const DAY = "2026-11-01";

export interface LargeVault {
  readonly notes: number;
  readonly lines: number;
  readonly sources: number;
  readonly topics: number;
  /** Experiment × quantity that some note shows. */
  readonly charts: number;
}

/**
 * Writes a vault of so many notes to `root`, the same for the same seed: each note has two claims with predictions and
 * citation checks, a body of some five hundred words, citations of notes and sources, measured values, and one chart of the sixty.
 * There is a line to every twenty notes, a source to every ten, a topic to every fifty.
 */
export function writeLargeVault(root: string, notes: number, seed = 1): LargeVault {
  const chance = random(seed);
  const names = (count: number) =>
    Array.from({ length: Math.max(2, Math.ceil(count)) }, (_, i) => question(i + 1, chance));
  const [asked, lines] = [names(notes), names(notes / 20)];
  const sources = Array.from({ length: Math.max(4, Math.ceil(notes / 10)) }, (_, i) => `author-${i + 1}-report`);
  const topics = Array.from({ length: Math.max(2, Math.ceil(notes / 50)) }, (_, i) => `topic-${i + 1}`);
  const place: Place = { root, chance, asked, lines, sources, topics };
  for (const [i, experiment] of EXPERIMENTS.entries()) {
    writeMeasurement(root, MODEL, experiment, seed * 1000 + i);
    writeMdx(root, "experiments", experiment, protocol(experiment, chance), paragraph(4, chance));
  }
  for (const id of topics) writeMdx(root, "topics", id, topic(id, chance), "");
  for (const id of TERMS) writeMdx(root, "glossary", id, term(id, chance), "");
  for (const [i, id] of sources.entries()) writeMdx(root, "sources", id, source(i, place), paragraph(2, chance));
  for (const i of asked.keys()) writeMdx(root, "notes", asked[i]!.slug, note(i, place), noteBody(i, place));
  for (const i of lines.keys()) writeMdx(root, "lines", lines[i]!.slug, line(i, place), lineBody(i, place));
  writeYaml(root, `models/${MODEL}`, card(MODEL));
  writeYaml(root, "prompts/traces", prompts());
  const charts = new Set(asked.map((_, i) => chartOf(i).join("/"))).size;
  return { notes: asked.length, lines: lines.length, sources: sources.length, topics: topics.length, charts };
}

interface Place {
  readonly root: string;
  readonly chance: Random;
  readonly asked: readonly { title: string; slug: string }[];
  readonly lines: readonly { title: string; slug: string }[];
  readonly sources: readonly string[];
  readonly topics: readonly string[];
}

const chartOf = (i: number): [experiment: string, quantity: string] => [
  EXPERIMENTS[i % EXPERIMENTS.length]!,
  QUANTITIES[Math.floor(i / EXPERIMENTS.length) % QUANTITIES.length]!,
];
const any = <T>(from: readonly T[], chance: Random): T => from[chance.int(from.length)]!;

function note(i: number, { chance, asked, sources, topics }: Place): z.input<typeof Note> {
  const [experiment, quantity] = chartOf(i);
  const scope = { unit: "token", layers: "all", models: "the one of this bench", corpus: "passages made for it" };
  const prediction = { experiment, prior: "blind" as const, basis: sentence(chance), registered: DAY };
  const check = {
    source: any(sources, chance),
    locator: `§ ${1 + chance.int(9)}`,
    check: any(["states", "weaker"] as const, chance),
    remark: sentence(chance),
  };
  const claim = (id: string, predictions: z.input<typeof Note>["claims"][number]["predictions"]) => ({
    id,
    statement: sentence(chance),
    scope,
    predictions,
    sources: [check],
    limit: sentence(chance),
  });
  return {
    title: asked[i]!.title,
    standfirst: sentence(chance),
    summary: paragraph(2, chance),
    date: DAY,
    topics: [topics[i % topics.length]!, any(topics, chance)].filter((each, at, all) => all.indexOf(each) === at),
    claims: [
      claim("it-falls", [
        {
          id: "falls",
          statement: sentence(chance),
          estimate: `${quantity}-change`,
          below: -1,
          beyond: `${quantity}-change-rw`,
          ...prediction,
        },
      ]),
      claim("little-is-left", [
        { id: "ends", statement: sentence(chance), estimate: `${quantity}-end`, below: 0.2, ...prediction },
      ]),
    ],
    traces: ["prompt-1"],
    related: [{ note: asked[(i + 1) % asked.length]!.slug, relation: "supports", why: sentence(chance) }],
    silent: [sentence(chance), sentence(chance)],
  };
}

function noteBody(i: number, { chance, asked, sources }: Place): string {
  const [experiment, quantity] = chartOf(i);
  const cite = () => `<Cite note="${any(asked, chance).slug}" />`;
  return [
    `${paragraph(3, chance)} <Claim of="it-falls">It changes by <Value of="${experiment}/${quantity}-change" />, and ${clause(chance)}</Claim>, in the <Term id="residual-stream">stream</Term>. ${paragraph(3, chance)}`,
    `<SoundingLog experiment="${experiment}" quantities={["${quantity}"]} caption="The ${quantity} of ${experiment} over depth." />`,
    `## What it may mean\n\n${paragraph(5, chance)} <Source id="${any(sources, chance)}" at="§ 2" /> ${clause(chance)}. ${cite()}`,
    `${paragraph(4, chance)} <Claim of="little-is-left">At the end <Value of="${experiment}/${quantity}-end" field="value" /> is left</Claim>. ${paragraph(2, chance)} ${cite()}`,
    `## Limits\n\n${paragraph(6, chance)}`,
  ].join("\n\n");
}

const CITED = 8;
const citedBy = (i: number, { asked }: Place) =>
  Array.from({ length: Math.min(CITED, asked.length) }, (_, k) => asked[(20 * i + k) % asked.length]!);

function line(i: number, place: Place): z.input<typeof Line> {
  const { chance, lines, topics } = place;
  return {
    title: lines[i]!.title,
    standfirst: `This explores whether ${clause(chance)}.`,
    date: DAY,
    topics: [topics[i % topics.length]!],
    claims: citedBy(i, place).map(({ slug }) => `${slug}/it-falls`),
    change: [{ what: sentence(chance), cost: "an hour" }],
    next: [{ to: lines[(i + 1) % lines.length]!.slug, step: "deepens", why: sentence(chance) }],
  };
}

const lineBody = (i: number, place: Place): string =>
  citedBy(i, place)
    .map(
      ({ slug }) =>
        `${paragraph(2, place.chance)} <Claim of="${slug}/it-falls">${sentence(place.chance).slice(0, -1)}</Claim>. <Cite note="${slug}" />`,
    )
    .join("\n\n");

const source = (i: number, { chance, topics }: Place): z.input<typeof Source> => ({
  title: `Report ${i + 1}: ${clause(chance)}`,
  authors: [`Ada Author${i + 1}`, "Ben Brown"],
  year: 2000 + (i % 27),
  venue: "Journal of Large Vaults",
  kind: "article",
  url: `https://example.org/report-${i + 1}`,
  topics: [topics[i % topics.length]!],
  abstract: paragraph(3, chance),
  figures: [{ what: clause(chance), value: `${chance.int(100)} %`, locator: "table 1" }],
  accessed: DAY,
});

const protocol = (experiment: string, chance: Random): z.input<typeof Protocol> => ({
  title: `Measure ${experiment.split("-")[1]}`,
  question: `Which of the three falls, when ${clause(chance)}?`,
  quantity: sentence(chance),
  data: sentence(chance),
  controls: [{ code: "RW", what: "random weights" }],
  test: "Bootstrap over passages.",
  cost: "None: nothing is measured.",
  limits: [sentence(chance)],
  falsifier: sentence(chance),
});

const topic = (id: string, chance: Random): z.input<typeof Topic> => ({
  title: id.charAt(0).toUpperCase() + id.slice(1).replace("-", " "),
  question: `What is known where ${clause(chance)}?`,
  about: sentence(chance),
});

const term = (id: string, chance: Random): z.input<typeof Term> => ({
  title: id.replace("-", " "),
  short: sentence(chance),
});

const card = (id: string): z.input<typeof ModelCard> => ({
  id,
  title: "Large model",
  about: "Stands in for a model in the bench of the site.",
  architecture: "llama",
  format: "gguf",
  files: [{ name: "none.gguf", bytes: 1, sha256: "0".repeat(64) }],
  licence: "MIT",
  licenceUrl: "https://example.org/licence",
  places: [{ kind: "file", folder: "none" }],
  shape: { blocks: 24, dModel: 64, heads: 4, keyValueHeads: 4, dMlp: 256, vocabulary: 1000, parameters: 1_000_000 },
  default: true,
});

const prompts = (): z.input<typeof Prompts> => ({
  kind: "traces",
  title: "Prompts of a bench",
  about: "Nothing is traced.",
  made: "By a program.",
  prompts: Array.from({ length: 12 }, (_, i) => ({
    id: `prompt-${i + 1}`,
    text: `Prompt ${i + 1}`,
    about: "Nothing is traced.",
  })),
});

function writeMdx(root: string, folder: string, id: string, frontmatter: object, body: string): void {
  write(
    join(root, "content", folder, `${id}.mdx`),
    `---\n${stringify(frontmatter, { lineWidth: 120 })}---\n\n${body}\n`,
  );
}

const writeYaml = (root: string, path: string, value: object): void =>
  write(join(root, "content", `${path}.yaml`), stringify(value));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
