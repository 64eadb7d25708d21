import { parentPort } from "node:worker_threads";
import { answerQuestion, createView, type ComparisonView } from "./comparison-view.ts";
import type { ThreadCall, ThreadReply } from "../../thread-calls.ts";
import type { ComparisonCall } from "./protocol.ts";

/** The comparisons themselves: a large one would keep the main thread from receiving. */
const views = new Map<number, ComparisonView>();

parentPort?.on("message", ({ id, call }: ThreadCall<ComparisonCall>) => {
  let reply: ThreadReply;
  try {
    reply = { id, value: run(call) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort?.postMessage(reply);
});

function run(call: ComparisonCall): string | undefined {
  if (call.method === "forget") {
    views.delete(call.key);
    return undefined;
  }
  if (call.method === "compare") {
    const view = createView(call.left, call.right, call.nowMillis);
    views.set(call.key, view);
    return JSON.stringify(view.comparison.counts);
  }
  const view = views.get(call.key);
  if (!view) throw new Error(`comparison ${call.key} is not here`);
  return answerQuestion(view, call.question);
}
