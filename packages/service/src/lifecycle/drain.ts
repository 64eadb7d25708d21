import { getTelemetry } from "@tracebridge/telemetry";
import type { Logger } from "@tracebridge/telemetry/logger";

const drainStages = ["intake", "connection"] as const;
type DrainStage = (typeof drainStages)[number];

/** One part of the way down; the steps of a stage run at the same time. */
interface DrainStep {
  name: string;
  run: (timeoutMillis: number) => Promise<void>;
}

export interface Drain {
  /** Aborted when the service starts to shut down. */
  signal: AbortSignal;
  isDraining(): boolean;
  /** Registers what has to be closed: `intake` (what brings in work) is closed before `connection`. */
  add(stage: DrainStage, step: DrainStep): void;
}

const totalMillis = 10_000;
const stageMillis = 3000;
const telemetryMillis = 5000;
/**
 * A terminal and `node --watch` both pass Ctrl-C on, so one key press arrives twice. Only a signal that comes later
 * than this shows impatience.
 */
const sameSignalMillis = 500;
/** Left for the way out after the last step. */
const reserveMillis = 300;

/**
 * Ends the process in good order on SIGTERM, SIGINT and when the parent's IPC channel closes: within ten seconds,
 * with exit code 0. A second signal, not merely the echo of the first, ends it at once.
 */
export function drainOnSignal(logger: Logger): Drain {
  const controller = new AbortController();
  const steps: Record<DrainStage, DrainStep[]> = { intake: [], connection: [] };
  let begunAt = 0;
  const begin = (cause: string, exitCode: number): void => {
    if (controller.signal.aborted) {
      if (performance.now() - begunAt < sameSignalMillis) return;
      logger.warn({ cause }, "Ending at once");
      process.exit(exitCode);
    }
    begunAt = performance.now();
    controller.abort(new Error("the service shuts down"));
    void drain(logger, cause, steps);
  };
  process.on("SIGTERM", () => begin("SIGTERM", 143));
  process.on("SIGINT", () => begin("SIGINT", 130));
  if (process.send) process.once("disconnect", () => begin("the parent process is gone", 1));
  return {
    signal: controller.signal,
    isDraining: () => controller.signal.aborted,
    add: (stage, step) => steps[stage].push(step),
  };
}

async function drain(logger: Logger, cause: string, steps: Record<DrainStage, DrainStep[]>): Promise<void> {
  const deadline = Date.now() + totalMillis;
  // Whatever hangs: ten seconds are all there is.
  setTimeout(() => {
    logger.error("Shutdown took too long; ending with work undone");
    process.exit(1);
  }, totalMillis).unref();
  logger.info({ cause }, "Shutting down");
  for (const stage of drainStages) {
    const timeoutMillis = Math.max(0, Math.min(stageMillis, deadline - reserveMillis - Date.now()));
    await Promise.all(steps[stage].map((step) => runStep(step, timeoutMillis, logger)));
  }
  logger.info("Shut down");
  await endTelemetry(logger, Math.min(telemetryMillis, deadline - reserveMillis - Date.now()));
  process.exit(0);
}

/** The last line tells what became of everything the ones before it were about. */
async function endTelemetry(logger: Logger, timeoutMillis: number): Promise<void> {
  const telemetry = getTelemetry();
  if (!telemetry) return;
  try {
    await telemetry.shutdown(timeoutMillis);
    const stats = telemetry.stats();
    if (stats.unaccounted > 0) logger.warn({ stats }, "Telemetry lost count of something");
    else logger.info({ stats }, "Telemetry ended");
  } catch (error) {
    // Nothing of telemetry may keep a process from ending.
    logger.error({ err: error }, "Telemetry did not end in good order");
  }
}

async function runStep(step: DrainStep, timeoutMillis: number, logger: Logger): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    logger.warn({ step: step.name, timeoutMillis }, "A part did not stop in time; going on without it");
    late.resolve();
  }, timeoutMillis);
  try {
    // The step's own limit comes first, so that it can cut off in its own way.
    await Promise.race([step.run(timeoutMillis * 0.8), late.promise]);
  } catch (error) {
    logger.warn({ step: step.name, err: error }, "A part could not be stopped");
  } finally {
    clearTimeout(timer);
  }
}
