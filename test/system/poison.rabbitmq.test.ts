import { describePoison } from "./poison-suite.ts";
import { readRabbitmqUrl } from "./rabbitmq.ts";

describePoison("RabbitMQ", readRabbitmqUrl);
