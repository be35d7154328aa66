import { Command } from "commander";
import { writeFrontmatterHelp, writeSchemas } from "../artifacts/editor-help.ts";
import { run } from "./support/errors.ts";

/** `schemas`: what editors need to complete, explain and check what people write in `content/`. */
export function command(): Command {
  return new Command("schemas")
    .description("write the JSON schemas of content/schemas anew, and tell the editor which file has which")
    .action(
      run(async () => {
        const root = process.cwd();
        const written = writeSchemas(root);
        writeFrontmatterHelp(root);
        process.stdout.write(`${written.join("\n") || "The schemas are as they should be."}\n`);
        return 0;
      }),
    );
}
