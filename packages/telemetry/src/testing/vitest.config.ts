import { defineConfig } from "vitest/config";

const conditions = ["tracebridge-source"];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};
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
          exclude: [...never, rabbitmq, browser, install],
          // Far above what any test needs: a machine that does other work as well must not fail one.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: "install",
          include: [install],
          exclude: never,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
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
