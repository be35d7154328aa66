import { defineConfig } from "vitest/config";
export default defineConfig({ test: { maxWorkers: 1, testTimeout: 120000, hookTimeout: 300000, include: ["tests/browser/**/*.test.ts"], globalSetup: ["/tmp/charts-out/setup.ts"] } });
