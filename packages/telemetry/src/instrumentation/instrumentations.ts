import { context } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { FastifyOtelInstrumentation } from "@fastify/otel";
import type { Instrumentation } from "@opentelemetry/instrumentation";
import { ExpressInstrumentation, ExpressLayerType } from "@opentelemetry/instrumentation-express";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { MongoDBInstrumentation } from "@opentelemetry/instrumentation-mongodb";
import { PinoInstrumentation } from "@opentelemetry/instrumentation-pino";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { readBusinessIds } from "../business-context/index.ts";
import { PARENT_ID, readParentId } from "../logs/index.ts";
import { markInbound } from "../propagation/index.ts";
import { createAmqplibInstrumentation } from "./amqplib.ts";
import { serializeMongoCommand } from "./mongodb-statement.ts";
import { withholdFromHttp, withholdFromUndici } from "./outgoing-headers.ts";

export interface InstrumentationOptions {
  readonly businessKeys: ReadonlySet<string>;
  /** Whether log lines become log records; correlation ids are added to the lines in any case. */
  readonly sendLogs: boolean;
}

/** What is instrumented, and how: one line of reason for every option that differs from the default. */
export function createInstrumentations(options: InstrumentationOptions): Instrumentation[] {
  return [
    // Health probes are left out by the sampler, for every framework alike.
    new HttpInstrumentation({
      // Ignores no request: it is the one hook that sees one before its headers are read.
      ignoreIncomingRequestHook: ({ headers }) => {
        markInbound(headers);
        return false;
      },
      requestHook: withholdFromHttp,
    }),
    new UndiciInstrumentation({
      // What telemetry itself sends is not even looked at.
      ignoreRequestHook: () => isTracingSuppressed(context.active()),
      requestHook: withholdFromUndici,
    }),
    new ExpressInstrumentation({
      // Middleware and routers end before a business id is known: only the handler is a span.
      ignoreLayersType: [ExpressLayerType.MIDDLEWARE, ExpressLayerType.ROUTER],
    }),
    // Hooks end before a business id is known, as middleware does.
    new FastifyOtelInstrumentation({ registerOnInitialization: true, instrumentHooks: false }),
    createAmqplibInstrumentation(),
    new MongoDBInstrumentation({ dbStatementSerializer: serializeMongoCommand }),
    new PinoInstrumentation({
      disableLogSending: !options.sendLogs,
      logHook: (span, record) => {
        const parentId = readParentId(span);
        if (parentId !== undefined) record[PARENT_ID] = parentId;
        Object.assign(record, readBusinessIds(context.active(), options.businessKeys));
      },
    }),
  ];
}
