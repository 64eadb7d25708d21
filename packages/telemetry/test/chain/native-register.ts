// Sentry's own SDK with nothing but what the SENTRY_* variables say, of which it reads all but the DSN's absence itself.
import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env["SENTRY_DSN"] });
process.once("beforeExit", () => void Sentry.close(5_000));
