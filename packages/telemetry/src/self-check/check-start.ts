import { join } from "node:path";
import type { Config } from "../config/index.ts";
import type { Reporter } from "../problems/index.ts";
import { describeForeignApi, findForeignApi } from "./api-copies.ts";
import { describeUnreachable, findFault, listEndpoints } from "./endpoints.ts";
import { describeLatePackages } from "./late-packages.ts";

export interface StartFacts {
  readonly config: Config;
  /** Packages that were loaded before telemetry. */
  readonly latePackages: readonly string[];
}

/**
 * Tells what makes a started pipeline send less than it should, each with its fix. Returns at once; back ends are tried in
 * the background. A wrong value of a variable was told when the configuration was read, a second `Sentry.init` is told
 * when it happens.
 */
export function checkStart({ config, latePackages }: StartFacts, reporter: Reporter): void {
  if (latePackages.length > 0) reporter.once("late-start", describeLatePackages(latePackages));
  const foreign = findForeignApi(process.argv[1] ?? join(process.cwd(), "index.js"));
  if (foreign) reporter.once("api-copies", describeForeignApi(foreign));
  for (const endpoint of listEndpoints(config)) {
    void findFault(endpoint.url).then((fault) => {
      if (fault !== undefined) reporter.once(endpoint.key, describeUnreachable(endpoint, fault));
    });
  }
}
