/** Express's handler span is the only one that the two back ends name differently. */
export type HandlerName = "request handler" | "/order";

export const otlpHandlerName: HandlerName = "request handler";
/** Sentry's own SDK names it after the route. */
export const sentryHandlerName: HandlerName = "/order";

/** The trace of an order that finishes, from the request to the last status: 23 spans in three services. */
export function finishedOrderTree(handlerName: HandlerName): string {
  return `
web: server POST /order
  web: internal ${handlerName}
    web: client insert order
    web: client update order
    web: producer send order
      order: consumer process order
        order: client insert order
        order: client update order
        order: producer send factory
          factory: consumer process factory
            factory: client findAndModify item
            factory: client insert item
            factory: client update item
            factory: producer send order
              order: consumer process order
                order: client findAndModify order
                order: client update order
                order: producer send web
                  web: consumer process web
                    web: client findAndModify order
        order: producer send web
          web: consumer process web
            web: client findAndModify order
`.trim();
}

/** The trace of a password reset for an address that somebody has, from the request to the SMTP server. */
export function resetTree(handlerName: "request handler" | "/users/reset-password"): string {
  return `
web: server POST /users/reset-password
  web: internal ${handlerName}
    web: client find user
    web: client insert passwordReset
    web: client update passwordReset
    web: producer send mail
      mailer: consumer process mail
        mailer: client smtp send
        mailer: client update mail
        mailer: client update mail
`.trim();
}
