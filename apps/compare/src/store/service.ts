import type { StoredItem } from "./item.ts";
import type { StoreFill, TraceDatabase } from "./database.ts";
import type { ThreadCall, ThreadReply } from "../thread-calls.ts";
import type { StoreCall, StoreNews } from "./protocol.ts";
import { isDamage } from "./sql.ts";

export interface StoreServiceOptions {
  post(message: ThreadReply | StoreNews): void;
  /** Begins a new store in place of one whose file is broken, and which is closed. */
  replaceDamaged(): TraceDatabase;
}

/** Items in one transaction, at most, unless one delivery has more: others wait as long as it takes. */
const maxBatchItems = 1000;
/** Rows deleted at a time, at least; more where more was written, so that deleting keeps up. */
const minForgottenRows = 1000;
const ageCheckMillis = 30_000;

interface PendingWrite {
  id: number;
  items: readonly StoredItem[];
}

/**
 * Serves the store: reads at once, writes together with all others that have arrived meanwhile, and between any two of
 * these deletes a little of what is beyond the limits.
 */
export class StoreService {
  #database: TraceDatabase;
  readonly #options: StoreServiceOptions;
  #pending: PendingWrite[] = [];
  #isScheduled = false;
  #isClosed = false;
  #forgetProblem = "";
  #told: StoreFill | undefined;
  readonly #ageCheck: NodeJS.Timeout;

  constructor(database: TraceDatabase, options: StoreServiceOptions) {
    this.#database = database;
    this.#options = options;
    this.#ageCheck = setInterval(() => this.#schedule(), ageCheckMillis).unref();
    this.#tellFill();
    this.#schedule();
  }

  take({ id, call }: ThreadCall<StoreCall>): void {
    switch (call.method) {
      case "write":
        this.#pending.push({ id, items: call.items });
        this.#schedule();
        return;
      case "readTrace":
        return this.#answer(id, () => this.#database.readTrace(call.traceId));
      case "listTraces":
        return this.#answer(id, () => this.#database.listTraces(call.limit));
      case "findTraces":
        return this.#answer(id, () => this.#database.findTraces(call.query, call.limit));
      case "close":
        while (this.#pending.length > 0) this.#writePending();
        clearInterval(this.#ageCheck);
        this.#isClosed = true;
        return this.#answer(id, () => this.#database.close());
    }
  }

  /** After the messages that are there already, so that they are served together. */
  #schedule(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#isClosed) return;
      const written = this.#pending.length > 0 ? this.#writePending() : 0;
      const isMore = this.#forgetSome(Math.max(minForgottenRows, written * 6));
      this.#tellFill();
      if (isMore || this.#pending.length > 0) this.#schedule();
    });
  }

  /** Returns how many items were in it. */
  #writePending(): number {
    let count = 0;
    let length = 0;
    for (const { items } of this.#pending) {
      if (length > 0 && count + items.length > maxBatchItems) break;
      count += items.length;
      length += 1;
    }
    const batch = this.#pending.slice(0, length);
    this.#pending = this.#pending.slice(length);
    const deliveries = batch.map(({ items }) => items);
    try {
      const results = this.#repairing(() => this.#database.write(deliveries, Date.now()));
      this.#tellFill();
      for (const [index, { id }] of batch.entries()) {
        const result = results[index];
        this.#options.post(result instanceof Error ? { id, error: result.message } : { id, value: result });
      }
    } catch (error) {
      for (const { id } of batch) this.#options.post({ id, error: describe(error) });
    }
    return count;
  }

  /** Before whoever wrote hears of it, so that both agree. */
  #tellFill(): void {
    try {
      const fill = this.#database.fill();
      if (fill.items === this.#told?.items && fill.bytes === this.#told.bytes) return;
      this.#told = fill;
      this.#options.post({ fill });
    } catch {
      // Whatever ails the file, the next call that needs it says so.
    }
  }

  #forgetSome(rows: number): boolean {
    try {
      const isMore = this.#repairing(() => this.#database.forgetSome(rows, Date.now()));
      this.#forgetProblem = "";
      return isMore;
    } catch (error) {
      // Tried again with the next write; told once.
      const problem = describe(error);
      if (problem !== this.#forgetProblem) {
        this.#options.post({ notice: `old traces could not be deleted: ${problem}` });
      }
      this.#forgetProblem = problem;
      return false;
    }
  }

  #answer(id: number, work: () => unknown): void {
    try {
      this.#options.post({ id, value: this.#repairing(work) });
    } catch (error) {
      this.#options.post({ id, error: describe(error) });
    }
  }

  #repairing<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#database.close();
      this.#database = this.#options.replaceDamaged();
      return work();
    }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
