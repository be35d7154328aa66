import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** `pretest`: what the tests need besides npm's packages. Debian gives Chromium; the model comes as `models pull` gets it. */

const chromium = "/usr/bin/chromium";
if (!existsSync(chromium)) {
  const commands = [
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
  ];
  console.error("The browser tests need Chromium; installing Debian's.");
  try {
    for (const [program, ...rest] of commands)
      execFileSync(program!, rest, {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
  } catch {
    console.error(`Chromium is not at ${chromium} and could not be installed. Run as root:\n`);
    for (const words of commands) console.error(`  ${words.join(" ")}`);
    process.exit(1);
  }
}

try {
  execFileSync(process.execPath, ["pipeline/cli.ts", "models", "pull", "smollm2-135m"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
} catch {
  console.error(
    "The tests measure the real model, and it could not be had (see above). With a network: npm run models -- pull smollm2-135m",
  );
  process.exit(1);
}
