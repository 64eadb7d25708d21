import type { Config } from "../config/index.ts";
import type { Reporter } from "../problems/index.ts";
import { describeUnreachable, findLastingFault, listEndpoints } from "./endpoints.ts";
import { describeLatePackages } from "./late-packages.ts";
import { reportTwoCopies } from "./package-copies.ts";

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
  reportTwoCopies(reporter);
  for (const endpoint of listEndpoints(config)) {
    void findLastingFault(endpoint.url).then((fault) => {
      if (fault === undefined) return;
      const message = `No ${endpoint.items} can be sent. ${describeUnreachable(endpoint, fault)}`;
      reporter.once(endpoint.key, message);
    });
  }
}
