import type { ClientOptions } from "@sentry/core";

/** Sentry 11 collects everything unless told otherwise. */
export const COLLECT_NOTHING: NonNullable<ClientOptions["dataCollection"]> = {
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
};
