#!/usr/bin/env node
import { readdirSync } from "node:fs";
import { Command } from "commander";

/** Routes to `commands/<name>.ts`; each exports `command(): Command`. */
const name = process.argv[2];
const names = readdirSync(new URL("./commands/", import.meta.url))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3));
const program = new Command("soundings").description("Language models, measured at every depth.");
for (const each of name !== undefined && names.includes(name) ? [name] : names) {
  const module: { command(): Command } = await import(`./commands/${each}.ts`);
  program.addCommand(module.command());
}
program.configureOutput({ outputError: (text, write) => write(text) });
badUseExitsWith2(program);
// Whoever reads our output may have read enough (`| head`): that is an end, not a fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
await program.parseAsync();

/** Subcommands made elsewhere inherit nothing: each is told. */
function badUseExitsWith2(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  for (const sub of command.commands) badUseExitsWith2(sub);
}
