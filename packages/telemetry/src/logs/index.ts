export { hasIssueMark, withIssueMark } from "./issue-mark.ts";
export { LogDoor } from "./log-door.ts";
export { PARENT_ID, readParentId } from "./parent-id.ts";
