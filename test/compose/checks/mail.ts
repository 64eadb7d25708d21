import { awaitArrivals } from "../arrivals.ts";
import { askForReset, awaitMails, followLink } from "../mails.ts";
import type { Check } from "./check.ts";

/** Of web and mailer; test/system/reset-password.test.ts has the tree itself. */
const spansOfAReset = 10;

/** A mail arrives, its link works once, and the way to it is one trace at each back end. */
export const mailCheck: Check = {
  name: "A password reset, and its mail",
  run: async (stack) => {
    await stack.configure({});
    await stack.up();
    const since = new Date();
    const traceId = await askForReset(stack, "alice@example.com");
    const mails = await awaitMails(stack, "alice@example.com");
    const [mail] = mails;
    const statuses = mail ? [await followLink(stack, mail), await followLink(stack, mail)] : [];
    const places = ["sentry", "otlp", "jaeger"] as const;
    const arrivals = await awaitArrivals(stack, { id: traceId, traceId }, since, places, spansOfAReset);
    const { sentry, otlp, jaeger } = arrivals;
    return {
      passed:
        mails.length === 1 &&
        statuses.join(" ") === "200 410" &&
        sentry >= spansOfAReset &&
        otlp === sentry &&
        jaeger === otlp,
      lines: [
        `${mails.length} mail arrived: ${mail?.Subject ?? "NONE"}. Its link was answered with ${statuses.join(", then with ")}.`,
        "",
        `The trace from the request to the SMTP server has ${sentry} spans in the Sentry view of compare, ${otlp} in its OTLP ` +
          `view, ${jaeger} in Jaeger (query API v3).`,
      ],
    };
  },
};
