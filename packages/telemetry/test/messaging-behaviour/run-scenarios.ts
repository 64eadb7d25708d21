import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { OtlpSpan, OtlpSpanKind, Receiver } from "@tracebridge/receivers";
import { runFixture, toBoth } from "../fixture-process.ts";
import type { ScenarioName } from "./app.ts";
import type { Facts } from "./bench.ts";

export interface ScenariosRun {
  readonly receiver: Receiver;
  readonly exitCode: number | null;
  readonly stderr: string;
  /** What the scenario saw. */
  readFacts(scenario: ScenarioName): Facts;
  /** The spans of its queue, or of the one with this suffix, as OTLP got them: parents in the order of their start. */
  readSpans(scenario: ScenarioName, kind: OtlpSpanKind, suffix?: string): OtlpSpan[];
}

/** Runs all scenarios in one process against this broker, with queues that no other run uses. */
export async function runScenarios(brokerUrl: string): Promise<ScenariosRun> {
  const id = randomUUID();
  const { receiver, exitCode, stderr, stdout } = await runFixture(
    (to) => ({ ...toBoth(to), AMQP_URL: brokerUrl, FIXTURE_RUN: id }),
    { fixture: fileURLToPath(new URL("app.ts", import.meta.url)) },
  );
  const line = stdout.split("\n").find((text) => text.startsWith('{"scenarios"'));
  if (line === undefined) throw new Error(`no report; exit code ${exitCode}\n${stdout}\n${stderr}`);
  const { scenarios } = JSON.parse(line) as { scenarios: Record<ScenarioName, Facts> };
  return {
    receiver,
    exitCode,
    stderr,
    readFacts: (scenario) => scenarios[scenario],
    readSpans: (scenario, kind, suffix = "") =>
      receiver.otlp.spans
        .filter(
          (span) =>
            span.kind === kind &&
            span.attributes["messaging.destination.name"] === `${scenario}-${id}${suffix}`,
        )
        .toSorted((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano)),
  };
}
