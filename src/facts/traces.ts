import type { TracePrompts } from "../../pipeline/artifacts/content/prompts/traces.ts";
import { Trace } from "../../pipeline/artifacts/schema.ts";
import { ArtifactError, readBeside } from "../../pipeline/artifacts/store.ts";
import type { Facts } from "./facts.ts";
import { root } from "./place.ts";

export type TracePrompt = TracePrompts["prompts"][number];

export const TRACES = "traces";

/** A prompt of the explorer with what the default model made of it. */
export interface TraceFacts {
  prompt: TracePrompt;
  trace: Trace;
  /** Where a browser gets the same file. */
  file: string;
}

/** Every prompt that `content/prompts` has for the explorer, in order; those of a pair follow each other. */
export function tracePrompts(facts: Facts): TracePrompt[] {
  const all = facts.vault.prompts.flatMap(({ data }) => (data.kind === "traces" ? data.prompts : []));
  const taken = new Set<string>();
  return all.flatMap((prompt) => {
    if (taken.has(prompt.id)) return [];
    const group = [prompt, ...all.filter((other) => other.id === prompt.pair && other.id !== prompt.id)];
    for (const each of group) taken.add(each.id);
    return group;
  });
}

const read = new Map<string, TraceFacts | undefined>();

/**
 * The trace of one prompt on the default model; undefined when it was not measured. Throws ArtifactError when the file is not
 * the one that was measured or fails its schema.
 */
export function traceOf(facts: Facts, id: string, folder: string = root): TraceFacts | undefined {
  const key = `${folder}\n${id}`;
  if (!read.has(key)) read.set(key, readTrace(facts, id, folder));
  return read.get(key);
}

function readTrace(facts: Facts, id: string, folder: string): TraceFacts | undefined {
  const model = facts.defaultModel.id;
  const name = `${TRACES}/${id}.json`;
  const prompt = tracePrompts(facts).find((each) => each.id === id);
  const listed = facts.measured(model, TRACES)?.provenance.files[name];
  if (!prompt || listed === undefined) return undefined;
  const file = `/artifacts/${model}/${TRACES}/${name}`;
  const parsed = Trace.safeParse(JSON.parse(readBeside(folder, { model, experiment: TRACES }, name).toString("utf8")));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ArtifactError(`public${file}: ${issue?.path.join(".")}: ${issue?.message}. Measure it again.`);
  }
  return { prompt, trace: parsed.data, file };
}

/** The prompt and, where it has one, its pair: what a page of the explorer shows. */
export function tracesTogether(facts: Facts, id: string): TraceFacts[] {
  const first = traceOf(facts, id);
  const second = first?.prompt.pair === undefined ? undefined : traceOf(facts, first.prompt.pair);
  return [first, second].filter((each) => each !== undefined);
}
