import { parseArgs } from "node:util";

export const usage = `npm run test:compose -- [--check NAME]… [--results FILE] [--remove-images]

Runs the real docker-compose.yaml over stand-ins for the images that registries would give, and shows that it works.
Needs root on Debian 12 (13 is not tried), apt, Go, and half an hour the first time; what was built is kept in ~/.cache/tracebridge-compose.

  --check NAME      only this one: healthy, mail, comparisons, exporters, scale, restarts, outage
  --results FILE    writes what is printed to this file
  --remove-images   removes the images at the end, too
`;

export interface Options {
  /** Names of the checks to run; all when undefined. */
  checks: string[] | undefined;
  results: string | undefined;
  removeImages: boolean;
}

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      check: { type: "string", multiple: true },
      results: { type: "string" },
      "remove-images": { type: "boolean", default: false },
    },
  });
  return { checks: values.check, results: values.results, removeImages: values["remove-images"] };
}
