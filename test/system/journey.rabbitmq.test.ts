import { describeJourney } from "./journey-suite.ts";
import { readRabbitmqUrl } from "./rabbitmq.ts";

describeJourney("RabbitMQ", readRabbitmqUrl);
