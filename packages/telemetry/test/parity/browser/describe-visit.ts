import type { Envelope } from "@tracebridge/receivers";
import type { Arrived } from "./native-server.ts";

export interface Step extends Arrived {
  readonly name: string;
}

type Fields = Record<string, unknown>;
interface TypedValue extends Fields {
  readonly value: unknown;
}

/** Ids of the server's own, which the page has in its meta tags. */
const FIXED = new Set(["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"]);
const IDS = /\b[0-9a-f]{32}\b|\b[0-9a-f]{16}\b/g;
/** One name for the many times of a request. */
const REQUEST_TIME = /^http\.request\.(.*_(start|end)|time_to_first_byte)$/;
const MEASURED = new RegExp(
  [
    /^(timestamp|started|start_timestamp|end_timestamp|sent_at|colno|lineno)$/,
    /^(sentry\.exclusive_time|server\.port|http\.response\..*size|http\.request\.\*)$/,
    /^(browser\.web_vital\..*(value|time|size)|browser\.performance\..*|network\.connection\.rtt|device\..*)$/,
  ]
    .map(({ source }) => source)
    .join("|"),
);
const RANDOM_SHARE = /(?<=sample_rand(=|":"))0\.(?!25\b)\d+/g;
/** An event has the breadcrumbs of the whole visit. */
const KEPT_BREADCRUMBS = 3;
const BROWSER = /Mozilla\/5\.0[^"]*/g;

/** A visit as it can be read and kept: ids are numbered, what is measured is left out. */
export function describeVisit(steps: readonly Step[], url: string): Fields {
  const types: Record<string, string> = {};
  const everywhere = findCommonAttributes(steps);
  const described = steps.map(({ name, requests, envelopes }) => ({
    step: name,
    requests,
    envelopes: envelopes.map((envelope) => describeEnvelope(envelope, everywhere, types)),
  }));
  const text = replaceVolatile(
    JSON.stringify({ attributesOfEverySpan: everywhere, steps: described }, omitMeasured),
    url,
  );
  return { attributeTypes: sortKeys(types), ...(JSON.parse(text) as Fields) };
}

function describeEnvelope(
  { header, items }: Envelope,
  everywhere: Fields,
  types: Record<string, string>,
): Fields {
  return {
    header,
    items: items.map(({ header: itemHeader, payload }) => {
      if (!isFields(payload)) return { header: itemHeader, payload };
      if (Array.isArray(payload["breadcrumbs"])) {
        const breadcrumbs = payload["breadcrumbs"].slice(-KEPT_BREADCRUMBS);
        return { header: itemHeader, payload: { ...payload, breadcrumbs } };
      }
      if (!Array.isArray(payload["items"])) return { header: itemHeader, payload };
      const spans = payload["items"].map((span) => describeSpan(span as Fields, everywhere, types));
      return { header: itemHeader, payload: { ...payload, items: spans } };
    }),
  };
}

function describeSpan(span: Fields, everywhere: Fields, types: Record<string, string>): Fields {
  const attributes: Fields = {};
  for (const [key, { value, ...type }] of readAttributes(span)) {
    types[key] = Object.values(type).join(", ");
    if (!(key in everywhere)) attributes[key] = value;
  }
  return { ...span, attributes };
}

function findCommonAttributes(steps: readonly Step[]): Fields {
  const spans = steps
    .flatMap(({ envelopes }) => envelopes.flatMap(({ items }) => items))
    .flatMap(({ payload }) => (isFields(payload) && Array.isArray(payload["items"]) ? payload["items"] : []));
  const [first = {}, ...others] = spans.map((span) => Object.fromEntries(readAttributes(span as Fields)));
  const common = Object.entries(first).filter(([key, { value }]) =>
    others.every((other) => JSON.stringify(other[key]?.value) === JSON.stringify(value)),
  );
  return Object.fromEntries(common.map(([key, { value }]) => [key, value]));
}

function readAttributes(span: Fields): [string, TypedValue][] {
  const attributes = Object.entries(span["attributes"] as Record<string, TypedValue>);
  const read = attributes.map(([key, value]): [string, TypedValue] => [
    REQUEST_TIME.test(key) ? "http.request.*" : key,
    value,
  ]);
  return [...new Map(read)];
}

function omitMeasured(key: string, value: unknown): unknown {
  return MEASURED.test(key) ? `<${typeof value}>` : value;
}

function replaceVolatile(text: string, url: string): string {
  const names = new Map<string, string>();
  const nameId = (id: string): string => {
    const name =
      names.get(id) ??
      (FIXED.has(id) ? id : `<${id.length === 32 ? "trace or event" : "span"} ${names.size}>`);
    names.set(id, name);
    return name;
  };
  return text
    .replaceAll(IDS, nameId)
    .replaceAll(new URL(url).port, "PORT")
    .replaceAll(RANDOM_SHARE, "<random>")
    .replaceAll(BROWSER, "<user agent>");
}

function sortKeys(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).toSorted(([one], [other]) => one.localeCompare(other)));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
