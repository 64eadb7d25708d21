export { readHealth } from "./health.ts";
export { startHttpServer } from "./http-server.ts";
export { readReadiness, type Readiness } from "./readiness.ts";
