import { startBroker, startDatabase } from "@tracebridge/embedded";

/** The embedded broker and database on free ports. */
export interface Servers {
  amqpUrl: string;
  mongoUrl: string;
  close(): Promise<void>;
}

export async function startServers(): Promise<Servers> {
  const [broker, database] = await Promise.all([startBroker(), startDatabase()]);
  return {
    amqpUrl: broker.url,
    mongoUrl: database.url,
    close: async () => {
      await Promise.all([broker.close(), database.close()]);
    },
  };
}
