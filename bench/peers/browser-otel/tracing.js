import { startTracing } from "./start-tracing.js";

startTracing();
