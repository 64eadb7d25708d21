import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { variableNames } from "../src/config/index.ts";
import { renderConfigurationDocument } from "./configuration-document.ts";

// `npx vitest run --project main packages/telemetry/test/configuration-document --update` writes the page anew.
test("docs/configuration.md says what the table of variables says", async () => {
  await expect(renderConfigurationDocument()).toMatchFileSnapshot("../../../docs/configuration.md");
});

test("no variable is read that the table does not list", async () => {
  const files = ["read-config.ts", "read-signals.ts", "read-sentry.ts", "read-browser.ts"].map(
    (name) => new URL(`../src/config/${name}`, import.meta.url),
  );
  const sources = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const named = sources.join("\n").match(/\b(?:OTEL|SENTRY|TRACEBRIDGE)_[A-Z_]*[A-Z]\b/g) ?? [];
  const document = renderConfigurationDocument();
  expect([...new Set(named)].filter((name) => !document.includes(name))).toEqual([]);
});

test.each(variableNames)("%s has a test file of its own", (name) => {
  const file = `./variables/${name.toLowerCase().replaceAll("_", "-")}.test.ts`;
  expect(existsSync(new URL(file, import.meta.url))).toBe(true);
});
