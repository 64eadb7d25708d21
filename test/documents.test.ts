import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { variableNames } from "../packages/telemetry/src/config/index.ts";

const root = new URL("../", import.meta.url);
const pages = [
  "docs/browser.md",
  "docs/production.md",
  "docs/troubleshooting.md",
  "deploy/kubernetes/README.md",
];
const scripts = (JSON.parse(readText("package.json")) as { scripts: Record<string, string> }).scripts;
const compose = parse(readText("docker-compose.yaml"), { merge: true }) as {
  services: Record<string, unknown>;
};

function readText(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

describe.each(pages)("%s", (page) => {
  const text = readText(page);

  it("links to files and headings that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => match[1] ?? "");
    for (const link of links) {
      const [path = "", heading] = link.split("#");
      const target = path === "" ? new URL(page, root) : new URL(path, new URL(page, root));
      expect(existsSync(fileURLToPath(target)), link).toBe(true);
      if (heading === undefined) continue;
      const headings = [...readFileSync(target, "utf8").matchAll(/^#+ (.+)$/gm)].map((match) =>
        (match[1] ?? "")
          .toLowerCase()
          .replaceAll(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      );
      expect(headings, link).toContain(heading);
    }
  });

  it("names npm scripts, services of Compose and variables that exist", () => {
    const named = [...text.matchAll(/npm run (?:-s )?([\w:]+)(?![\w:]| -w)/g)].map((match) => match[1] ?? "");
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    const services = [...text.matchAll(/\bms[A-Z]\w+/g)].map(([name]) => name);
    expect(services.filter((name) => !Object.hasOwn(compose.services, name))).toEqual([]);
    const variables = [...text.matchAll(/\b(?:OTEL|SENTRY|TRACEBRIDGE)_[A-Z_]+\b/g)].map(([name]) => name);
    expect(variables.filter((name) => !variableNames.includes(name))).toEqual([]);
  });
});
