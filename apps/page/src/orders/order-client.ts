import { readOrderJson, type FailChoice, type Order } from "./order.ts";
import { readFailure, readProblem, unexpected, type Problem } from "./problem.ts";

/** Every call answers with a value or with a problem; none of them throws. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

interface CreatedOrder {
  readonly order: Order;
  /** True when the service knew the id already and sent nothing again. */
  readonly existed: boolean;
}

export interface PageConfig {
  /** Where the two views of a trace are shown; an http(s) address without a slash at its end. */
  readonly compareUrl?: string;
}

/** The web service, as the page uses it. */
export interface OrderClient {
  createOrder(id: string, fail: FailChoice): Promise<Answer<CreatedOrder>>;
  readOrder(id: string, signal?: AbortSignal): Promise<Answer<Order>>;
  readConfig(): Promise<Answer<PageConfig>>;
}

export interface OrderClientOptions {
  /** Default: the page's own origin. */
  readonly baseUrl?: string;
  /** How long one call may take. Default 10,000. */
  readonly timeoutMillis?: number;
}

interface Response2xx {
  readonly status: number;
  readonly body: unknown;
}

export function createOrderClient(options: OrderClientOptions = {}): OrderClient {
  const { baseUrl = "", timeoutMillis = 10_000 } = options;

  async function call(
    path: string,
    request: RequestInit = {},
    orderId?: string,
  ): Promise<Answer<Response2xx>> {
    const timeout = AbortSignal.timeout(timeoutMillis);
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    try {
      const response = await fetch(`${baseUrl}${path}`, { cache: "no-store", ...request, signal });
      const body = readJson(await response.text());
      if (response.ok) return { ok: true, value: { status: response.status, body } };
      return { ok: false, problem: readProblem(response.status, body, orderId) };
    } catch (error) {
      return { ok: false, problem: readFailure(error, timeoutMillis) };
    }
  }

  return {
    async createOrder(id, fail) {
      const order = fail === "no" ? { id } : { id, fail };
      const headers = { "content-type": "application/json" };
      const answer = await call("/order", {
        method: "POST",
        headers,
        body: JSON.stringify(order),
      });
      return then(answer, ({ status, body }) => {
        const created = readOrderJson(body);
        return created && { order: created, existed: status === 200 };
      });
    },
    async readOrder(id, signal) {
      const answer = await call(`/order/${encodeURIComponent(id)}`, { signal }, id);
      return then(answer, ({ body }) => readOrderJson(body));
    },
    async readConfig() {
      return then(await call("/config.json"), ({ body }) => readConfigJson(body));
    },
  };
}

function then<T>(answer: Answer<Response2xx>, read: (response: Response2xx) => T | undefined): Answer<T> {
  if (!answer.ok) return answer;
  const value = read(answer.value);
  if (value === undefined) return { ok: false, problem: unexpected("It is not what this page understands.") };
  return { ok: true, value };
}

/** Proxies answer with HTML when the service behind them is down: then undefined. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readConfigJson(value: unknown): PageConfig | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { compareUrl } = value as Record<string, unknown>;
  if (typeof compareUrl !== "string" || !/^https?:\/\//i.test(compareUrl)) return {};
  return { compareUrl: compareUrl.replace(/\/+$/, "") };
}
