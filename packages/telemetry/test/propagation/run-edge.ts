import { runFixture, toBoth } from "../fixture-process.ts";
import type { FixtureRun } from "../fixture-process.ts";

/** What the handler of one request saw, and what it would send on to the services behind it. */
interface Handled {
  readonly traceId: string;
  readonly chosenTraceId: string;
  readonly sends: Readonly<Record<string, string>>;
  readonly ids: Readonly<Record<string, string>>;
}

export interface EdgeRun {
  readonly handled: readonly Handled[];
  readonly run: FixtureRun;
}

/** Each set of headers, and how many requests have it. */
type Requests = readonly (readonly [headers: Readonly<Record<string, string>>, times: number])[];

/** Runs the `edge.ts` fixture: a server, and callers from outside who choose their headers. */
export async function runEdge(requests: Requests, env: Readonly<Record<string, string>>): Promise<EdgeRun> {
  const run = await runFixture(
    (to) => ({ ...toBoth(to), FIXTURE_REQUESTS: JSON.stringify(requests), ...env }),
    { fixture: "edge.ts" },
  );
  const line = run.stdout.split("\n").find((text) => text.startsWith('{"edge"'));
  if (line === undefined) throw new Error(`no report; exit code ${run.exitCode}\n${run.stderr}`);
  return { handled: (JSON.parse(line) as { edge: Handled[] }).edge, run };
}
