// Makes the testing kit's matchers known to Vitest and to its types.
import { matchers, type TraceMatchers } from "@tracebridge/telemetry/testing";
import { expect } from "vitest";

declare module "vitest" {
  interface Matchers<R> extends TraceMatchers<R> {}
}

expect.extend(matchers);
