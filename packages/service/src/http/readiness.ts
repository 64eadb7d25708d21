/** What a readiness probe is told. */
export interface Readiness {
  status: 200 | 503;
  body: {
    status: "ready" | "not ready";
    database: "up" | "away";
    broker: "up" | "away";
    /** Only while the service shuts down. */
    draining?: true;
  };
}

interface Dependencies {
  database: { isReady(): Promise<boolean> };
  broker: { isConnected(): boolean };
  isDraining: () => boolean;
}

/** Whether the service can do its work now: it needs its database and the broker, and must not be shutting down. */
export async function readReadiness({ database, broker, isDraining }: Dependencies): Promise<Readiness> {
  const databaseUp = await database.isReady();
  const brokerUp = broker.isConnected();
  const draining = isDraining();
  const ready = databaseUp && brokerUp && !draining;
  return {
    status: ready ? 200 : 503,
    body: {
      status: ready ? "ready" : "not ready",
      database: databaseUp ? "up" : "away",
      broker: brokerUp ? "up" : "away",
      ...(draining ? { draining } : {}),
    },
  };
}
