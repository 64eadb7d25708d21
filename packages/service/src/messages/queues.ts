/** The queues of the order flow; each is named after the service that consumes it. */
export const queueNames = ["web", "order", "factory"] as const;
