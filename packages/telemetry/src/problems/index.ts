export type { ProblemKey } from "./codes.ts";
export { createDiagLogger, tellDiag } from "./diag-logger.ts";
export { createReporter } from "./reporter.ts";
export type { Reporter } from "./reporter.ts";
export { describeThrown, readErrorMessage } from "./thrown.ts";
