export { startHttpServer } from "./http-server.ts";
export { readReadiness, type Readiness } from "./readiness.ts";
