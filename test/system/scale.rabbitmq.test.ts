import { describeScale } from "./scale-suite.ts";
import { readRabbitmqUrl } from "./rabbitmq.ts";

describeScale("RabbitMQ", readRabbitmqUrl);
