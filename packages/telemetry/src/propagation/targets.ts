import type { Attributes } from "@opentelemetry/api";
import type { Reporter } from "../problems/index.ts";

/** A text that the address must contain, or begin with where it has a scheme; or a regular expression to match. */
export type TargetPattern = string | RegExp;

/** Whether the call that a span with these attributes makes goes to a named receiver. */
export type TargetTest = (attributes: Attributes) => boolean;

/** A longer address is not looked at, and so is named by no pattern: matching may take long where patterns repeat. */
const MAX_ADDRESS_LENGTH = 2_048;

/**
 * Tests the address of a call, scheme to path: credentials, query and fragment are left out, since whoever fills those
 * would choose the receiver. What is no pattern (an empty text would name everybody) names nobody, and is told.
 * `undefined` when there is no list.
 */
export function createTargetTest(
  patterns: readonly TargetPattern[] | undefined,
  reportOnce: Reporter["once"],
): TargetTest | undefined {
  if (patterns === undefined) return undefined;
  // JavaScript may hand us anything.
  const list: readonly unknown[] = Array.isArray(patterns) ? patterns : [patterns];
  const tests = list.filter(isPattern).map(createPatternTest);
  if (tests.length < list.length) {
    const message =
      "tracePropagationTargets must be a list of texts and regular expressions; others name nobody.";
    reportOnce("propagation-targets", message);
  }
  return (attributes) => {
    const address = readAddress(attributes);
    return address !== undefined && tests.some((test) => test(address));
  };
}

function isPattern(value: unknown): value is TargetPattern {
  return (typeof value === "string" && value !== "") || isRegExp(value);
}

/** Of whatever realm: only regular expressions have a source, which this getter reads of nothing else. */
function isRegExp(value: unknown): boolean {
  try {
    return typeof Reflect.get(RegExp.prototype, "source", value) === "string" && value !== RegExp.prototype;
  } catch {
    return false;
  }
}

/**
 * A text with a scheme names an address from its start: whoever chooses a path could repeat it there. One that ends with
 * the host names that host, not all whose names begin alike. A regular expression is copied: one with the flag `g` or `y`
 * remembers where it stopped.
 */
function createPatternTest(pattern: TargetPattern): (address: string) => boolean {
  if (typeof pattern === "string") {
    if (!/^https?:\/\//.test(pattern)) return (address) => address.includes(pattern);
    const endsWithHost = /^https?:\/\/[^/]*[^/:]$/.test(pattern);
    return (address) =>
      address.startsWith(pattern) && (!endsWithHost || /[/:]/.test(address.charAt(pattern.length)));
  }
  const expression = new RegExp(pattern);
  return (address) => {
    expression.lastIndex = 0;
    return expression.test(address);
  };
}

/**
 * The address as the URL standard writes it. `url.full` is put together by instrumentations from what the application
 * gave them, and `http` may be told one host in it and connect to another: then nobody is named.
 */
function readAddress(attributes: Attributes): string | undefined {
  const url = parseUrl(attributes["url.full"] ?? attributes["http.url"]);
  if (!url) return undefined;
  const server = attributes["server.address"];
  if (typeof server === "string" && readHostname(server) !== url.hostname) return undefined;
  const address = `${url.protocol}//${url.host}${url.pathname}`;
  return address.length <= MAX_ADDRESS_LENGTH ? address : undefined;
}

function readHostname(server: string): string | undefined {
  const isBareIpv6 = server.includes(":") && !server.startsWith("[");
  return parseUrl(`http://${isBareIpv6 ? `[${server}]` : server}`)?.hostname;
}

function parseUrl(text: unknown): URL | undefined {
  return typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
}
