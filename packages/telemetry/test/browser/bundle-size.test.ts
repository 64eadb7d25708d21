import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { measureBundle } from "./measure-bundle.ts";

/** Bytes, gzip. `npm run bench -- bundle` has those of other SDKs beside it: raise it only for what is worth it to every visitor. */
const BOUND = 72_500;

it(`adds at most ${BOUND} bytes to what a page downloads`, async () => {
  const entry = fileURLToPath(new URL("../../../../bench/bundle/ours.js", import.meta.url));
  const { atStart, later } = await measureBundle(entry);
  expect(atStart + later).toBeLessThanOrEqual(BOUND);
  // Of a program that starts nothing there would be next to nothing.
  expect(atStart).toBeGreaterThan(10_000);
});
