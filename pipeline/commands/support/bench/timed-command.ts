import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.ts";

const cli = fileURLToPath(new URL("../../../cli.ts", import.meta.url));

/**
 * Seconds that a command of this project takes at `root`, from its start to its end, in a process of its own; and what it
 * printed. Throws UserError when it ends with another exit code than 0.
 */
export async function timedCommand(root: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const begun = performance.now();
  const child = spawn(process.execPath, [cli, ...args], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let [printed, said] = ["", ""];
  child.stdout.on("data", (text: Buffer) => {
    printed += text;
  });
  child.stderr.on("data", (text: Buffer) => {
    said += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  const seconds = (performance.now() - begun) / 1000;
  if (code !== 0) throw new UserError(`${args.join(" ")} ended with exit code ${code ?? "none"}:\n${said}${printed}`);
  return { seconds, printed };
}
