// Ends FIXTURE_TRACES traces of a SERVER and a CLIENT span, and says of each what it was and what it would send on.
import { setImmediate } from "node:timers/promises";
import { SpanKind } from "@opentelemetry/api";
import { getTelemetry, readTraceCarrier, withSpan } from "@tracebridge/telemetry";

const { SERVER, CLIENT } = SpanKind;
const traces: { recording: boolean[]; headers: Record<string, string> }[] = [];
for (let index = 0; index < Number(process.env["FIXTURE_TRACES"]); index += 1) {
  withSpan(
    "request",
    (request) =>
      withSpan(
        "call",
        (call) => {
          const recording = [request.isRecording(), call.isRecording()];
          traces.push({ recording, headers: readTraceCarrier() });
        },
        { kind: CLIENT },
      ),
    { kind: SERVER },
  );
  if (index % 100 === 0) await setImmediate();
}
await getTelemetry()?.shutdown(20_000);
console.log(JSON.stringify({ traces, stats: getTelemetry()?.stats() }));
