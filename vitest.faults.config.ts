import { defineConfig } from "vitest/config";

/** What breaks on purpose: kills, full disks. Slow, and apart from `npm test`. */
export default defineConfig({
  test: {
    include: ["tests/faults/**/*.test.ts"],
    reporters: ["default", "./tests/setup/tally-reporter.ts"],
    maxWorkers: 1,
    testTimeout: 300_000,
  },
});
