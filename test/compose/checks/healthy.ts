import { awaitArrivals } from "../arrivals.ts";
import { placeOrder } from "../orders.ts";
import type { ComposeStack } from "../stack.ts";
import { drawTable, type Check } from "./check.ts";

interface Container {
  Service: string;
  Health: string;
  State: string;
  ExitCode: number;
}

/** Everything becomes healthy, and one order's trace is at every back end. */
export const healthyCheck: Check = {
  name: "From `up` to healthy, and one trace at each back end",
  run: async (stack) => {
    await stack.configure({});
    const begin = Date.now();
    await stack.up();
    const seconds = Math.round((Date.now() - begin) / 1000);
    const containers = await readContainers(stack);
    const wrong = containers.filter((container) => !isWell(container));
    const since = new Date();
    const order = await placeOrder(stack);
    const arrivals = await awaitArrivals(stack, order, since, ["sentry", "otlp", "jaeger"]);
    const { sentry, otlp, jaeger } = arrivals;
    return {
      passed: wrong.length === 0 && sentry > 0 && otlp === sentry && jaeger === otlp,
      lines: [
        `All healthy ${seconds} s after \`up\`, with the stand-ins above, images built before.`,
        "",
        ...drawTable(
          ["container", "state", "health"],
          containers.map(({ Service, State, Health, ExitCode }) => [
            Service,
            State === "exited" ? `exited with ${ExitCode}` : State,
            Health || "no check in its image",
          ]),
        ),
        "",
        `One order finished. Its trace has ${sentry} spans in the Sentry view of compare, ${otlp} in its OTLP view, ` +
          `${jaeger} in Jaeger (query API v3).`,
      ],
    };
  },
};

function isWell({ State, Health, ExitCode }: Container): boolean {
  return State === "exited" ? ExitCode === 0 : State === "running" && (Health === "healthy" || Health === "");
}

async function readContainers(stack: ComposeStack): Promise<Container[]> {
  const lines = await stack.compose("ps", "--all", "--format", "json");
  return lines.split("\n").map((line) => JSON.parse(line) as Container);
}
