export { addBreadcrumb } from "./breadcrumb.ts";
export { captureError, captureMessage } from "./capture-error.ts";
export { noteLogged } from "./logged-errors.ts";
export { markFailed } from "./mark-span.ts";
export type { Breadcrumb, CaptureErrorOptions, ErrorLevel } from "./options.ts";
