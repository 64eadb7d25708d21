import { afterAll, beforeAll } from "vitest";
import { runProgram, startCompare, type CompareProcess } from "./compare-process.ts";

export interface UsedCompare {
  /** Where it is, once the tests run. */
  readonly url: string;
  /** Runs the command, which asks it unless `env` says otherwise. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): ReturnType<typeof runProgram>;
}

/** A compare for all tests of the suite that calls this, and a command that asks it. */
export function useCompare(command: string): UsedCompare {
  let server: CompareProcess | undefined;
  const url = (): string => server?.url ?? "";
  beforeAll(async () => {
    server = await startCompare();
  });
  afterAll(() => server?.stop());
  return {
    get url() {
      return url();
    },
    run: (args, env = {}) => runProgram(command, args, { COMPARE_URL: url(), ...env }),
  };
}
