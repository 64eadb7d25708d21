import { readUntil } from "./eventually.ts";
import type { OrderStack } from "./order-stack.ts";

export interface OrderView {
  id: string;
  status: string;
  traceId?: string;
}

/** Posts an order to web and returns what web answered. */
export async function postOrder(
  stack: OrderStack,
  body: { id: string; fail?: "once" | "always" },
): Promise<{ status: number; order: OrderView }> {
  const response = await fetch(`${stack.urls.web}/order`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, order: (await response.json()) as OrderView };
}

async function readOrder(stack: OrderStack, id: string): Promise<OrderView> {
  return readJson(`${stack.urls.web}/order/${id}`);
}

/** The order as each of the three databases has it, read through the services. */
export async function readStatusEverywhere(
  stack: OrderStack,
  id: string,
): Promise<{ web: string; order: string; factory: string }> {
  const [web, order, factory] = await Promise.all([
    readJson(`${stack.urls.web}/order/${id}`),
    readJson(`${stack.urls.order}/order/${id}`),
    readJson(`${stack.urls.factory}/item/${id}`),
  ]);
  return { web: web.status, order: order.status, factory: factory.status };
}

/**
 * Asks web until the order has the wanted status.
 *
 * @throws Error with the statuses seen when that takes longer than `timeoutMillis`
 */
export async function waitForStatus(
  stack: OrderStack,
  id: string,
  wanted: string,
  timeoutMillis = 20_000,
): Promise<OrderView> {
  const seen: string[] = [];
  const order = await readUntil(
    () => readOrder(stack, id),
    ({ status }) => {
      if (seen.at(-1) !== status) seen.push(status);
      return status === wanted;
    },
    timeoutMillis,
  );
  if (order.status === wanted) return order;
  throw new Error(
    `order ${id} was not ${wanted} after ${timeoutMillis} ms; statuses seen: ${seen.join(", ")}`,
  );
}

async function readJson(url: string): Promise<OrderView> {
  const response = await fetch(url);
  return (await response.json()) as OrderView;
}
