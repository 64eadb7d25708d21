export { hasIssueMark, withIssueMark } from "./issue-mark.ts";
export { LogDoor } from "./log-door.ts";
