// One file, as files run side by side: the services' queues have the same names in every stack, and there is one RabbitMQ.
import { describeMailer } from "../../apps/mailer/test/mailer-suite.ts";
import { describeJourney } from "./journey-suite.ts";
import { describeNothingLost } from "./nothing-lost-suite.ts";
import { describePoison } from "./poison-suite.ts";
import { readRabbitmqUrl } from "./rabbitmq.ts";
import { describeResetPassword } from "./reset-password-suite.ts";
import { describeScale } from "./scale-suite.ts";

const suites = [
  describeJourney,
  describePoison,
  describeNothingLost,
  describeScale,
  describeMailer,
  describeResetPassword,
];
for (const describeSuite of suites) {
  describeSuite("RabbitMQ", readRabbitmqUrl);
}
