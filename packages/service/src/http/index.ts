export { startHttpServer, type HttpServer } from "./http-server.ts";
export { readReadiness, type Dependencies, type Readiness } from "./readiness.ts";
