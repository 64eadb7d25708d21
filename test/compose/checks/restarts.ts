import { setTimeout as sleep } from "node:timers/promises";
import { awaitFinished, postOrder } from "../orders.ts";
import { listServices, type ComposeStack } from "../stack.ts";
import { drawTable, type Check } from "./check.ts";

const ordersPerSecond = 5;
const finishMillis = 120_000;

/** Every container is restarted under load; every order that was accepted finishes. */
export const restartsCheck: Check = {
  name: "Restart of each container under load",
  run: async (stack) => {
    await stack.configure({ FACTORY_DELAY_MILLIS: "50-100" });
    await stack.up();
    const rows: (string | number)[][] = [];
    let isRight = true;
    for (const service of await listServices(stack)) {
      const load = startLoad(stack);
      const begin = Date.now();
      await stack.compose("restart", service);
      await stack.up();
      const seconds = Math.round((Date.now() - begin) / 1000);
      const { accepted, refused } = await load.stop();
      const open = await awaitFinished(stack, accepted, finishMillis);
      rows.push([service, seconds, accepted.length, refused, open.length]);
      isRight &&= open.length === 0 && accepted.length > 0;
    }
    return {
      passed: isRight,
      lines: [
        `${ordersPerSecond} orders a second while the container was restarted and until all was healthy again. ` +
          "Refused orders are those that web answered with an error or not at all: their sender knows.",
        "",
        ...drawTable(
          [
            "restarted",
            "seconds until all was healthy",
            "orders accepted",
            "refused",
            "accepted and not finished",
          ],
          rows,
        ),
      ],
    };
  },
};

interface Load {
  stop(): Promise<{ accepted: string[]; refused: number }>;
}

function startLoad(stack: ComposeStack): Load {
  const posts: Promise<string | undefined>[] = [];
  const stopping = new AbortController();
  const send = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      posts.push(postOrder(stack));
      await sleep(1000 / ordersPerSecond);
    }
  };
  const sending = send();
  return {
    stop: async () => {
      stopping.abort();
      await sending;
      const ids = await Promise.all(posts);
      const accepted = ids.filter((id) => id !== undefined);
      return { accepted, refused: ids.length - accepted.length };
    },
  };
}
