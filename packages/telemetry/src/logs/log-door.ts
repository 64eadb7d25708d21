import { context as contextApi } from "@opentelemetry/api";
import type { Attributes, Context } from "@opentelemetry/api";
import type { LogRecordProcessor, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import type { Scrubber } from "../scrubbing/index.ts";
import { describeThrown } from "../problems/index.ts";
import type { Reporter } from "../problems/index.ts";
import { dropParentId } from "./parent-id.ts";

export interface LogDoorOptions {
  readonly sinks: readonly LogRecordProcessor[];
  readonly scrubber: Scrubber;
  readonly readBusinessIds: (context: Context) => Readonly<Record<string, string>>;
  readonly reportOnce: Reporter["once"];
}

/**
 * The one door log records leave by: each gets the business ids of its context, is scrubbed and handed to every sink.
 * A processor may change a record while it is emitted, so no copy is made:
 * https://opentelemetry.io/docs/specs/otel/logs/sdk/#onemit
 */
export class LogDoor implements LogRecordProcessor {
  readonly #options: LogDoorOptions;
  #emitted = 0;
  #failed = 0;

  constructor(options: LogDoorOptions) {
    this.#options = options;
  }

  /** Log records so far. */
  get emitted(): number {
    return this.#emitted;
  }

  /** Log records that could not be prepared, so that no sink has seen them. */
  get failed(): number {
    return this.#failed;
  }

  onEmit(record: ReadWriteLogRecord, context: Context = contextApi.active()): void {
    this.#emitted += 1;
    if (!this.#guard(() => this.#prepare(record, context))) {
      this.#failed += 1;
      return;
    }
    for (const sink of this.#options.sinks) this.#guard(() => sink.onEmit(record, context));
  }

  async forceFlush(): Promise<void> {
    await Promise.allSettled(this.#options.sinks.map((sink) => sink.forceFlush()));
  }

  async shutdown(): Promise<void> {
    await Promise.allSettled(this.#options.sinks.map((sink) => sink.shutdown()));
  }

  #prepare(record: ReadWriteLogRecord, context: Context): void {
    const { scrubber, readBusinessIds } = this.#options;
    const attributes: Attributes = { ...readBusinessIds(context), ...record.attributes };
    dropParentId(attributes, context);
    const ids = scrubber.idsOf(attributes);
    const scrubbed = scrubber.attributes(attributes, ids);
    for (const key of Object.keys(record.attributes)) delete record.attributes[key];
    Object.assign(record.attributes, scrubbed);
    record.body = scrubber.value("body", record.body, ids);
    if (record.eventName) record.eventName = scrubber.text(record.eventName, ids);
    if (record.severityText) record.severityText = scrubber.text(record.severityText, ids);
  }

  /** Whether it went well. */
  #guard(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (problem) {
      const message = `A log record could not be processed: ${describeThrown(problem)}`;
      this.#options.reportOnce("processing:log", message);
      return false;
    }
  }
}
