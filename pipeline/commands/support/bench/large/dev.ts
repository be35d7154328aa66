import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../errors.ts";
import { changeNote, environmentOf } from "./ours.ts";

const project = fileURLToPath(new URL("../../../../../", import.meta.url));
const WITHIN_MS = 120_000;

/** What an author waits for, in seconds: the first page of a server that was just started, and a change of a note seen on its page (the least of so many). */
export interface DevTimes {
  readonly first_page_s: number;
  readonly changed_s: number;
}

/** Serves a vault as `npm run dev` does, changes its first note and asks for the page until the change is on it. */
export async function devTimes(vault: string, work: string, changes = 3): Promise<DevTimes> {
  const child = spawn(process.execPath, [join(project, "node_modules/astro/bin/astro.mjs"), "dev", "--port", "0"], {
    cwd: project,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", ...environmentOf(vault, work) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    const origin = await addressSaid(child);
    const begun = performance.now();
    const note = changeNote(vault, "A sentence before the first.");
    await pageWith(`${origin}/notes/${note}/`, "A sentence before the first.");
    const first_page_s = (performance.now() - begun) / 1000;
    const took: number[] = [];
    for (let i = 0; i < changes; i++) {
      const changed = performance.now();
      changeNote(vault, `A sentence numbered ${i} of the change.`);
      await pageWith(`${origin}/notes/${note}/`, `A sentence numbered ${i} of the change.`);
      took.push((performance.now() - changed) / 1000);
    }
    return { first_page_s, changed_s: Math.min(...took) };
  } finally {
    child.kill();
    if (child.exitCode === null) await once(child, "close");
  }
}

async function addressSaid(child: ReturnType<typeof spawn>): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    const hear = (text: Buffer) => {
      said += text;
      const [, origin] = /(http:\/\/localhost:\d+)/.exec(said) ?? [];
      if (origin) resolve(origin);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.on("close", () => reject(new UserError(`astro dev ended before it served:\n${said}`)));
  });
}

async function pageWith(address: string, text: string): Promise<void> {
  const until = performance.now() + WITHIN_MS;
  while (performance.now() < until) {
    const page = await fetch(address).then((answer) => answer.text());
    if (page.includes(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new UserError(`${address} does not show "${text}" after ${WITHIN_MS / 1000} s.`);
}
