export { renameSpan } from "./rename-span.ts";
