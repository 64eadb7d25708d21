/**
 * Loaded into every measured process, whichever peer runs in it: what the bench asks of it. Answers over IPC, so that no
 * request of the bench is traced.
 */
type Flush = (timeoutMillis: number) => Promise<unknown>;

/** A question of the bench; the answer bears the same number. */
export interface ControlQuestion {
  bench: "flush" | "cpu" | "memory" | "clock" | "exit";
  question: number;
}

export interface ControlAnswer {
  question: number;
  value: unknown;
}

const flushTimeoutMillis = 30_000;
const holder: typeof globalThis & { [flushKey: symbol]: Flush | undefined } = globalThis;

const answers: Record<ControlQuestion["bench"], () => unknown> = {
  flush: async () => {
    await holder[Symbol.for("tracebridge.bench.flush")]?.(flushTimeoutMillis);
  },
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  memory: () => {
    // Twice: what finalizers let go of is free only then.
    for (let run = 0; run < 2; run += 1) globalThis.gc?.();
    return process.memoryUsage();
  },
  /** Microseconds of the clock that V8's profiles have, too. */
  clock: () => Number(process.hrtime.bigint() / 1000n),
  exit: () => process.exit(0),
};

process.on("message", (message) => {
  if (isQuestion(message)) void answer(message);
});

async function answer({ bench, question }: ControlQuestion): Promise<void> {
  // IPC is JSON, which leaves out what is undefined.
  process.send?.({ question, value: (await answers[bench]()) ?? null } satisfies ControlAnswer);
}

function isQuestion(message: unknown): message is ControlQuestion {
  return typeof message === "object" && message !== null && "bench" in message && "question" in message;
}
