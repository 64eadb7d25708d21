import { describeScale } from "./scale-suite.ts";

describeScale("the embedded broker", () => undefined);
