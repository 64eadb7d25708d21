// OpenTelemetry alone, as its documentation says: https://opentelemetry.io/docs/languages/js/getting-started/nodejs/
// It knows W3C's headers, and forwards baggage when OTEL_PROPAGATORS names it; Sentry's header is unknown to it.
import { register } from "node:module";
import { AmqplibInstrumentation } from "@opentelemetry/instrumentation-amqplib";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { NodeSDK } from "@opentelemetry/sdk-node";

register("import-in-the-middle/hook.mjs", import.meta.url);
const sdk = new NodeSDK({
  instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation(), new AmqplibInstrumentation()],
});
sdk.start();
process.once("beforeExit", () => void sdk.shutdown());
