export { addBreadcrumb, captureError } from "./capture-error.ts";
export type { Breadcrumb, CaptureErrorOptions, ErrorLevel } from "./capture-error.ts";
