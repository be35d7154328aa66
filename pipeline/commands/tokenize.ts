import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { z } from "zod";
import { openModel } from "../models/open.ts";
import { run, UserError } from "./support/errors.ts";

/** `tokenize`: ids for a JSON list of strings, as one JSON list of lists on standard output and nothing else. */
export function command(): Command {
  return new Command("tokenize")
    .description("token ids for a JSON list of strings, as a JSON list of lists")
    .requiredOption("--model <id>", "whose tokenizer; id of a card in content/models")
    .requiredOption("--file <texts.json>", "a JSON list of strings")
    .action(run(tokenize));
}

async function tokenize({ model, file }: { model: string; file: string }): Promise<undefined> {
  const texts = await readTexts(file);
  const { checkpoint, tokenizer } = await openModel(model);
  try {
    const words = tokenizer();
    if (words === undefined) throw new UserError(`${model}: its weights come without a tokenizer`);
    process.stdout.write(`${JSON.stringify(texts.map((text) => words.encode(text)))}\n`);
  } finally {
    await checkpoint.close();
  }
}

async function readTexts(file: string): Promise<string[]> {
  const content = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UserError(`--file ${file}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  });
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new UserError(
      `--file ${file}: no JSON (${error instanceof Error ? error.message : String(error)}); expected a list of strings`,
    );
  }
  const texts = z.array(z.string()).safeParse(value);
  if (texts.success) return texts.data;
  const [issue] = texts.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "its content" : `item ${issue.path.join(".")}`;
  throw new UserError(
    `--file ${file}: ${where}: ${issue?.message ?? "found something else"}; expected a JSON list of strings`,
  );
}
