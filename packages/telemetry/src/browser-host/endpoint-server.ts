import type { IncomingMessage, ServerResponse } from "node:http";
import { withoutTracing } from "../http/agent.ts";
import { describeThrown } from "../problems/index.ts";
import { describeRefusal, Refusal, sendAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { readClient } from "./rate-limit.ts";
import type { RateLimit } from "./rate-limit.ts";
import { readBody } from "./request-body.ts";
import type { RequestBody } from "./request-body.ts";
import type { Payload, Upstream } from "./upstream.ts";

/** How many requests may be under way at once: each holds its body in memory. */
const MAX_UNDER_WAY = 100;

/** What pages send to one path, and where it goes. */
export interface Endpoint {
  readonly upstream: Upstream;
  /** The media type a request must have; absent where any will do. */
  readonly mediaType?: string;
  /**
   * What of a request is sent on.
   * @throws Refusal
   */
  readonly read: (body: RequestBody) => Payload;
}

/** Told what goes wrong, every time. */
export type OnProblem = (kind: string, message: string) => void;

/** What all endpoints share. */
interface EndpointSurroundings {
  readonly rateLimit: RateLimit;
  readonly onProblem: OnProblem;
}

/** Serves the endpoints of one host. Never throws, and answers every request. */
export class EndpointServer {
  readonly #surroundings: EndpointSurroundings;
  #underWay = 0;

  constructor(surroundings: EndpointSurroundings) {
    this.#surroundings = surroundings;
  }

  async serve(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay += 1;
    try {
      // The connection may be gone before there is an answer.
      response.on("error", () => {});
      const answer = await withoutTracing(() => this.#answer(endpoint, request));
      sendAnswer(response, answer);
    } catch (error) {
      this.#surroundings.onProblem("failed", `A request of a page failed: ${describeThrown(error)}`);
      response.destroy();
    } finally {
      this.#underWay -= 1;
    }
  }

  async #answer(endpoint: Endpoint, request: IncomingMessage): Promise<Answer> {
    try {
      this.#checkHead(endpoint, request);
      return await endpoint.upstream.send(endpoint.read(await readBody(request)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // What is still to come is thrown away, so that the page hears the answer.
      request.resume();
      return describeRefusal(error);
    }
  }

  #checkHead({ mediaType }: Endpoint, request: IncomingMessage): void {
    const { method, headers } = request;
    if (method !== "POST") throw new Refusal(405, "only POST", { allow: "POST" });
    const site = headers["sec-fetch-site"];
    // Browsers say so of each request, and no page can change it: https://www.w3.org/TR/fetch-metadata/
    if (site !== undefined && site !== "same-origin") throw new Refusal(403, "only pages of this origin");
    this.#surroundings.rateLimit.count(readClient(request));
    if (this.#underWay > MAX_UNDER_WAY) throw new Refusal(503, "too much at once", { "retry-after": "1" });
    const type = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
    if (mediaType !== undefined && type !== mediaType)
      throw new Refusal(415, `the content type must be ${mediaType}`);
    if (request.readableDidRead) {
      const message =
        "The handler for pages stands behind something that has read the request; put it before body parsers.";
      this.#surroundings.onProblem("body", message);
      throw new Refusal(500, "the body was read before");
    }
  }
}
