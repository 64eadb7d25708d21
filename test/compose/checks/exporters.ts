import { awaitArrivals, type Arrivals } from "../arrivals.ts";
import { placeOrder } from "../orders.ts";
import type { ComposeStack, Settings } from "../stack.ts";
import { drawTable, type Check } from "./check.ts";

interface Row {
  settings: Settings;
  /** Where the spans of an order must arrive; everywhere else none may. */
  places: readonly (keyof Arrivals)[];
}

const atCollector = ["otlp", "jaeger"] as const;
const rows: readonly Row[] = [
  { settings: { OTEL_TRACES_EXPORTER: "sentry" }, places: ["sentry"] },
  { settings: { OTEL_TRACES_EXPORTER: "otlp" }, places: atCollector },
  { settings: { OTEL_TRACES_EXPORTER: "sentry,otlp" }, places: ["sentry", ...atCollector] },
  { settings: { OTEL_TRACES_EXPORTER: "console" }, places: ["console"] },
  { settings: { OTEL_TRACES_EXPORTER: "none" }, places: [] },
  { settings: { OTEL_SDK_DISABLED: "true" }, places: [] },
];

/** Each value of the one line in .env sends an order's spans where the documentation says, and nowhere else. */
export const exportersCheck: Check = {
  name: "Each exporter setting",
  run: async (stack) => {
    const results: { row: Row; arrivals: Arrivals }[] = [];
    for (const row of rows) results.push({ row, arrivals: await tryRow(stack, row) });
    const isRight = ({ row, arrivals }: { row: Row; arrivals: Arrivals }): boolean =>
      (Object.keys(arrivals) as (keyof Arrivals)[]).every(
        (place) => arrivals[place] > 0 === row.places.includes(place),
      );
    return {
      passed: results.every(isRight),
      lines: [
        "Spans of one order that arrived:",
        "",
        ...drawTable(
          [
            ".env",
            "Sentry view of compare",
            "OTLP view of compare",
            "Jaeger",
            "output of the services",
            "as expected",
          ],
          results.map((result) => [
            Object.entries(result.row.settings)
              .map(([name, value]) => `\`${name}=${value}\``)
              .join(" "),
            result.arrivals.sentry,
            result.arrivals.otlp,
            result.arrivals.jaeger,
            result.arrivals.console,
            isRight(result) ? "yes" : "NO",
          ]),
        ),
      ],
    };
  },
};

async function tryRow(stack: ComposeStack, row: Row): Promise<Arrivals> {
  await stack.configure({ ...row.settings, FACTORY_DELAY_MILLIS: "50-100" });
  await stack.up();
  const since = new Date();
  const order = await placeOrder(stack);
  return awaitArrivals(stack, order, since, row.places);
}
