// The page whose telemetry is captured: Sentry's own SDK for browsers with its defaults.
import * as Sentry from "@sentry/browser";

Sentry.init({
  dsn: document.body.dataset.dsn,
  tunnel: "/tb/e",
  release: "page@1.0.0",
  environment: "production",
  tracesSampleRate: 1,
  integrations: [Sentry.browserTracingIntegration()],
});

const other = new URL(location.href);
other.hostname = "localhost";
const onClick = (id, act) => document.getElementById(id).addEventListener("click", act);

onClick("order", () => fetch("/order?token=secret", { method: "POST", body: "{}" }));
onClick("other", () => fetch(new URL("/elsewhere", other), { mode: "no-cors" }));
onClick("missing", () => fetch("/missing/al-7"));
onClick("submit", () =>
  Sentry.startSpan({ name: "handleSubmit", op: "function" }, async () => {
    await fetch("/order/al-7");
    await fetch("/order/al-8");
  }),
);
onClick("throw", () => {
  throw new TypeError("thrown by a click");
});
onClick("reject", () => void Promise.reject(new Error("rejected by a click")));
onClick("report", () => Sentry.captureException(new Error("reported by hand")));
onClick("slow", () => {
  const end = performance.now() + 150;
  while (performance.now() < end);
});
onClick("navigate", () => history.pushState({}, "", "/reset-password?mail=alice@example.com#top"));
await fetch("/config.json");
