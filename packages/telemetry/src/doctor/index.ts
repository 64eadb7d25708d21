export { describeDrops } from "./drops.ts";
export { examine } from "./examine.ts";
export type { Examination } from "./examine.ts";
export { describeResult, reportExaminations } from "./report.ts";
