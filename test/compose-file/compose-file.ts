import { readFileSync } from "node:fs";
import { parse } from "yaml";

const root = new URL("../../", import.meta.url);

/** As much of a service as the tests look at; variables are not put in yet. */
export interface ComposeService {
  image: string;
  build?: string;
  user?: string;
  command?: string[];
  profiles?: string[];
  environment?: Record<string, string | number | null>;
  ports?: string[];
  volumes?: string[];
  networks?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  read_only?: boolean;
  tmpfs?: string[];
  cap_add?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  privileged?: boolean;
  mem_limit?: string;
  pids_limit?: number;
  restart?: string;
}

export interface ComposeFile {
  version?: string;
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
  networks: Record<string, unknown>;
}

export function readText(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

/** Reads YAML with merge keys (`<<`), as Compose, the collector and Jaeger do. */
export function readYaml(path: string): unknown {
  return parse(readText(path), { merge: true });
}

export function readComposeFile(): ComposeFile {
  return readYaml("docker-compose.yaml") as ComposeFile;
}

/** The settings of .env.example: those that are set, and those that stand there switched off (`#NAME=value`). */
export function readEnvExample(): { set: Record<string, string>; off: Record<string, string> } {
  const set: Record<string, string> = {};
  const off: Record<string, string> = {};
  for (const [, mark, name, value] of readText(".env.example").matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)) {
    (mark === "#" ? off : set)[name ?? ""] = value ?? "";
  }
  return { set, off };
}

/**
 * Puts variables in as Compose does: `${NAME}`, `${NAME:-default}`, `${NAME:+instead}` and `${NAME:?message}`, where a
 * default or what stands instead may hold further ones. https://docs.docker.com/reference/compose-file/interpolation/
 *
 * @throws when a variable that must be set is not
 */
export function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  const start = text.indexOf("${");
  if (start === -1) return text;
  const end = findClosingBrace(text, start + 2);
  const [, name = "", operator, rest = ""] =
    /^(\w+)(?:(:[-+?])(.*))?$/s.exec(text.slice(start + 2, end)) ?? [];
  const value = env[name] || undefined;
  if (value === undefined && operator === ":?") throw new Error(`${name} ${rest}`);
  const isRestMeant = operator === (value === undefined ? ":-" : ":+");
  const put = isRestMeant ? interpolate(rest, env) : (value ?? "");
  return text.slice(0, start) + put + interpolate(text.slice(end + 1), env);
}

function findClosingBrace(text: string, from: number): number {
  let depth = 1;
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === "{") depth += 1;
    else if (text[index] === "}") depth -= 1;
    if (depth === 0) return index;
  }
  throw new Error(`a brace is not closed in ${text}`);
}

/** What a container finds in its environment: a variable without a value comes from `env`, or not at all. */
export function resolveEnvironment(
  service: ComposeService,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const [name, value] of Object.entries(service.environment ?? {})) {
    const text = value === null ? env[name] : interpolate(String(value), env);
    if (text !== undefined) resolved[name] = text;
  }
  return resolved;
}
