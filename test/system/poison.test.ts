import { describePoison } from "./poison-suite.ts";

describePoison("the embedded broker", () => undefined);
