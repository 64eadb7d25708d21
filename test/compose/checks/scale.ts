import { awaitFinished, postOrder } from "../orders.ts";
import type { Check } from "./check.ts";

const orders = 15;
const instances = 3;

/** Three factories share the queue and the database. */
export const scaleCheck: Check = {
  name: "`--scale msFactory=3`",
  run: async (stack) => {
    await stack.configure({ FACTORY_DELAY_MILLIS: "500-1000" });
    await stack.up("--scale", `msFactory=${instances}`);
    const since = new Date();
    const posted = await Promise.all(Array.from({ length: orders }, () => postOrder(stack)));
    const accepted = posted.filter((id) => id !== undefined);
    const open = await awaitFinished(stack, accepted);
    const containers = (await stack.compose("ps", "--quiet", "msFactory")).split("\n");
    const worked = await Promise.all(
      containers.map(async (container) => {
        const log = await stack.engine.docker("logs", "--since", since.toISOString(), container);
        return accepted.filter((id) => log.includes(id)).length;
      }),
    );
    const ports = await Promise.all(
      containers.map((container) => stack.engine.docker("port", container, "8004/tcp")),
    );
    await stack.up("--scale", "msFactory=1");
    return {
      passed:
        accepted.length === orders &&
        open.length === 0 &&
        containers.length === instances &&
        worked.every((count) => count > 0),
      lines: [
        `${accepted.length - open.length} of ${orders} orders finished; the ${containers.length} factories at ` +
          `${ports.join(", ")} worked on ${worked.join(", ")} of them.`,
      ],
    };
  },
};
