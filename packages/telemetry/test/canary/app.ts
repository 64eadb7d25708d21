// An application that gives away every secret it knows, in every place there is.
import { getTelemetry } from "@tracebridge/telemetry";
import { kinds } from "./canaries.ts";
import { sayHarmlessTexts, sayNamed, sayText, sendHeaders } from "./say.ts";
import { secretNames } from "./secret-kinds.ts";
import { runTraffic } from "./traffic.ts";

for (const kind of kinds) sayText(kind);
for (const name of secretNames) sayNamed(name);
sayHarmlessTexts();
await sendHeaders();
await runTraffic();
await getTelemetry()?.shutdown();
