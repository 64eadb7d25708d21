import { UserInteractionInstrumentation } from "@opentelemetry/instrumentation-user-interaction";
import { startTracing } from "./start-tracing.js";

startTracing(new UserInteractionInstrumentation());
