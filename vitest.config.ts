import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tests/setup/longest-first.ts";

export default defineConfig({
  test: {
    reporters: ["default", "./tests/setup/tally-reporter.ts"],
    // Two cores: the real model's tests bring their own threads.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/browser/**", "tests/faults/**", "node_modules/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          // Built sites and one browser, shared by all files; only when one of them runs.
          globalSetup: ["tests/browser/support/global-setup.ts"],
        },
      },
    ],
  },
});
