import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { ModelCard, ModelFile } from "../artifacts/content/model-card.ts";
import type { Place } from "../artifacts/content/place.ts";
import { slug } from "../artifacts/schema.ts";
import type { Checkpoint } from "../engine/checkpoint.ts";
import { openGguf } from "../engine/formats/gguf-checkpoint.ts";
import { openHubCheckpoint } from "../engine/formats/hub-checkpoint.ts";
import { cachedPath, sha256Of } from "./cache.ts";
import { CARDS, readCards } from "./cards.ts";
import { downloadHub } from "./download-hub.ts";
import { ModelError } from "./errors.ts";
import { fileInFolder, fileSource } from "./file-source.ts";
import { chosenFiles, type HubReference, hubReference, hubRepository, toldLicence } from "./hub-repository.ts";
import { type Licence, licenceOf, noLicence, type ToldLicence } from "./licence.ts";
import { shapeOf } from "./open.ts";
import type { PullOptions } from "./pull.ts";
import { writeCard } from "./write-card.ts";

export interface AddOptions extends PullOptions {
  /** Instead of one made of the checkpoint's name. */
  readonly id?: string;
  /** Instead of what the checkpoint tells. */
  readonly licence?: string;
  readonly licenceUrl?: string;
  /** The folder of the cards; the repository's by default. */
  readonly cards?: string;
}

export interface Added {
  readonly card: ModelCard;
  /** The card's own file. */
  readonly file: string;
}

/** What is known of a checkpoint before a card is made of it. */
interface Known {
  readonly name: string;
  readonly path: string;
  readonly format: ModelCard["format"];
  readonly files: ModelFile[];
  readonly place: Place;
  readonly licence: ToldLicence;
}

/**
 * Writes the card of a checkpoint: of a folder as on the hub, a GGUF file, or `HUB_ID[@revision][:file.gguf]`, which is
 * downloaded into the cache and pinned to its commit. Throws `ModelError` for an id that is taken, a licence that nobody
 * tells, a place that can't be reached; `HashError`; `FormatError` for a checkpoint that can't be computed.
 */
export async function addModel(what: string, options: AddOptions = {}): Promise<Added> {
  const { cards = CARDS } = options;
  const kind = await stat(what).then(
    (stats) => (stats.isDirectory() ? "folder" : "file"),
    () => undefined,
  );
  const reference = kind === undefined ? hubReference(what) : undefined;
  if (kind === undefined && reference === undefined)
    throw new ModelError(
      `${what}: there is no such file or folder, and it is no model of the hub, as owner/name[@revision][:file.gguf]`,
    );
  const id = freeId(options.id ?? idOf(nameOf(what, kind, reference)), cards);
  const known = reference
    ? await fromHub(id, reference, options)
    : kind === "folder"
      ? await fromFolder(resolve(what), options)
      : await fromFile(resolve(what), options);
  return write(id, known, options, cards);
}

async function write(id: string, known: Known, options: AddOptions, cards: string): Promise<Added> {
  const source =
    known.format === "gguf" ? await openGgufAt(known.path) : { checkpoint: await openFolderAt(known.path), told: {} };
  const { checkpoint, told } = source;
  try {
    const licence: Licence =
      licenceOf(options, { ...told.licence, ...defined(known.licence) }) ?? noLicence(known.name);
    const shape = shapeOf(checkpoint);
    const { architecture } = checkpoint.config;
    const card: ModelCard = {
      id,
      title: told.title ?? known.name,
      about: about(checkpoint, told),
      architecture,
      format: known.format,
      files: known.files,
      ...licence,
      places: [known.place],
      shape,
      default: false,
    };
    return { card, file: writeCard(card, cards) };
  } finally {
    await checkpoint.close();
  }
}

/** What the metadata of a GGUF file tell of it. */
interface Told {
  readonly title?: string;
  readonly description?: string;
  readonly types?: string;
  readonly licence?: ToldLicence;
}

async function openGgufAt(path: string): Promise<{ checkpoint: Checkpoint; told: Told }> {
  const checkpoint = await openGguf(await fileSource(path));
  const { metadata, tensors } = checkpoint.header;
  const text = (key: string) => {
    const value = metadata.get(`general.${key}`);
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  };
  const licence = { id: text("license"), name: text("license.name"), link: text("license.link") };
  const types = [...new Set([...tensors.values()].map(({ type }) => type.name))].join(", ");
  return { checkpoint, told: { title: text("name"), description: text("description"), types, licence } };
}

function openFolderAt(folder: string): Promise<Checkpoint> {
  return openHubCheckpoint({ name: folder, open: (name) => fileInFolder(folder, name) });
}

async function fromHub(id: string, reference: HubReference, options: AddOptions): Promise<Known> {
  const repository = await hubRepository(reference, options.signal);
  const { repo, licence } = repository;
  const paths = chosenFiles(repository, reference.file);
  // of a GGUF file its own metadata may tell it, once it is here
  if (reference.file === undefined && licenceOf(options, licence) === undefined) noLicence(repo);
  const { files, place } = await downloadHub(id, repository, paths, options);
  const format = reference.file === undefined ? "safetensors" : "gguf";
  const path = cachedPath({ id, format, files }, options.folder);
  return { name: nameOf(repo, undefined, reference), path, format, files, place, licence };
}

async function fromFolder(folder: string, options: AddOptions): Promise<Known> {
  const checkpoint = await openHubCheckpoint({ name: folder, open: (name) => fileInFolder(folder, name) });
  await checkpoint.close();
  const index = checkpoint.files.includes("model.safetensors") ? [] : ["model.safetensors.index.json"];
  const files: ModelFile[] = [];
  for (const name of ["config.json", "tokenizer.json", "tokenizer_config.json", ...index, ...checkpoint.files]) {
    const file = await hashed(join(folder, name), options);
    if (file) files.push(file);
  }
  const readme = await readFile(join(folder, "README.md"), "utf8").catch(() => "");
  const licence = toldLicence(frontMatter(readme));
  return { name: basename(folder), path: folder, format: "safetensors", files, place: here(folder), licence };
}

async function fromFile(path: string, options: AddOptions): Promise<Known> {
  const name = basename(path);
  if (!name.endsWith(".gguf"))
    throw new ModelError(`${path}: expected a folder with config.json and safetensors, or a .gguf file`);
  const file = await hashed(path, options);
  return {
    name: name.slice(0, -".gguf".length),
    path,
    format: "gguf",
    files: file ? [file] : [],
    place: here(dirname(path)),
    licence: {},
  };
}

/** A file with its size and hash; undefined where there is none. */
async function hashed(path: string, options: AddOptions): Promise<ModelFile | undefined> {
  const name = basename(path);
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
  if (bytes === undefined) return undefined;
  const sha256 = await sha256Of(path, (done) => options.onProgress?.(done, bytes, `hashing ${name}`));
  return { name, bytes, sha256 };
}

/** A folder of this machine, from the repository where it is inside. */
function here(folder: string): Place {
  const inside = relative(fileURLToPath(new URL("../../", import.meta.url)), folder);
  return { kind: "file", folder: inside.startsWith("..") ? folder : inside };
}

/** The YAML at the head of a README, as the hub's model cards have it. */
function frontMatter(readme: string): unknown {
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readme)?.[1];
  try {
    return head === undefined ? undefined : parse(head);
  } catch {
    return undefined;
  }
}

function about({ config, tensors }: Checkpoint, { description, types }: Told): string {
  const values = [...tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const size =
    values < 1e6 ? `${Math.round(values / 1e3)} thousand` : `${Number((values / 1e6).toPrecision(3))} million`;
  const what = `A decoder (${config.architecture}) of ${config.nLayers} blocks and ${size} parameters`;
  return [description, `${what}${types === undefined ? "" : `, kept as ${types}`}.`].filter(Boolean).join(" ");
}

/** What people call the checkpoint. */
function nameOf(what: string, kind: "folder" | "file" | undefined, reference?: HubReference): string {
  const path = kind === undefined ? (reference?.file ?? reference?.repo ?? what) : resolve(what);
  return basename(path).replace(/\.gguf$/, "");
}

function idOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/[-.]*-[-.]*|\.{2,}/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
}

/** Throws for an id that is none, or taken. */
function freeId(id: string, cards: string): string {
  if (!slug.safeParse(id).success)
    throw new ModelError(`the id "${id}": expected lower-case words joined by hyphens. Choose one: --id ID`);
  if (readCards(cards).has(id))
    throw new ModelError(`there is a model "${id}" (content/models/${id}.yaml). Choose another id: --id ID`);
  return id;
}

/** What is known, without what isn't. */
function defined(licence: ToldLicence): ToldLicence {
  return Object.fromEntries(Object.entries(licence).filter(([, value]) => value !== undefined));
}
