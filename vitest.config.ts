import { defineConfig } from "vitest/config";
import { compileCache } from "./test/compile-cache.ts";

const conditions = ["tracebridge-source"];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};
// Far above what any test needs: a machine that does other work as well must not fail one.
const patience = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } };
const rabbitmq = "**/*.rabbitmq.test.ts";
const browser = "**/*.browser.test.ts";
const install = "**/*.install.test.ts";
const never = ["**/node_modules/**", "**/dist/**"];

/**
 * Four suites: `main` needs nothing but what `npm ci` has installed; `install` needs the npm registry, as it installs
 * packages into empty projects; `rabbitmq` needs a RabbitMQ server (see .ci/run); `browser` needs Chromium.
 */
export default defineConfig({
  test: {
    // Most tests wait for processes: with one worker a core, cores would idle.
    maxWorkers: 4,
    // A worker lives as long as one file, and would spend much of that on growing its heap.
    execArgv: ["--min-semi-space-size=16"],
    reporters: ["default", "./test/plain-summary-reporter.ts"],
    projects: [
      {
        ...shared,
        test: {
          name: "main",
          env: compileCache,
          setupFiles: ["./test/fast-check-setup.ts"],
          include: ["packages/**/*.test.ts", "apps/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...never, rabbitmq, browser, install],
          ...patience,
        },
      },
      {
        ...shared,
        test: {
          name: "install",
          include: [install],
          exclude: never,
          ...patience,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        ...shared,
        test: {
          name: "rabbitmq",
          env: compileCache,
          include: [rabbitmq],
          exclude: never,
          ...patience,
        },
      },
      {
        ...shared,
        test: {
          name: "browser",
          env: compileCache,
          include: [browser],
          exclude: never,
          ...patience,
        },
      },
    ],
  },
});
