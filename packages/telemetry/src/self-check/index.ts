export { describeForeignApi, findForeignApi, readApiCopy } from "./api-copies.ts";
export { describeUnreachable, findFault, listEndpoints } from "./endpoints.ts";
export { describeLatePackages, findLatePackages } from "./late-packages.ts";
export { checkStart } from "./check-start.ts";
