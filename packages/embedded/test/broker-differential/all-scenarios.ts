import type { Scenario } from "./scenario.ts";
import { channels } from "./scenarios/channels.ts";
import { connections } from "./scenarios/connections.ts";
import { consuming } from "./scenarios/consuming.ts";
import { exchanges } from "./scenarios/exchanges.ts";
import { lifetimes } from "./scenarios/lifetimes.ts";
import { publishing } from "./scenarios/publishing.ts";
import { queues } from "./scenarios/queues.ts";

const groups = [connections, channels, exchanges, queues, lifetimes, publishing, consuming];

/** Every scenario with its name, which no other one has. */
export const allScenarios: readonly (readonly [string, Scenario])[] = groups.flatMap((group) =>
  Object.entries(group),
);
