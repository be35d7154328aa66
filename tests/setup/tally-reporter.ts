import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends the run with one line, `N passed, N failed`. A skipped test counts as failed: the real model and the browser have
 * to be there, and a test that nobody runs guards nothing.
 */
// biome-ignore lint/style/noDefaultExport: Vitest loads a reporter by its default export.
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests())
        if (test.result().state === "passed") passed++;
        else failed++;
    }
    if (failed > 0) process.exitCode = 1;
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
