// Sentry's own SDK, started as its documentation says: https://docs.sentry.io/platforms/javascript/guides/node/install/esm/
import * as Sentry from "@sentry/node";

Sentry.init({
  dsn: process.env["SENTRY_DSN"],
  environment: "parity",
  release: "parity@1",
  tracesSampleRate: 1,
  // What a bridge that never sends personal data leaves out as well.
  dataCollection: {
    userInfo: false,
    cookies: false,
    httpHeaders: { request: false, response: false },
    httpBodies: [],
    urlQueryParams: false,
    databaseQueryData: false,
    queues: false,
    stackFrameVariables: false,
  },
});
process.once("beforeExit", () => void Sentry.close(5_000));
