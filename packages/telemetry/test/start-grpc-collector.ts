import { Metadata, Server, ServerCredentials } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { readOtlpLogs, readOtlpTraces } from "@tracebridge/receivers";
import type { OtlpLog, OtlpSpan } from "@tracebridge/receivers";
import { onTestFinished } from "vitest";

/** An answer other than plain success: the code of a failure, or the bytes of a response. What came is then not kept. */
interface ScriptedAnswer {
  readonly code?: number;
  /** A `google.rpc.Status` beside the code. */
  readonly details?: Buffer;
  readonly body?: Buffer;
}

export interface GrpcCollectorOptions {
  readonly credentials?: ServerCredentials;
  readonly respond?: () => ScriptedAnswer | undefined;
}

interface GrpcCollector {
  readonly port: number;
  readonly spans: OtlpSpan[];
  readonly logs: OtlpLog[];
  /** The header `x-api-key` of each call. */
  readonly keys: unknown[];
}

const SERVICES = "opentelemetry.proto.collector";

/** A collector that speaks OTLP over gRPC and keeps what it gets; it ends with the test. */
export async function startGrpcCollector(options: GrpcCollectorOptions = {}): Promise<GrpcCollector> {
  const spans: OtlpSpan[] = [];
  const logs: OtlpLog[] = [];
  const keys: unknown[] = [];
  const server = new Server();
  const serve = (service: string, receive: (bytes: Buffer) => void): void => {
    server.addService(describeService(service), {
      Export: (
        call: { request: Buffer; metadata: { get(name: string): unknown[] } },
        done: (error: Partial<ServiceError> | null, answer?: Buffer) => void,
      ) => {
        const { code, details, body } = options.respond?.() ?? {};
        keys.push(...call.metadata.get("x-api-key"));
        const metadata = new Metadata();
        if (details) metadata.set("grpc-status-details-bin", details);
        if (code !== undefined) return done({ code, details: "scripted", metadata });
        if (!body) receive(call.request);
        done(null, body ?? Buffer.alloc(0));
      },
    });
  };
  serve("trace.v1.TraceService", (bytes) => spans.push(...readOtlpTraces(bytes, "application/x-protobuf")));
  serve("logs.v1.LogsService", (bytes) => logs.push(...readOtlpLogs(bytes, "application/x-protobuf")));
  const credentials = options.credentials ?? ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  onTestFinished(() => server.forceShutdown());
  return { port, spans, logs, keys };
}

function describeService(service: string) {
  const asItIs = (bytes: Buffer): Buffer => bytes;
  const method = {
    path: `/${SERVICES}.${service}/Export`,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  };
  return { Export: method };
}
