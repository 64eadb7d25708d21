import { plantTraffic } from "./canaries.ts";

/** Sentry shows the lines around a stack frame. This one holds what `plantTraffic` plants, as a test asserts. */
export function throwBesideSecret(): never {
  // ok_in_source_line_of_a_stack_frame_ok const password = "kQ7wExemkHyxz2hrx6QX";
  throw new Error(`beside a secret ${plantTraffic("source line of a stack frame").marker.length}`);
}
