import { cpSync, existsSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { badUse } from "../../errors.ts";
import { writePlain } from "./plain.ts";
import { type Took, watched } from "./watched.ts";

/** Builds a vault's text with an installation of Starlight, as its own configuration has it, from nothing. */
export async function buildWithStarlight(installation: string, vault: string, work: string): Promise<Took> {
  const there = resolve(installation);
  const bin = join(there, "node_modules/astro/bin/astro.mjs");
  const config = existsSync(there) ? readdirSync(there).find((name) => name.startsWith("astro.config.")) : undefined;
  if (!config || !existsSync(bin) || !existsSync(join(there, "node_modules/@astrojs/starlight")))
    throw badUse(
      `--starlight ${installation}: expected a folder with astro.config.mjs and node_modules that has astro and @astrojs/starlight. Make one: npm create astro -- --template starlight`,
    );
  // A copy: its own pages, and what it keeps of them, stay as they are.
  const copy = join(work, "starlight");
  cpSync(there, copy, { recursive: true, filter: (path) => !/\/(node_modules|dist|\.astro)$/.test(path) });
  symlinkSync(join(there, "node_modules"), join(copy, "node_modules"));
  const docs = join(copy, "src/content/docs");
  rmSync(docs, { recursive: true, force: true });
  writePlain(vault, docs);
  return watched([bin, "build", "--force"], copy);
}

/** The same with an installation of Quartz. */
export async function buildWithQuartz(installation: string, vault: string, work: string): Promise<Took> {
  const there = resolve(installation);
  const bin = join(there, "quartz/bootstrap-cli.mjs");
  if (!existsSync(bin) || !existsSync(join(there, "node_modules")))
    throw badUse(`--quartz ${installation}: expected a clone of Quartz in which npm ci has run.`);
  const [content, out] = [join(work, "quartz-content"), join(work, "quartz-out")];
  writePlain(vault, content);
  return watched([bin, "build", "--directory", content, "--output", out], there);
}
