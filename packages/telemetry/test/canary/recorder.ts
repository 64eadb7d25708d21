import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { Server, ServerCredentials } from "@grpc/grpc-js";

/** Keeps every byte that it is sent: heads, and bodies as they were before they were packed. */
export interface Recorder {
  readonly url: string;
  readonly port: number;
  readBytes(): Buffer;
  close(): void;
}

/** Takes any HTTP request; both Sentry and OTLP/HTTP accept its answer. */
export async function startHttpRecorder(): Promise<Recorder> {
  const chunks: Buffer[] = [];
  const server = createServer((request, response) => {
    void readRequest(request).then((bytes) => {
      chunks.push(bytes);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, port, readBytes: () => Buffer.concat(chunks), close };
}

async function readRequest(request: IncomingMessage): Promise<Buffer> {
  const head = Buffer.from(`${request.url ?? ""}\n${request.rawHeaders.join("\n")}\n`);
  const body = await buffer(request);
  return Buffer.concat([head, request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body]);
}

/** An OTLP collector that speaks gRPC. */
export async function startGrpcRecorder(): Promise<Recorder> {
  const chunks: Buffer[] = [];
  const server = new Server();
  const pass = (bytes: Buffer): Buffer => bytes;
  for (const signal of ["trace.v1.Trace", "logs.v1.Logs"]) {
    const method = {
      path: `/opentelemetry.proto.collector.${signal}Service/Export`,
      requestStream: false as const,
      responseStream: false as const,
      requestSerialize: pass,
      requestDeserialize: pass,
      responseSerialize: pass,
      responseDeserialize: pass,
    };
    server.addService(
      { Export: method },
      {
        Export: (
          call: { request: Buffer; metadata: { getMap(): object } },
          done: (error: null, answer: Buffer) => void,
        ) => {
          chunks.push(Buffer.from(JSON.stringify(call.metadata.getMap())), call.request);
          done(null, Buffer.alloc(0));
        },
      },
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    readBytes: () => Buffer.concat(chunks),
    close: () => server.forceShutdown(),
  };
}
