import { createWriteStream } from "node:fs";
import * as Sentry from "@sentry/node";
import pino from "pino";
import { SpanStatusCode, context, logs, propagation, trace } from "@opentelemetry/api";
import { addBreadcrumb, captureError, captureMessage } from "@tracebridge/telemetry";
import { plantNamed, plantText } from "./canaries.ts";
import type { NamedPlace, TextPlace } from "./canaries.ts";
import { harmlessTexts } from "./harmless-texts.ts";

/** What the application itself logs is its own business: it must not be taken for what leaves through telemetry. */
export const log = pino({}, createWriteStream("/dev/null"));
export const tracer = trace.getTracer("canary");
const linked = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };

/** Puts a secret of this kind into every place that takes a text. */
export function sayText(kind: string): void {
  const at = (place: TextPlace): string => plantText(kind, place).text;
  const links = [{ context: linked, attributes: { linked: at("link attribute") } }];
  Sentry.withIsolationScope((scope) => {
    tracer.startActiveSpan(at("segment name"), { root: true }, (segment) => {
      tracer.startActiveSpan(at("span name"), { links }, (span) => {
        span.setAttribute("said", at("span attribute"));
        span.setAttribute("list", ["first", at("attribute with a list")]);
        span.setAttribute(at("key of an attribute"), true);
        span.addEvent(at("span event name"), { said: at("span event attribute") });
        span.setStatus({ code: SpanStatusCode.ERROR, message: at("status message") });
        span.recordException(new Error(at("recorded exception")));
        scope.setAttribute("scoped", at("scope attribute"));
        Object.assign(added, { [kind]: at("attribute from beforeSendSpan") });
        span.setAttribute("kind", kind);
        span.end();
      });
      const carrier = {};
      propagation.inject(context.active(), carrier);
      carriers.push(carrier);
      writeLogs(at);
      fillScope(scope, at);
      captureErrors(at);
      segment.setStatus({ code: SpanStatusCode.ERROR });
      segment.end();
    });
    // Within a segment, its name is that of the transaction.
    scope.setTransactionName(at("transaction name"));
    Sentry.captureMessage("outside of a segment");
  });
}

/** Puts a secret without a form under this name, wherever there are names. */
export function sayNamed(name: string): void {
  const under = (place: NamedPlace): Record<string, string> => plantNamed(name, place).record;
  const links = [{ context: linked, attributes: under("link attribute") }];
  Sentry.withIsolationScope((scope) => {
    tracer.startActiveSpan("under a name", { root: true, links }, (span) => {
      scope.setAttributes(under("scope attribute"));
      span.setAttributes(under("span attribute"));
      span.addEvent("under a name", under("span event attribute"));
      log.info(under("log attribute"), "under a name");
      log.info({ outer: { inner: [under("nested log attribute")] } }, "under a name");
      addBreadcrumb({ message: "under a name", data: under("breadcrumb data") });
      scope.setTags(under("tag")).setExtras(under("extra")).setContext("named", under("context"));
      captureError(new Error("under a name"), { extra: under("extra of a captured error") });
      Sentry.captureMessage(`under ${name}`);
      span.end();
    });
  });
}

export function sayHarmlessTexts(): void {
  for (const text of harmlessTexts) {
    tracer.startActiveSpan(text, (span) => {
      span.setAttribute("said", text);
      log.info({ said: text }, text);
      addBreadcrumb({ message: text });
      span.end();
    });
  }
  Sentry.captureMessage("all that is harmless");
}

/** Sends the headers that requests within each segment would have. */
export async function sendHeaders(): Promise<void> {
  await fetch(`${process.env["RECIPIENT_URL"] ?? ""}/headers`, {
    method: "POST",
    body: JSON.stringify(carriers),
  });
}

const carriers: Record<string, string>[] = [];
const added: Record<string, string> = {};
const client = Sentry.getClient();
if (client) {
  client.getOptions().beforeSendSpan = (span) => {
    const kind = span.attributes?.["kind"];
    return typeof kind === "string"
      ? { ...span, attributes: { ...span.attributes, added: added[kind] } }
      : span;
  };
}

function captureErrors(at: (place: TextPlace) => string): void {
  captureError(Object.assign(new Error(at("captured error")), { name: at("name of an error") }), {
    tags: { said: at("tag of a captured error") },
    extra: { saidInExtra: at("extra of a captured error") },
    contexts: { said: { text: at("context of a captured error") } },
  });
  captureError(new Error("with a cause", { cause: new Error(at("cause of an error")) }));
  captureMessage(at("captured message"));
}

function writeLogs(at: (place: TextPlace) => string): void {
  log.info(at("log message"));
  log.info({ said: at("log attribute") }, "said");
  log.info({ outer: { list: [{ said: at("nested log attribute") }] } }, "said");
  log.error(new Error(at("logged error")));
  logs.getLogger("canary").emit({
    eventName: at("name of a logged event"),
    severityText: at("severity of a log"),
    body: { deep: 1 },
  });
}

function fillScope(scope: Sentry.Scope, at: (place: TextPlace) => string): void {
  addBreadcrumb({ message: at("breadcrumb message"), data: { said: at("breadcrumb data") } });
  scope
    .setTag("said", at("tag"))
    .setExtra("said", { deep: [at("extra")] })
    .setContext("said", { text: at("context") })
    .setFingerprint([at("fingerprint")])
    .setUser({ username: at("name of the user") });
  scope.addAttachment({ filename: at("name of an attachment"), data: at("attachment") });
}
