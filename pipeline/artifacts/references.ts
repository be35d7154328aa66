import type { Claim } from "./content/claim.ts";
import type { Note } from "./content/note.ts";
import { nearestTo } from "./nearest.ts";
import { isPostHoc } from "./prediction-hash.ts";
import { experimentsOf, type Subject } from "./subjects.ts";
import type { Entry, Kind, Problem, Vault } from "./vault.ts";
import { answer, type Measured, PredictionError } from "./verdict.ts";

/** What is measured, so that predictions can be held against it. */
export interface Measurements {
  /** Experiments that have code. */
  readonly experiments: readonly string[];
  /** Models with at least one artifact. */
  readonly models: readonly string[];
  lookup(model: string): (experiment: string) => Measured | undefined;
}

/**
 * Everything in frontmatter that names something which isn't there: notes, lines, claims, sources, topics, experiments,
 * estimates, traces, glossary terms. Pure: reads no files. An empty list says that all is well.
 */
export function findBrokenReferences(vault: Vault, measurements: Measurements): Problem[] {
  const problems: Problem[] = [];
  const report = (file: string, field: string, message: string) => problems.push({ file, field, message });
  const expectIn =
    (kind: Kind | "traces", names: ReadonlySet<string>, what: string) => (file: string, field: string, id: string) => {
      if (!names.has(id)) report(file, field, `there is no ${what} "${id}" (${nearest(id, names, kind)})`);
    };
  const ids = (kind: Kind) => new Set(vault[kind].map((entry) => entry.id));
  const noteThere = expectIn("notes", ids("notes"), "note");
  const lineThere = expectIn("lines", ids("lines"), "line");
  const sourceThere = expectIn("sources", ids("sources"), "source");
  const topicThere = expectIn("topics", ids("topics"), "topic");
  const termThere = expectIn("glossary", ids("glossary"), "glossary entry");
  const traceThere = expectIn("traces", traceIds(vault), "trace prompt");
  const claimThere = expectIn("notes", claimKeys(vault), "claim");
  const protocolThere = expectIn("experiments", ids("experiments"), "experiment");

  for (const { file, data } of [...vault.notes, ...vault.lines, ...vault.sources])
    for (const [i, topic] of data.topics.entries()) topicThere(file, `topics.${i}`, topic);

  for (const note of vault.notes) {
    const { file, data } = note;
    for (const [i, { note: other }] of data.related.entries()) noteThere(file, `related.${i}.note`, other);
    for (const [i, trace] of data.traces.entries()) traceThere(file, `traces.${i}`, trace);
    for (const [i, claim] of data.claims.entries()) {
      const at = `claims.${i}`;
      for (const [j, { source }] of claim.sources.entries()) sourceThere(file, `${at}.sources.${j}.source`, source);
      if (claim.planned) protocolThere(file, `${at}.planned.experiment`, claim.planned.experiment);
      for (const [j, { experiment }] of claim.predictions.entries())
        protocolThere(file, `${at}.predictions.${j}.experiment`, experiment);
      const fault = faultOfSubject(claim, vault);
      if (fault) report(file, at, fault);
    }
    problems.push(...duplicates(note), ...brokenPredictions(note, measurements));
  }
  for (const { file, id, data } of vault.lines) {
    for (const [i, claim] of data.claims.entries()) claimThere(file, `claims.${i}`, claim);
    for (const [i, { experiment }] of data.change.entries())
      if (experiment) protocolThere(file, `change.${i}.experiment`, experiment);
    for (const [i, { to }] of data.next.entries()) {
      lineThere(file, `next.${i}.to`, to);
      if (to === id) report(file, `next.${i}.to`, "a line cannot be its own next one");
    }
  }
  for (const kind of ["notes", "lines", "sources", "topics"] as const) problems.push(...takenNames(vault[kind]));
  for (const { file, data } of vault.glossary) {
    if (data.trace !== undefined) traceThere(file, "trace", data.trace);
    for (const [i, term] of data.see.entries()) termThere(file, `see.${i}`, term);
  }
  for (const { file, id, data } of vault.experiments) {
    const hasCode = measurements.experiments.includes(id);
    if (!hasCode && !data.planned)
      report(file, "planned", `there is no pipeline/experiments/${id}.ts; write it, or say \`planned: true\``);
    if (hasCode && data.planned)
      report(file, "planned", `it has code, pipeline/experiments/${id}.ts: not planned any more`);
  }
  for (const id of measurements.experiments)
    if (!ids("experiments").has(id))
      report(`pipeline/experiments/${id}.ts`, "protocol", `its page content/experiments/${id}.mdx is missing`);
  for (const { file, id, data } of vault.models) {
    if (data.id !== id) report(file, "id", `expected "${id}", the file's name; found "${data.id}"`);
    if (data.source !== undefined) sourceThere(file, "source", data.source);
  }
  for (const { file, id, data } of vault.families) {
    if (data.id !== id) report(file, "id", `expected "${id}", the file's name; found "${data.id}"`);
    if (ids("models").has(id)) report(file, "id", `"${id}" is the name of a model too; artifacts are told apart by it`);
  }
  const chosen = vault.models.filter(({ data }) => data.default);
  if (vault.models.length > 0 && chosen.length !== 1)
    report("content/models", "default", `expected exactly one card with \`default: true\`, found ${chosen.length}`);
  return problems;
}

/** Why a claim has nothing that could decide it; undefined where it has. */
function faultOfSubject(claim: Claim, vault: Vault): string | undefined {
  const experiments = experimentsOf(claim);
  const ofKind = (kind: Subject["kind"]) =>
    experiments.filter((id) => vault.experiments.some((each) => each.id === id && each.data.subject === kind));
  const [models, families] = [ofKind("model"), ofKind("families")];
  if (models.length > 0 && families.length > 0)
    return `${models.join(", ")} runs on models, ${families.join(", ")} on families that it trains: no subject has both. Make two claims of it`;
  return families.length > 0 && vault.families.length === 0
    ? `${families.join(", ")} runs on families of networks, and content/families has no card of any`
    : undefined;
}

/** Ids of prompts that the trace explorer can show. */
export function traceIds(vault: Pick<Vault, "prompts">): Set<string> {
  return new Set(
    vault.prompts.flatMap(({ data }) => (data.kind === "traces" ? data.prompts.map((prompt) => prompt.id) : [])),
  );
}

/** `note/claim` of every claim. */
export function claimKeys(vault: Pick<Vault, "notes">): Set<string> {
  return new Set(vault.notes.flatMap(({ id, data }) => data.claims.map((claim) => `${id}/${claim.id}`)));
}

function duplicates({ file, data }: Entry<Note>): Problem[] {
  const twice = (ids: string[], field: (i: number) => string): Problem[] =>
    ids.flatMap((id, i) => (ids.indexOf(id) < i ? [{ file, field: field(i), message: `"${id}" is given twice` }] : []));
  return [
    ...twice(
      data.claims.map((claim) => claim.id),
      (i) => `claims.${i}.id`,
    ),
    ...data.claims.flatMap((claim, i) =>
      twice(
        claim.predictions.map((p) => p.id),
        (j) => `claims.${i}.predictions.${j}.id`,
      ),
    ),
  ];
}

/** Former names that another page has, or has had. */
function takenNames(entries: readonly Entry<{ readonly aliases: readonly string[] }>[]): Problem[] {
  const owners = new Map(entries.map(({ id, file }) => [id, file]));
  return entries.flatMap(({ file, data }) =>
    data.aliases.flatMap((alias, i) => {
      const owner = owners.get(alias);
      owners.set(alias, file);
      return owner === undefined
        ? []
        : [
            {
              file,
              field: `aliases.${i}`,
              message: `"${alias}" is a name of ${owner}; an address can lead to one page`,
            },
          ];
    }),
  );
}

/**
 * Predictions on an estimate, or a control, that an artifact lacks without a reason. One that is older than the prediction
 * has that reason, as long as some model's artifact can answer: what nobody's holds is a slip of the pen.
 */
function brokenPredictions({ id, file, data }: Entry<Note>, measurements: Measurements): Problem[] {
  return data.claims.flatMap((claim, i) =>
    claim.predictions.flatMap((prediction, j): Problem[] => {
      const faults: { error: PredictionError; older: boolean }[] = [];
      let answered = false;
      for (const model of measurements.models) {
        const measured = measurements.lookup(model)(prediction.experiment);
        if (!measured) continue;
        try {
          answer(id, claim, prediction, measured);
          answered = true;
        } catch (error) {
          if (!(error instanceof PredictionError)) throw error;
          faults.push({ error, older: isPostHoc(prediction, measured.provenance) });
        }
      }
      const [fault] = faults.filter(({ older }) => !(older && answered));
      return fault
        ? [{ file, field: `claims.${i}.predictions.${j}.${fault.error.field}`, message: fault.error.what }]
        : [];
    }),
  );
}

/** What the author may have meant: the names that share the most of their start, or where to look. */
function nearest(id: string, names: ReadonlySet<string>, kind: string): string {
  const shared = (a: string) => {
    let n = 0;
    while (n < a.length && a[n] === id[n]) n++;
    return n;
  };
  const [slip] = nearestTo(id, names);
  const best = slip ?? [...names].sort((a, b) => shared(b) - shared(a))[0];
  return best !== undefined && (slip !== undefined || shared(best) >= 4)
    ? `nearest: "${best}"`
    : `see content/${kind === "traces" ? "prompts" : kind}/`;
}
