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
  const deadline = Date.now() + timeoutMillis;
  for (;;) {
    const order = await readOrder(stack, id);
    if (order.status === wanted) return order;
    if (seen.at(-1) !== order.status) seen.push(order.status);
    if (Date.now() > deadline) {
      throw new Error(
        `order ${id} was not ${wanted} after ${timeoutMillis} ms; statuses seen: ${seen.join(", ")}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

async function readJson(url: string): Promise<OrderView> {
  const response = await fetch(url);
  return (await response.json()) as OrderView;
}
