/** Differences between Sentry's own SDK for pages and ours that stay, for one reason. */
export interface KnownDifference {
  readonly reason: string;
  readonly ops: readonly string[];
  /** As `compareOps` writes them; each must occur for each op. */
  readonly differences: readonly string[];
}

const VITALS = ["ui.interaction.click", "ui.webvital.cls", "ui.webvital.lcp"];
const RESOURCES = ["resource.link", "resource.script"];
const VIEWS = ["navigation", "pageload"];
const native = (...keys: string[]): string[] => keys.map((key) => `only native: ${key}`);
const ours = (...keys: string[]): string[] => keys.map((key) => `only ours: ${key}`);

export const knownDifferences: readonly KnownDifference[] = [
  {
    reason: "One project may hold several services.",
    ops: ["browser.request", "function", "http.client", ...VIEWS, ...RESOURCES, ...VITALS],
    differences: ours("service.name"),
  },
  {
    reason: "The captured page has files of these kinds, ours has none.",
    ops: ["resource.img", "resource.other"],
    differences: ["only native"],
  },
  {
    reason:
      "A page load has one span for its document instead of eight for the phases of it, which every visitor would pay for. " +
      "When it was painted is an attribute of it.",
    ops: [
      "browser.cache",
      "browser.connect",
      "browser.dns",
      "browser.dom_content_loaded_event",
      "browser.load_event",
      "browser.paint",
      "browser.response",
    ],
    differences: ["only native"],
  },
  {
    reason: "Long tasks are not followed.",
    ops: ["ui.long_animation_frame"],
    differences: ["only native"],
  },
  {
    reason: "What users do begins a segment, where Sentry's SDK leaves a breadcrumb only.",
    ops: ["ui.action.click"],
    differences: ["only ours"],
  },
  {
    reason: "The document is a file like others, and its span says what theirs say.",
    ops: ["browser.request"],
    differences: ours("http.response.body.size", "http.response.status_code"),
  },
  {
    reason: "Of files we send what OpenTelemetry's conventions have names for; the address says the rest.",
    ops: RESOURCES,
    differences: native(
      "http.request.*",
      "http.request.same_origin",
      "http.response_delivery_type",
      "http.response.body.decoded_size",
      "http.response.size",
      "network.protocol.name",
      "network.protocol.version",
      "resource.render_blocking_status",
      "server.address",
      "url.domain",
      "url.scheme",
    ),
  },
  {
    reason:
      "Phases of a request are not measured; what matters of its address is in url.full and server.address.",
    ops: ["http.client"],
    differences: native(
      "http.request.*",
      "network.protocol.name",
      "network.protocol.version",
      "type",
      "url.domain",
      "url.query",
    ),
  },
  {
    reason: "OpenTelemetry's conventions have these, and every exporter gets them.",
    ops: ["http.client"],
    differences: ours("error.type", "sentry.kind"),
  },
  {
    reason: "Its name is made of an address, which the words of Sentry's protocol call url.",
    ops: ["http.client"],
    differences: ['sentry.segment.name.source: "custom", ours "url"'],
  },
  {
    reason:
      "Without a server's trace Sentry's SDK has no parent for it; ours is below the span of the page view.",
    ops: ["http.client"],
    differences: ["hasParent: false or true, ours true"],
  },
  {
    reason:
      "The captured page called another origin that answered nothing; Sentry's SDK makes an error of it.",
    ops: ["http.client"],
    differences: ['sentry.status.message: "internal_error" or "not_found", ours "not_found"'],
  },
  {
    reason: "What the visitor's machine can do is nobody's business.",
    ops: VIEWS,
    differences: native(
      "device.memory.estimated_capacity",
      "device.processor_count",
      "network.connection.effective_type",
      "network.connection.rtt",
    ),
  },
  {
    reason: "A view ends when it is shown, not when nothing has happened for a while.",
    ops: VIEWS,
    differences: native("sentry.idle_span_finish_reason"),
  },
  {
    reason: "As above; and a span's times say when the page began.",
    ops: ["pageload"],
    differences: native(
      "browser.performance.navigation.activation_start",
      "browser.performance.time_origin",
      "sentry.idle_span_discarded_spans",
    ),
  },
  {
    reason: "A new trace does not name the one before.",
    ops: ["navigation"],
    differences: native("sentry.previous_trace"),
  },
  {
    reason: "Sentry itself calls it deprecated; sentry.segment.name says the same.",
    ops: VITALS,
    differences: native("sentry.transaction"),
  },
];
