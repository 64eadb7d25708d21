import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { Readable, Writable } from "node:stream";
import { answerUndici } from "./no-network-undici.ts";
import { noteRequest } from "./sent-requests.ts";

/**
 * `node --import …/no-network.ts`: whatever is measured writes its requests as always, and `node:http` or undici answers
 * 200 at once, without a connection. What remains is the work up to the finished body, for all peers alike.
 */
class AnsweredRequest extends Writable {
  readonly reusedSocket = false;
  readonly #path: string;
  readonly #headers: object;
  readonly #chunks: Uint8Array[] = [];

  constructor(path: string, headers: object) {
    super({ decodeStrings: true });
    this.#path = path;
    this.#headers = headers;
  }

  setTimeout(): this {
    return this;
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    noteRequest(this.#path, this.#headers, this.#chunks);
    setImmediate(() => this.emit("response", new Answer()));
    done();
  }
}

class Answer extends Readable {
  readonly statusCode = 200;
  readonly headers = {};

  override _read(): void {
    this.push(null);
  }
}

type Answered = (response: Answer) => void;

function answerAtOnce(...args: readonly unknown[]): AnsweredRequest {
  const [target] = args;
  const options = args.find((arg) => typeof arg === "object" && !(arg instanceof URL)) as
    | http.RequestOptions
    | undefined;
  const url = typeof target === "string" ? new URL(target) : target instanceof URL ? target : undefined;
  const path = url ? url.pathname : (options?.path ?? "/");
  const request = new AnsweredRequest(path, options?.headers ?? {});
  const onResponse = args.find((arg) => typeof arg === "function") as Answered | undefined;
  if (onResponse) request.once("response", onResponse);
  return request;
}

http.request = answerAtOnce as unknown as typeof http.request;
syncBuiltinESMExports();
answerUndici();
