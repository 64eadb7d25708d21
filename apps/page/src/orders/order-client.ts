import { withBusinessContext } from "@tracebridge/telemetry/browser";
import { createCall, type Answer, type CallOptions } from "../web-api/call.ts";
import type { Problem } from "../web-api/problem.ts";
import { readOrderJson, type FailChoice, type Order } from "./order.ts";

interface CreatedOrder {
  readonly order: Order;
  /** True when the service knew the id already and sent nothing again. */
  readonly existed: boolean;
}

export interface PageConfig {
  /** Where the two views of a trace are shown; an http(s) address without a slash at its end. */
  readonly compareUrl?: string;
}

/** The web service's orders, as the page uses them. */
export interface OrderClient {
  createOrder(id: string, fail: FailChoice): Promise<Answer<CreatedOrder>>;
  readOrder(id: string, signal?: AbortSignal): Promise<Answer<Order>>;
  readConfig(): Promise<Answer<PageConfig>>;
}

export function createOrderClient(options: CallOptions = {}): OrderClient {
  const call = createCall(options);
  return {
    createOrder(id, fail) {
      const body = fail === "no" ? { id } : { id, fail };
      return withBusinessContext({ orderId: id }, () =>
        call({ path: "/order", body }, (response) => {
          const order = readOrderJson(response.body);
          return order && { order, existed: response.status === 200 };
        }),
      );
    },
    readOrder(id, signal) {
      const path = `/order/${encodeURIComponent(id)}`;
      const meanings = { 404: unknownOrder(id) };
      return withBusinessContext({ orderId: id }, () =>
        call({ path, signal, meanings }, ({ body }) => readOrderJson(body)),
      );
    },
    readConfig: () => call({ path: "/config.json" }, ({ body }) => readConfigJson(body)),
  };
}

function unknownOrder(id: string): Problem {
  return {
    kind: "unknown-order",
    title: `There is no order ${id}`,
    message: "Check the id, or submit the order first.",
  };
}

function readConfigJson(value: unknown): PageConfig | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { compareUrl } = value as Record<string, unknown>;
  if (typeof compareUrl !== "string" || !/^https?:\/\//i.test(compareUrl)) return {};
  return { compareUrl: compareUrl.replace(/\/+$/, "") };
}
