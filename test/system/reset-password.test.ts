import { describeResetPassword } from "./reset-password-suite.ts";

describeResetPassword("the embedded broker", () => undefined);
