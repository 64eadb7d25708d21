import type { SamplingRule } from "./rules.ts";

/** The rules that can be used, and one sentence about each of the others. */
export interface ReadRules {
  readonly rules: readonly SamplingRule[];
  readonly faults: readonly string[];
}

/** Every request is compared with every rule. */
const MAX_RULES = 100;
const MAX_TEXT_LENGTH = 256;

type RuleReader = (value: unknown) => string | undefined;

/** What each key of a rule may hold, in words; `undefined` when `value` is that. */
const KEYS: Readonly<Record<keyof SamplingRule, RuleReader>> = {
  method: expectText,
  path: expectPath,
  queue: expectText,
  service: expectText,
  sentry: expectRate,
  otlp: expectRate,
};

/** Reads the JSON text of `TRACEBRIDGE_SAMPLING_RULES`. Pure. A rule with a fault is left out, the others are used. */
export function readRules(json: string): ReadRules {
  const members = parseArray(json);
  if (!Array.isArray(members)) return { rules: [], faults: [`${members.fault} No rule is used.`] };
  const rules: SamplingRule[] = [];
  const faults: string[] = [];
  for (const [index, member] of members.slice(0, MAX_RULES).entries()) {
    const fault = findFault(member);
    if (fault === undefined) rules.push(member as SamplingRule);
    else faults.push(`rule ${index + 1}: ${fault} The rule is left out.`);
  }
  if (members.length > MAX_RULES) {
    faults.push(`${members.length} rules; allowed: ${MAX_RULES}. The rules after that are left out.`);
  }
  return { rules, faults };
}

function parseArray(json: string): unknown[] | { fault: string } {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : { fault: "the JSON is no array of rules." };
  } catch (error) {
    // The rest of the message shows what may have been read from a wrong file.
    const position = /position \d+/.exec(String(error))?.[0];
    return { fault: `not valid JSON${position === undefined ? "" : ` at ${position}`}.` };
  }
}

function findFault(member: unknown): string | undefined {
  if (typeof member !== "object" || member === null || Array.isArray(member)) return "not a JSON object.";
  for (const [key, value] of Object.entries(member)) {
    if (!isKey(key)) return `unknown ${show(key)}; known are ${Object.keys(KEYS).join(", ")}.`;
    const allowed = KEYS[key](value);
    if (allowed !== undefined) return `"${key}" is ${show(value)}; allowed: ${allowed}.`;
  }
  if ("queue" in member && ("method" in member || "path" in member)) {
    return `no trace has both a "queue" and a "method" or "path"; make two rules of it.`;
  }
  return undefined;
}

function isKey(key: string): key is keyof SamplingRule {
  return Object.hasOwn(KEYS, key);
}

function expectRate(value: unknown): string | undefined {
  return typeof value === "number" && value >= 0 && value <= 1 ? undefined : "0 to 1";
}

function expectText(value: unknown): string | undefined {
  const isText = typeof value === "string" && value !== "" && value.length <= MAX_TEXT_LENGTH;
  return isText ? undefined : `a text of up to ${MAX_TEXT_LENGTH} characters`;
}

function expectPath(value: unknown): string | undefined {
  const isPath = expectText(value) === undefined && /^\/[^?#]*$/.test(String(value));
  return isPath
    ? undefined
    : `a path that starts with "/", without a query, of up to ${MAX_TEXT_LENGTH} characters`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
