export { LogDoor } from "./log-door.ts";
