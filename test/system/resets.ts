import { readUntil } from "./eventually.ts";
import type { OrderStack } from "./order-stack.ts";

/** What web's log says of a reset that was asked for. */
export interface LoggedReset {
  resetId: string;
  traceId: string;
}

/** Asks web to reset a password. */
export async function askForReset(
  stack: OrderStack,
  email: string,
): Promise<{ status: number; answer: unknown; reset: LoggedReset }> {
  const before = readLoggedResets(stack).length;
  const response = await fetch(`${stack.urls.web}/users/reset-password`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email }),
  });
  const answer: unknown = await response.json();
  const logged = await readUntil(
    () => Promise.resolve(readLoggedResets(stack)),
    (resets) => resets.length > before,
    10_000,
  );
  const reset = logged[before];
  if (!reset) throw new Error(`web answered ${response.status} and logged no reset`);
  return { status: response.status, answer, reset };
}

function readLoggedResets(stack: OrderStack): LoggedReset[] {
  const lines = (stack.output.get("web") ?? []).filter((line) => line.includes('"Password reset requested"'));
  return lines.map((line) => {
    const { resetId, trace_id: traceId } = JSON.parse(line) as { resetId: string; trace_id: string };
    return { resetId, traceId };
  });
}
