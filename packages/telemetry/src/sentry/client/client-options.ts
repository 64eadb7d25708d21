import type { ClientOptions } from "@sentry/core";

/** What the clients of services and of pages are given alike. */
export const CLIENT_OPTIONS = {
  // Sentry's functions make spans in services, and none in pages; which of them a back end gets is decided by our sampler.
  tracesSampleRate: 1,
  attachStacktrace: true,
  sendClientReports: true,
  maxBreadcrumbs: 50,
  /** Sentry 11 collects everything unless told otherwise. */
  dataCollection: {
    userInfo: false,
    cookies: false,
    httpHeaders: { request: false, response: false },
    httpBodies: [],
    urlQueryParams: false,
    graphQL: { document: false, variables: false },
    genAI: { inputs: false, outputs: false },
    mcp: { inputs: false, outputs: false },
    databaseQueryData: false,
    queues: false,
    stackFrameVariables: false,
  },
} satisfies Partial<ClientOptions>;
