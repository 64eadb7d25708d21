import { describeMailer } from "./mailer-suite.ts";

describeMailer("the embedded broker", () => undefined);
