import { describe, expect, it } from "vitest";
import { findBrokenReferences, type Measurements } from "../../pipeline/artifacts/references.ts";
import { problemText, type Vault } from "../../pipeline/artifacts/vault.ts";
import { claim, estimate, prediction, provenance, result } from "./samples.ts";
import { Glossary, Line, Note, Protocol, Source, Topic } from "./vault-parts.ts";

/** A vault in which all is well; each test breaks one thing. */
function whole(): Vault {
  return {
    topics: [Topic("depth")],
    sources: [Source("lad-2024")],
    experiments: [Protocol("depths"), Protocol("to-come", { planned: true })],
    families: [],
    recipes: [],
    notes: [
      Note("why-so", {
        topics: ["depth"],
        claims: [
          claim([prediction("kl")], {
            sources: [{ source: "lad-2024", locator: "§ 3", check: "states", remark: "It does." }],
          }),
          claim([], { id: "later", planned: { experiment: "to-come", what: "All of it." } }),
        ],
        traces: ["river-bank"],
        related: [{ note: "how-so", relation: "supports", why: "Same." }],
      }),
      Note("how-so", { topics: ["depth"], claims: [claim([], { untestable: "An analogy." })] }),
    ],
    lines: [
      Line("what-then", {
        topics: ["depth"],
        claims: ["why-so/it-holds"],
        change: [{ what: "x", cost: "y", experiment: "to-come" }],
        next: [{ to: "and-then", step: "tests", why: "z" }],
      }),
      Line("and-then", {
        topics: ["depth"],
        claims: ["how-so/it-holds"],
        next: [{ to: "what-then", step: "tests", why: "z" }],
      }),
    ],
    glossary: [Glossary("logit", { trace: "river-bank", see: ["lens"] }), Glossary("lens", {})],
    models: [],
    prompts: [
      {
        id: "traces",
        file: "content/prompts/traces.yaml",
        body: "",
        data: {
          kind: "traces",
          title: "T",
          about: "a",
          made: "m",
          licence: "MIT",
          prompts: [{ id: "river-bank", text: "The river bank", about: "x" }],
        },
      },
    ],
  };
}

const measured = { result: result([estimate("kl", 2, 3)]), provenance: provenance([]) };
const measurements: Measurements = {
  experiments: ["depths"],
  models: ["tiny"],
  lookup: () => (experiment) => (experiment === "depths" ? measured : undefined),
};
const problems = (change: (vault: Vault) => void, what: Partial<Measurements> = {}) => {
  const vault = whole();
  change(vault);
  return findBrokenReferences(vault, { ...measurements, ...what }).map(problemText);
};

describe("references", () => {
  it("of a whole vault are whole", () => {
    expect(problems(() => {})).toEqual([]);
  });

  it.each<[string, (vault: Vault) => void, string]>([
    [
      "a related note",
      (v) => (v.notes[0]!.data.related[0]!.note = "how-sox"),
      'content/notes/why-so.mdx: related.0.note: there is no note "how-sox" (nearest: "how-so")',
    ],
    [
      "a former name that another note has",
      (v) => (v.notes[1]!.data.aliases = ["why-so"]),
      'content/notes/how-so.mdx: aliases.0: "why-so" is a name of content/notes/why-so.mdx; an address can lead to one page',
    ],
    [
      "a trace",
      (v) => (v.notes[0]!.data.traces = ["gone"]),
      'content/notes/why-so.mdx: traces.0: there is no trace prompt "gone" (see content/prompts/)',
    ],
    [
      "a topic",
      (v) => (v.sources[0]!.data.topics = ["gone"]),
      'content/sources/lad-2024.mdx: topics.0: there is no topic "gone" (see content/topics/)',
    ],
    [
      "a source",
      (v) => (v.notes[0]!.data.claims[0]!.sources[0]!.source = "gone"),
      "content/notes/why-so.mdx: claims.0.sources.0.source: ",
    ],
    [
      "a planned experiment",
      (v) => (v.notes[0]!.data.claims[1]!.planned!.experiment = "gone"),
      "content/notes/why-so.mdx: claims.1.planned.experiment: ",
    ],
    [
      "the experiment of a prediction",
      (v) => (v.notes[0]!.data.claims[0]!.predictions[0]!.experiment = "depth"),
      'content/notes/why-so.mdx: claims.0.predictions.0.experiment: there is no experiment "depth" (nearest: "depths")',
    ],
    [
      "the estimate of a prediction",
      (v) => (v.notes[0]!.data.claims[0]!.predictions[0]!.estimate = "gone"),
      'content/notes/why-so.mdx: claims.0.predictions.0.estimate: "gone" is not an estimate of public/artifacts/tiny/depths/result.json; there are: kl.',
    ],
    [
      "the control of a prediction",
      (v) => (v.notes[0]!.data.claims[0]!.predictions[0]!.beyond = "rw"),
      "content/notes/why-so.mdx: claims.0.predictions.0.beyond: ",
    ],
    [
      "a claim of a line",
      (v) => (v.lines[0]!.data.claims = ["why-so/it-hold"]),
      'content/lines/what-then.mdx: claims.0: there is no claim "why-so/it-hold" (nearest: "why-so/it-holds")',
    ],
    [
      "the experiment that would change a line",
      (v) => (v.lines[0]!.data.change[0]!.experiment = "gone"),
      "content/lines/what-then.mdx: change.0.experiment: ",
    ],
    ["a next line", (v) => (v.lines[0]!.data.next[0]!.to = "gone"), "content/lines/what-then.mdx: next.0.to: "],
    [
      "a line after itself",
      (v) => (v.lines[0]!.data.next[0]!.to = "what-then"),
      "content/lines/what-then.mdx: next.0.to: a line cannot be its own next one",
    ],
    [
      "the trace of a glossary entry",
      (v) => (v.glossary[0]!.data.trace = "gone"),
      "content/glossary/logit.mdx: trace: ",
    ],
    ["another glossary entry", (v) => (v.glossary[0]!.data.see = ["gone"]), "content/glossary/logit.mdx: see.0: "],
    [
      "a claim given twice",
      (v) => (v.notes[0]!.data.claims[1]!.id = "it-holds"),
      'content/notes/why-so.mdx: claims.1.id: "it-holds" is given twice',
    ],
    [
      "a protocol without code",
      (v) => (v.experiments[1]!.data.planned = false),
      "content/experiments/to-come.mdx: planned: there is no pipeline/experiments/to-come.ts",
    ],
    [
      "a planned protocol with code",
      (v) => (v.experiments[0]!.data.planned = true),
      "content/experiments/depths.mdx: planned: it has code",
    ],
  ])("to %s that isn't so are found, with file and field", (_, change, expected) => {
    const found = problems(change);
    expect(found[0]).toContain(expected);
    expect(found).toHaveLength(1);
  });

  it("miss a page for code that has none, and a default among the models", () => {
    expect(problems(() => {}, { experiments: ["depths", "unwritten"] })).toEqual([
      "pipeline/experiments/unwritten.ts: protocol: its page content/experiments/unwritten.mdx is missing",
    ]);
  });

  it("to an estimate that another model's older artifact lacks are no fault, where one artifact has it", () => {
    const bet = prediction("kl-late");
    const late = { result: result([estimate("kl", 2, 3), estimate("kl-late", 2, 3)]), provenance: provenance([bet]) };
    const found = (other: typeof measured, models = ["tiny", "other"]) =>
      problems((v) => v.notes[0]!.data.claims[0]!.predictions.push(bet), {
        models,
        lookup: (model) => () => (model === "tiny" ? late : other),
      });
    expect(found(measured)).toEqual([]);
    // Computed with the prediction before it, it should have had the estimate; and an estimate that nobody has is a slip.
    const fault = 'predictions.1.estimate: "kl-late" is not an estimate of';
    expect(found({ ...measured, provenance: provenance([bet]) })).toEqual([expect.stringContaining(fault)]);
    expect(found(measured, ["other"])).toEqual([expect.stringContaining(fault)]);
  });

  it("to an estimate of an experiment that nobody measured are no fault", () => {
    expect(problems((v) => (v.notes[0]!.data.claims[0]!.predictions[0]!.estimate = "gone"), { models: [] })).toEqual(
      [],
    );
  });
});
