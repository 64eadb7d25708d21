import { describeNothingLost } from "./nothing-lost-suite.ts";
import { readRabbitmqUrl } from "./rabbitmq.ts";

describeNothingLost("RabbitMQ", readRabbitmqUrl);
