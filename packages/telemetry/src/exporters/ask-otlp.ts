import type { OtlpConfig } from "../config/index.ts";
import { DeliveryCounter } from "./delivery-counter.ts";
import { createOtlpLogExporter, createOtlpSpanExporter } from "./otlp-exporters.ts";

/**
 * Exports nothing, to learn whether the back end takes exports from here, by this protocol and with these headers.
 * Returns what is wrong, with the variable to look at; never rejects.
 */
export async function askOtlp(items: "spans" | "log records", config: OtlpConfig): Promise<string[]> {
  const findings: string[] = [];
  const context = {
    counter: new DeliveryCounter(),
    reportOnce: (_key: string, message: string) => void findings.push(message),
  };
  const create = items === "spans" ? createOtlpSpanExporter : createOtlpLogExporter;
  const exporter = create(config, context);
  await new Promise<void>((resolve) => exporter.export([], () => resolve()));
  await exporter.close();
  await exporter.shutdown();
  return findings;
}
