import { describeNothingLost } from "./nothing-lost-suite.ts";

describeNothingLost("the embedded broker", () => undefined);
