import { existsSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readArtifact } from "../../../pipeline/artifacts/store.ts";
import { measure } from "../../../pipeline/jobs/measure.ts";
import { makePlan } from "../../../pipeline/jobs/plan.ts";
import { makeVault } from "../../jobs/vault.ts";
import { residuals } from "./experiments.ts";
import { tinyWorkplace, writeTinyCard } from "./tiny-model.ts";

/** What happens on the small disk named by the first argument, as JSON. */
const vault = makeVault(process.argv[2]!);
const address = { model: "tiny", experiment: "first" };
rmSync(join(vault.root, "pipeline/experiments/lengths.ts"));
writeTinyCard(vault);
vault.write("pipeline/experiments/first.ts", residuals("first", 0, 2));
const signal = new AbortController().signal;

async function measureWith(copies: number) {
  const plan = await makePlan(vault.root);
  // One process loads a module once: the parameter is what changes.
  const jobs = plan.jobs.map((job) => ({
    ...job,
    code: { ...job.code, parameters: { ...job.code.parameters, copies } },
  }));
  const [outcome] = await measure(tinyWorkplace(vault.root), plan, jobs, { signal });
  const bytes = readArtifact(vault.root, address, { everyFile: true })?.provenance.files["residuals/a.bin"];
  return {
    state: outcome?.state,
    error: outcome?.error?.message,
    artifact: bytes,
    pending: existsSync(join(vault.root, "public/artifacts/.pending")),
    lock: readdirSync(join(vault.root, ".lock")),
  };
}

const small = await measureWith(2);
const { bavail, bsize } = statfsSync(vault.root);
const filler = join(vault.root, "filler");
writeFileSync(filler, new Uint8Array(bavail * bsize - 64 * 1024));
const full = await measureWith(60);
rmSync(filler);
const again = await measureWith(60);
console.log(JSON.stringify({ small, full, again }));
