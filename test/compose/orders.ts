import { randomUUID } from "node:crypto";
import { readUntil } from "../system/eventually.ts";
import type { ComposeStack } from "./stack.ts";

export interface Order {
  id: string;
  status?: string;
  /** Not there without telemetry. */
  traceId?: string;
}

const requestMillis = 10_000;

/** Posts an order. @returns its id once web has accepted it, undefined when web could not */
export async function postOrder(stack: ComposeStack): Promise<string | undefined> {
  const id = randomUUID();
  try {
    const response = await fetch(`${stack.urls.web}/order`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id }),
      signal: AbortSignal.timeout(requestMillis),
    });
    await response.body?.cancel();
    return response.ok ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Waits until the orders have finished. @returns those that have not in time */
export async function awaitFinished(
  stack: ComposeStack,
  ids: readonly string[],
  timeoutMillis = 60_000,
): Promise<string[]> {
  let open = [...ids];
  await readUntil(
    async () => {
      const states = await Promise.all(open.slice(0, 50).map((id) => readOrder(stack, id)));
      open = open.filter((_, index) => states[index]?.status !== "finished");
      return open.length;
    },
    (count) => count === 0,
    timeoutMillis,
  );
  return open;
}

/** Posts an order and waits until it has finished. @throws Error when it does not */
export async function placeOrder(stack: ComposeStack): Promise<Order> {
  const id = await readUntil(
    () => postOrder(stack),
    (answer) => answer !== undefined,
    30_000,
  );
  if (id === undefined) throw new Error("web accepted no order within 30 s");
  const [open] = await awaitFinished(stack, [id]);
  if (open !== undefined) throw new Error(`order ${id} did not finish within 60 s`);
  return readOrder(stack, id);
}

async function readOrder(stack: ComposeStack, id: string): Promise<Order> {
  try {
    const response = await fetch(`${stack.urls.web}/order/${id}`, {
      signal: AbortSignal.timeout(requestMillis),
    });
    return (await response.json()) as Order;
  } catch {
    return { id };
  }
}
