import { Command } from "commander";
import type { ModelCard } from "../artifacts/content/model-card.ts";
import { weightsSha256 } from "../artifacts/model-files.ts";
import { addModel } from "../models/add.ts";
import { cachedPath, cacheFolder, isCached } from "../models/cache.ts";
import { cardOf, readCards } from "../models/cards.ts";
import { ModelError } from "../models/errors.ts";
import { describePlace } from "../models/places.ts";
import { pull, verify } from "../models/pull.ts";
import { readRecipes } from "../training/recipes.ts";
import { run } from "./support/errors.ts";
import { steps } from "./support/steps.ts";

/** `models list|pull|verify|add`: which models there are, where their weights lie, whether they are what the cards say. */
export function command(): Command {
  const models = new Command("models").description("the models: where their weights are, getting and checking them");
  models
    .command("list")
    .description("every model card, and whether its weights are on this machine")
    .option("--json", "as JSON")
    .action(run(list));
  models
    .command("pull")
    .description("get a model's weights into the cache, from the first place that has them")
    .argument("<id>", "id of a card in content/models")
    .option("--json", "as JSON")
    .action(run(get));
  models
    .command("verify")
    .description("hash the weights that are here; all of them, or one model's")
    .argument("[id]", "id of a card in content/models")
    .option("--json", "as JSON")
    .action(run(check));
  models
    .command("add")
    .description("write the card of a checkpoint; one of the hub is downloaded and pinned to its commit")
    .argument("<what>", "a folder with config.json and safetensors, a .gguf file, or HUB_ID[@revision][:file.gguf]")
    .option("--id <id>", "its id here; made of its name by default")
    .option("--licence <name>", "where the checkpoint doesn't tell: an SPDX identifier, or any name with --licence-url")
    .option("--licence-url <url>", "where the licence can be read")
    .option("--json", "as JSON")
    .action(run(add));
  return models;
}

interface Options {
  readonly json?: boolean;
}

function summary(card: ModelCard) {
  const { id, title, default: isDefault, files, licence } = card;
  const places = card.places.map(describePlace);
  return {
    id,
    title,
    default: isDefault,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    sha256: weightsSha256(files),
    files,
    licence,
    here: isCached(card),
    path: cachedPath(card),
    places,
  };
}

async function list({ json }: Options): Promise<undefined> {
  const models = [...readCards().values()].map(summary);
  if (json) return print(models);
  for (const model of models) {
    const where = model.here ? `here: ${model.path}` : `not here; npm run models -- pull ${model.id}`;
    const size = `${(model.bytes / 1e6).toFixed(1)} MB`;
    process.stdout.write(
      `${model.id}${model.default ? " (default)" : ""}  ${model.title}, ${size}, ${model.licence}\n  ${where}\n`,
    );
    for (const place of model.places) process.stdout.write(`  from: ${place}\n`);
  }
  for (const { id, title } of readRecipes(process.cwd()).values())
    if (!models.some((model) => model.id === id))
      process.stdout.write(`${id}  ${title}, not trained yet\n  npm run train -- ${id}\n`);
}

async function get(id: string, { json }: Options): Promise<undefined> {
  const card = cardOf(id);
  const path = await interruptible(id, (options) => pull(card, options));
  if (json) return print(summary(card));
  process.stdout.write(`${path}\n`);
}

type Steps = ReturnType<typeof steps>;

interface AddOptions extends Options {
  readonly id?: string;
  readonly licence?: string;
  readonly licenceUrl?: string;
}

async function add(what: string, { json, id, licence, licenceUrl }: AddOptions): Promise<undefined> {
  const said = { id, licence, licenceUrl };
  const { card, file } = await interruptible(what, (options) => addModel(what, { ...options, ...said }));
  if (json) return print({ ...summary(card), card: file });
  process.stdout.write(
    [
      file,
      "Next: complete what it says about the model, and look at its licence and places; then",
      `  npm run models -- pull ${card.id}`,
      `  npm run trace -- --model ${card.id} --ids 1,2,3 --points "blocks.*.hook_resid_post" --out ${card.id}.safetensors`,
      `  npm run measure -- --model ${card.id}`,
      "",
    ].join("\n"),
  );
}

/** Shows the steps of what takes a while, and ends it at Ctrl+C with what has come kept. */
async function interruptible<T>(
  title: string,
  work: (options: Omit<Steps, "end"> & { signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const { end, ...shown } = steps(title);
  const interrupt = new AbortController();
  const stop = (): void =>
    interrupt.abort(new ModelError(`${title}: interrupted; what has come is kept, and gone on with the next time`));
  process.once("SIGINT", stop);
  try {
    return await work({ ...shown, signal: interrupt.signal });
  } finally {
    end();
    process.off("SIGINT", stop);
  }
}

async function check(id: string | undefined, { json }: Options): Promise<number> {
  const cards = id === undefined ? [...readCards().values()].filter((card) => isCached(card)) : [cardOf(id)];
  const results = [];
  for (const card of cards) {
    const shown = steps(card.id);
    try {
      await verify(card, shown);
      results.push({ id: card.id, path: cachedPath(card), ok: true });
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      results.push({ id: card.id, path: cachedPath(card), ok: false, error: error.message });
    } finally {
      shown.end();
    }
  }
  if (json) print(results);
  else {
    if (cards.length === 0) process.stdout.write(`no model is here (${cacheFolder()})\n`);
    for (const { id: name, path, ok } of results)
      if (ok) process.stdout.write(`${name}: its SHA-256 is right (${path})\n`);
    for (const { error } of results) if (error !== undefined) process.stderr.write(`error: ${error}\n`);
  }
  return results.every((result) => result.ok) ? 0 : 1;
}

function print(value: unknown): undefined {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
