import { AttributeGroup } from "../../sentry/spans/attribute-text.ts";
import type { DescribedSpan, SentryName } from "../../sentry/spans/naming.ts";
import type { RequestFacts, Surroundings } from "../../sentry/spans/surroundings.ts";
import { readPageUrl } from "../page-url.ts";

/** How the names begin under which OpenTelemetry knows telemetry's own instrumentations of a page. */
const OWN = "@tracebridge/instrumentation-";
const OP = "sentry.op";
const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/;

/** Who makes spans of these ops in Sentry's own SDK; the first that fits. */
const ORIGINS: readonly (readonly [prefix: string, origin: string])[] = [
  ["pageload", "auto.pageload.browser"],
  ["navigation", "auto.navigation.browser"],
  ["http.client", "auto.http.browser"],
  ["resource.", "auto.resource.browser.metrics"],
  ["browser.", "auto.ui.browser.metrics"],
  ["ui.action.", "auto.ui.browser.interaction"],
  ["ui.webvital.lcp", "auto.ui.browser.lcp"],
  ["ui.webvital.cls", "auto.ui.browser.cls"],
  ["ui.interaction.", "auto.ui.browser.inp"],
];
/** Their names are made of addresses, and are not used to group. */
const NAMED_BY_ADDRESS = new Set(["pageload", "navigation", "http.client"]);

/** The page in Sentry's words; names are given by the instrumentations, so that they are the same in every back end. */
export function createPageSurroundings(): Surroundings {
  let culture: AttributeGroup | undefined;
  return {
    nameSpan,
    readOrigin,
    readMachine: () => (culture ??= createCultureGroup()),
    readRequest: readPage,
    // A page has one user, and one place at a time.
    withScopes: (context) => context,
  };
}

function readOrigin(scopeName: string, _kind: unknown, op = ""): string {
  const known = scopeName.startsWith(OWN) && ORIGINS.find(([prefix]) => op.startsWith(prefix));
  return known ? known[1] : "manual";
}

function nameSpan({ name, attributes }: DescribedSpan): SentryName {
  const op = attributes[OP];
  if (typeof op !== "string") return { name, source: "custom" };
  return { name, op, source: NAMED_BY_ADDRESS.has(op) ? "url" : "custom" };
}

export interface Culture {
  readonly locale: string;
  readonly timezone: string;
  readonly calendar: string;
}

export function readCulture(): Culture {
  const { locale, timeZone, calendar } = Intl.DateTimeFormat().resolvedOptions();
  return { locale, timezone: timeZone, calendar };
}

/** As Sentry's integration `CultureContext` says it. */
function createCultureGroup(): AttributeGroup {
  const culture = Object.entries(readCulture()).map(([key, value]) => [`culture.${key}`, value]);
  return new AttributeGroup(Object.fromEntries(culture));
}

/** As Sentry's integration `HttpContext` says it. */
function readPage(): RequestFacts {
  const { hostname, protocol } = location;
  return { isLocalhost: protocol === "file:" || LOCAL_HOST.test(hostname), url: readPageUrl() };
}
