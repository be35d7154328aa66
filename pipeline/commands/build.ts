import { Command } from "commander";
import { buildSite, reportLine } from "./support/build-site.ts";
import { run } from "./support/errors.ts";

export function command(): Command {
  return new Command("build")
    .description("build the site into dist/, and follow every link in it")
    .option("--out <folder>", "another folder than dist/")
    .option("--json", "the report as JSON on standard output")
    .action(
      run(async (options: { out?: string; json?: boolean }) => {
        const report = await buildSite(process.cwd(), options.out);
        process.stdout.write(`${options.json ? JSON.stringify(report) : `Built: ${reportLine(report)}.`}\n`);
        return 0;
      }),
    );
}
