import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as a person would, in a process of its own: `soundings("tokenize", "--model", …)`. */
export function soundings(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, ["pipeline/cli.ts", ...args], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ran = { stdout: "", stderr: "" };
    child.stdout.on("data", (text: Buffer) => {
      ran.stdout += text;
    });
    child.stderr.on("data", (text: Buffer) => {
      ran.stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...ran }));
  });
}
