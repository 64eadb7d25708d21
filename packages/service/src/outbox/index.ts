export { Outbox, type ChangeResult, type CreateResult, type OutboxOptions } from "./outbox.ts";
export type { OutboxDocument, OutboxMessage } from "./entry.ts";
export type { Sweeper } from "./sweeper.ts";
