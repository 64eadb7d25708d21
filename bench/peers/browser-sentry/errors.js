import { init } from "@sentry/browser";

init({ dsn: "https://public@sentry.example/1", tunnel: "/tunnel" });
