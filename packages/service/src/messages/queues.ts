/** The queues: those of the order flow are named after the service that consumes them; mailer consumes `mail`. */
export const queueNames = ["web", "order", "factory", "mail"] as const;
