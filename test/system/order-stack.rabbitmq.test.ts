// One file, as files run side by side: the services' queues have the same names in every stack, and there is one RabbitMQ.
import { describeJourney } from "./journey-suite.ts";
import { describeNothingLost } from "./nothing-lost-suite.ts";
import { describePoison } from "./poison-suite.ts";
import { readRabbitmqUrl } from "./rabbitmq.ts";
import { describeScale } from "./scale-suite.ts";

for (const describeSuite of [describeJourney, describePoison, describeNothingLost, describeScale]) {
  describeSuite("RabbitMQ", readRabbitmqUrl);
}
