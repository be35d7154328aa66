import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { UserError } from "../../errors.ts";

/** What a program took, with all that it started. */
export interface Took {
  readonly wall_s: number;
  /** Of all its processes; says more than `wall_s` where others share the machine. Null without /proc. */
  readonly cpu_s: number | null;
  /** Most that all its processes held at one moment. Null without /proc. */
  readonly peak_mib: number | null;
}

const EVERY_MS = 200;
/** Linux counts processor time in hundredths of a second and memory in pages of 4 KiB, on every machine that Node runs on. */
const [TICKS, PAGE] = [100, 4096];

/** Runs a Node program to its end, in a process of its own. Throws UserError, with what it said last, when it fails. */
export async function watched(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Took & { said: string }> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => {
      said += text;
    });
  const usage = usageOf(child.pid!);
  const timer = setInterval(() => usage.look(), EVERY_MS);
  const [code] = (await once(child, "close")) as [number | null];
  clearInterval(timer);
  const wall_s = (performance.now() - begun) / 1000;
  if (code !== 0)
    throw new UserError(`${args.join(" ")} (in ${cwd}) ended with exit code ${code ?? "none"}:\n${said.slice(-4000)}`);
  return { wall_s, ...usage.total(), said };
}

function usageOf(root: number) {
  const ticks = new Map<number, number>();
  let peak = 0;
  return {
    look(): void {
      const processes = familyOf(root);
      for (const { pid, cpu } of processes) ticks.set(pid, cpu);
      peak = Math.max(peak, processes.reduce((sum, { pages }) => sum + pages, 0) * PAGE);
    },
    total(): Pick<Took, "cpu_s" | "peak_mib"> {
      if (ticks.size === 0) return { cpu_s: null, peak_mib: null };
      return { cpu_s: [...ticks.values()].reduce((a, b) => a + b, 0) / TICKS, peak_mib: Math.round(peak / 2 ** 20) };
    },
  };
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly cpu: number;
  readonly pages: number;
}

/** A process and all that it started, as they are now. */
function familyOf(root: number): Process[] {
  const all = processes();
  const family = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of all)
      if (family.has(parent) && !family.has(pid)) {
        family.add(pid);
        grown = true;
      }
  }
  return all.filter(({ pid }) => family.has(pid));
}

function processes(): Process[] {
  let names: string[];
  try {
    names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name): Process[] => {
    try {
      // proc(5): the name stands in brackets and may hold spaces; the fields behind it are counted from 3.
      const fields = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      const field = (n: number) => Number(fields[n - 3]);
      return [{ pid: Number(name), parent: field(4), cpu: field(14) + field(15), pages: field(24) }];
    } catch {
      return []; // It ended while we looked.
    }
  });
}
