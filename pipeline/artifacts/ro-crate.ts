import type { ModelCard } from "./content/model-card.ts";
import type { Protocol } from "./content/protocol.ts";
import type { Input, Provenance } from "./schema.ts";
import type { Address } from "./store.ts";

/** Where the crate's own description lies, in `public/artifacts/` as it is served. */
export const CRATE_FILE = "ro-crate-metadata.json";

/** One entity of a crate's graph, by the terms of schema.org. */
export type Entity = Readonly<Record<string, unknown>> & { readonly "@id": string; readonly "@type": string };

/** All artifacts, and what people wrote of what they are about. */
export interface Crated {
  readonly provenances: readonly Provenance[];
  readonly models: ReadonlyMap<string, Pick<ModelCard, "title" | "licenceUrl">>;
  readonly protocols: ReadonlyMap<string, Pick<Protocol, "title" | "question">>;
  /** Where the site is served. */
  readonly site: URL;
}

/**
 * All artifacts as one RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) by the profile Process Run Crate: each measurement is
 * a CreateAction, PROV's activity, whose instrument is the experiment's code and the runtime, whose objects are its inputs,
 * whose result is its files and whose agent is this software. Nothing is in it that provenance doesn't have.
 */
export function roCrate({ provenances, models, protocols, site }: Crated): object {
  const known = new Map<string, Entity>();
  const add = (entity: Entity) => {
    known.set(entity["@id"], entity);
    return reference(entity["@id"]);
  };
  const actions = provenances.map((provenance) => {
    const { experiment, model, environment, started, seconds, files, inputs, key } = provenance;
    const folder = folderOf(provenance);
    const title = `${protocols.get(experiment)?.title ?? experiment} on ${models.get(model)?.title ?? model}`;
    const result = ["provenance.json", ...Object.keys(files)].sort().map((name) =>
      add({
        "@id": `${folder}${name}`,
        "@type": "File",
        name: `${title}: ${name}`,
        ...(files[name] && { sha256: files[name] }),
        encodingFormat: name.endsWith(".json") ? "application/json" : "application/octet-stream",
      }),
    );
    add({ "@id": folder, "@type": "Dataset", name: title, hasPart: result });
    const code = inputs.filter(({ kind }) => kind === "code").map((input) => add(inputEntity(input)));
    const instrument = [
      add({
        "@id": `#experiment-${experiment}-${key}`,
        "@type": "SoftwareSourceCode",
        name: `The experiment ${experiment} as it ran`,
        ...(protocols.has(experiment) && { description: protocols.get(experiment)!.question }),
        url: new URL(`experiments/${experiment}/`, site).href,
        hasPart: code,
      }),
      add({
        "@id": `#runtime-${slugOf(`${environment.runtime}-node-${environment.node}`)}`,
        "@type": "SoftwareApplication",
        name: environment.runtime,
        softwareRequirements: `Node ${environment.node}`,
      }),
    ];
    return add({
      "@id": `#measurement-${model}-${experiment}`,
      "@type": "CreateAction",
      name: `Measuring ${title}`,
      description: `On ${environment.device} (${environment.cpu}), ${environment.threads} threads.`,
      identifier: key,
      startTime: started,
      endTime: new Date(Date.parse(started) + 1000 * seconds).toISOString(),
      actionStatus: { "@id": "http://schema.org/CompletedActionStatus" },
      agent: reference(SOFTWARE["@id"]),
      instrument,
      object: inputs.filter(({ kind }) => kind !== "code").map((input) => add(inputEntity(input))),
      result: [reference(folder), ...result],
    });
  });
  const graph: Entity[] = [
    {
      "@id": CRATE_FILE,
      "@type": "CreativeWork",
      conformsTo: reference("https://w3id.org/ro/crate/1.1"),
      about: reference("./"),
    },
    {
      "@id": "./",
      "@type": "Dataset",
      name: "Soundings: measurements",
      description:
        "Every measurement of the wiki with what it was computed from: one folder for each model and experiment.",
      datePublished:
        provenances
          .map(({ started }) => started)
          .sort()
          .at(-1) ?? "1970-01-01",
      license: reference(LICENCE["@id"]),
      conformsTo: reference(PROFILE["@id"]),
      hasPart: provenances.map((provenance) => reference(folderOf(provenance))),
      mentions: actions,
    },
    LICENCE,
    PROFILE,
    STATUS,
    SOFTWARE,
    ...known.values(),
  ];
  return { "@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph };
}

const PROFILE: Entity = {
  "@id": "https://w3id.org/ro/wfrun/process/0.5",
  "@type": "CreativeWork",
  name: "Process Run Crate",
  version: "0.5",
};
const LICENCE: Entity = {
  "@id": "https://spdx.org/licenses/MIT",
  "@type": "CreativeWork",
  name: "MIT License",
  description: "May be used, changed and passed on, with its notice.",
};
const STATUS: Entity = {
  "@id": "http://schema.org/CompletedActionStatus",
  "@type": "ActionStatusType",
  name: "Completed",
};
const SOFTWARE: Entity = { "@id": "#soundings", "@type": "SoftwareApplication", name: "Soundings: measure" };

const TYPES: Readonly<Record<Input["kind"], string>> = {
  weights: "CreativeWork",
  tokenizer: "CreativeWork",
  prompts: "CreativeWork",
  corpus: "CreativeWork",
  shard: "CreativeWork",
  code: "SoftwareSourceCode",
  parameters: "PropertyValue",
  seed: "PropertyValue",
  schema: "PropertyValue",
};

/** What was read, by name and hash: the same thing in two measurements is one entity. */
function inputEntity({ kind, name, hash }: Input): Entity {
  const type = TYPES[kind];
  const id = `#${kind}-${slugOf(name)}-${hash.slice(0, 16)}`;
  if (type === "PropertyValue")
    return { "@id": id, "@type": type, name: `${kind}: ${name}`, propertyID: name, value: hash };
  return { "@id": id, "@type": type, name: kind === "code" ? name : `${kind}: ${name}`, sha256: hash };
}

const reference = (id: string) => ({ "@id": id });
const folderOf = ({ model, experiment }: Address) => `${model}/${experiment}/`;
const slugOf = (text: string) => text.replace(/[^A-Za-z0-9.-]+/g, "-");
