import { anything } from "../parity/known-differences.ts";
import type { KnownDifference } from "./listed.ts";

const dsc = (...members: string[]): string =>
  ["environment=oracle", "public_key=public", "release=oracle@1", "sample_rand=true", ...members].join(", ");
const op = (name: string, ...paths: string[]) => ({
  paths,
  fields: ["attribute sentry.op"],
  ours: JSON.stringify(name),
});
const httpSpans = ["GET /users/:id", "GET", "POST /orders"];
const belowRemote = ["below a remote parent", "below a remote parent > child of the remote one's child"];

const everywhere: KnownDifference = {
  reason: "One project may hold several services; and the integrations that make spans are OpenTelemetry's.",
  listed: [
    { fields: ["attribute service.name"], ours: '"oracle"' },
    { fields: ["attribute sentry.sdk.integrations"], native: anything, ours: anything },
  ],
};

/** Where the same calls of OpenTelemetry's functions make other spans than by Sentry's own tracer provider. */
export const spanDifferences: readonly KnownDifference[] = [
  {
    reason:
      "Sentry's provider takes a span of OpenTelemetry's functions as it is; only Sentry's own integrations say what " +
      "kind of work it was. Ours reads it from the attributes, as instrumentations of OpenTelemetry give no more.",
    listed: [
      op("http.server", ...httpSpans),
      op("http.client", "GET shop.example"),
      op("db", "databases > findOne orders", "databases > SELECT orders", "databases > pg.query"),
      op("queue.publish", "messages > send jobs"),
      op("queue.process", "messages > process jobs"),
      { paths: ["GET"], fields: ["status"], native: "ok", ours: "error" },
      { paths: ["GET"], fields: ["attribute sentry.status.message"], ours: '"not_found"' },
      { paths: ["POST /orders"], fields: ["attribute sentry.status.message"], ours: '"internal_error"' },
      { paths: ["GET shop.example"], fields: ["attribute sentry.status.message"], ours: '"unavailable"' },
    ],
  },
  {
    reason:
      "For the same reason Sentry's provider takes every name for one that a person chose. Ours knows which one came " +
      "from a URL, and keeps it out of the sampling context.",
    listed: [
      {
        paths: ["GET /users/:id", "POST /orders"],
        fields: ["attribute sentry.segment.name.source"],
        native: '"custom"',
        ours: '"route"',
      },
      {
        paths: ["GET", "GET shop.example"],
        fields: ["attribute sentry.segment.name.source"],
        native: '"custom"',
        ours: '"url"',
      },
      ...["GET", "GET shop.example"].map((name) => ({
        paths: [name],
        fields: ["dynamic sampling context"],
        native: dsc("sample_rate=1", "sampled=true", "trace_id=of the span", `transaction=${name}`),
        ours: dsc("sample_rate=1", "sampled=true", "trace_id=of the span"),
      })),
    ],
  },
  {
    reason:
      "The flag of traceparent is OpenTelemetry's decision. Sentry's provider takes it for Sentry's; ours decides for " +
      "Sentry by Sentry's rate, and says so.",
    listed: [
      {
        paths: belowRemote,
        fields: ["dynamic sampling context"],
        native: dsc("sampled=true", "trace_id=of the span", "transaction=below a remote parent"),
        ours: dsc(
          "sample_rate=1",
          "sampled=true",
          "trace_id=of the span",
          "transaction=below a remote parent",
        ),
      },
      { paths: ["below a remote parent"], fields: ["attribute sentry.sample_rate"], ours: "1" },
    ],
  },
  {
    reason: "Obsolete attributes get their current names, for every exporter.",
    listed: [
      {
        paths: ["databases > pg.query"],
        fields: ["attribute db.system", "attribute db.statement"],
        native: anything,
      },
      {
        paths: ["databases > pg.query"],
        fields: ["attribute db.system.name", "attribute db.query.text"],
        ours: anything,
      },
    ],
  },
  {
    reason: "Sentry's protocol has no type for nothing: https://develop.sentry.dev/sdk/telemetry/attributes/",
    listed: [
      {
        paths: ["attributes"],
        fields: ["attribute with holes"],
        native: '["a",null,"b"]',
        ours: '["a","b"]',
      },
    ],
  },
  everywhere,
];

/** Where the same calls of Sentry's own functions make other spans than in Sentry's SDK. */
export const functionDifferences: readonly KnownDifference[] = [
  {
    reason:
      "Outside of any request Sentry's SDK puts all spans of a process in one trace, which is named after the first of " +
      "them. To OpenTelemetry every span without a parent begins a trace.",
    listed: Object.entries({
      "by hand": [" > in milliseconds", " > of a date"],
      "a root of its own": [],
      thrown: [],
      "in a scope": [" > below the one in a scope"],
      linked: [" > links"],
    }).map(([name, children]) => ({
      paths: [name, ...children.map((child) => name + child)],
      fields: ["dynamic sampling context"],
      native: dsc("sample_rate=1", "sampled=true", "trace_id=of the span", "transaction=root"),
      ours: dsc("sample_rate=1", "sampled=true", "trace_id=of the span", `transaction=${name}`),
    })),
  },
  everywhere,
];
