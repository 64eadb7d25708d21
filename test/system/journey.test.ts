import { describeJourney } from "./journey-suite.ts";

describeJourney("the embedded broker", () => undefined);
