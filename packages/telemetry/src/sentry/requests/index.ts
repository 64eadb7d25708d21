import type { Integration } from "@sentry/core";
import { watchFetchClients } from "./fetch-client.ts";
import { watchHttpClients } from "./http-client.ts";
import { isolateHttpRequests } from "./http-server.ts";

/**
 * In place of Sentry's integration of this name, which reads the headers of each request three times, copies them, and
 * follows the trace that they name a second time.
 */
export function createHttpIntegration(sessions: boolean): Integration {
  return {
    name: "Http",
    setupOnce: () => {
      isolateHttpRequests(sessions);
      watchHttpClients();
    },
  };
}

/** In place of Sentry's integration of this name: breadcrumbs of `fetch`, and nothing for its spans. */
export function createFetchIntegration(): Integration {
  return { name: "NodeFetch", setupOnce: watchFetchClients };
}
