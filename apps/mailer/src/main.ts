import { runService } from "@tracebridge/service";
import { readMailerConfig } from "./config.ts";
import { createMailConsumer } from "./consumers/send-mail.ts";
import { createServer } from "./server.ts";
import { createMailSender } from "./smtp/mail-sender.ts";
import { createMailStore } from "./store/mails.ts";

await runService({
  name: "mailer",
  readConfig: readMailerConfig,
  build: async (context) => {
    const { config, logger } = context;
    const store = createMailStore(context.database);
    const app = await createServer(context);
    const consumer = createMailConsumer({
      store,
      logger,
      send: createMailSender(config.SMTP_URL),
      from: config.MAIL_FROM,
      pageUrl: config.PAGE_URL,
      tokenSecret: config.RESET_TOKEN_SECRET,
    });
    return { server: app.server, stores: [store], consumer };
  },
});
