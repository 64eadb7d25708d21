export { describeTwoCopies, findTwoCopies, reportTwoCopies } from "./package-copies.ts";
export type { Endpoint } from "./endpoints.ts";
export { describeUnreachable, findFault, listEndpoints } from "./endpoints.ts";
export { findLatePackages } from "./late-packages.ts";
export { checkStart } from "./check-start.ts";
export { describeLoadFailure } from "./load-failure.ts";
