interface DropReason {
  /** Whether somebody asked for it: a rate, a filter or a hook. */
  readonly isIntended: boolean;
  readonly meaning: string;
}

/**
 * Why an item was given up on. Sentry's words where it has them, since they are in its client reports:
 * https://develop.sentry.dev/sdk/telemetry/client-reports/#envelope-item-payload
 */
export const dropReasons: Readonly<Record<string, DropReason>> = {
  sample_rate: { isIntended: true, meaning: "the sample rate left it out" },
  ignored: { isIntended: true, meaning: "ignoreSpans or TRACEBRIDGE_IGNORE_TRANSACTIONS matched" },
  before_send: { isIntended: true, meaning: "a beforeSend function of the application dropped it" },
  event_processor: {
    isIntended: true,
    meaning: "TRACEBRIDGE_IGNORE_ERRORS or an event processor dropped it",
  },
  callback_error: { isIntended: false, meaning: "a function of the application (beforeSend, …) threw" },
  no_dsn: { isIntended: true, meaning: "the bridge was given no valid DSN" },
  no_equivalent: { isIntended: true, meaning: "the back end has nothing like it; others have it" },
  queue_overflow: { isIntended: false, meaning: "more was waiting than the queue holds" },
  timeout: { isIntended: false, meaning: "the back end did not answer in time" },
  network_error: { isIntended: false, meaning: "the back end could not be reached" },
  send_error: { isIntended: false, meaning: "the back end refused the request" },
  rejected: { isIntended: false, meaning: "the back end took the request and refused some of its items" },
  rate_limited: { isIntended: false, meaning: "Sentry refused it because of a rate limit or quota" },
  ratelimit_backoff: { isIntended: false, meaning: "it was not sent while a rate limit of Sentry lasted" },
  shutdown: {
    isIntended: false,
    meaning: "the time for the shutdown was over, or it came after the shutdown",
  },
  internal_sdk_error: {
    isIntended: false,
    meaning: "it could not be prepared; a line on standard error says why",
  },
};

/** Whether items dropped for `reason` are no loss. */
export function isIntendedDrop(reason: string): boolean {
  return dropReasons[reason]?.isIntended === true;
}
