import { defineConfig } from "vitest/config";

const conditions = ["tracebridge-source"];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};
const rabbitmq = "**/*.rabbitmq.test.ts";
const browser = "**/*.browser.test.ts";
const never = ["**/node_modules/**", "**/dist/**"];

/**
 * Three suites: `main` needs nothing but npm; `rabbitmq` needs a RabbitMQ server (see .ci/run);
 * `browser` needs Chromium.
 */
export default defineConfig({
  test: {
    // Most tests wait for processes: with one worker, the default on two cores, a core would idle.
    maxWorkers: 2,
    reporters: ["default", "./test/plain-summary-reporter.ts"],
    projects: [
      {
        ...shared,
        test: {
          name: "main",
          setupFiles: ["./test/fast-check-setup.ts"],
          include: ["packages/**/*.test.ts", "apps/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...never, rabbitmq, browser],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: "rabbitmq",
          include: [rabbitmq],
          exclude: never,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: "browser",
          include: [browser],
          exclude: never,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
