/** Express's handler span is the only one that the two back ends name differently. */
export type HandlerName = "request handler" | "/order";

export const otlpHandlerName: HandlerName = "request handler";
/** Sentry's own SDK names it after the route. */
export const sentryHandlerName: HandlerName = "/order";

/** The trace of an order that finishes, from the request to the last status: 23 spans in three services. */
export function finishedOrderTree(handlerName: HandlerName): string {
  return `
web: POST /order
  web: ${handlerName}
    web: insert order
    web: send order
      order: process order
        order: insert order
        order: send factory
          factory: process factory
            factory: findAndModify item
            factory: insert item
            factory: send order
              order: process order
                order: findAndModify order
                order: send web
                  web: process web
                    web: findAndModify order
                order: update order
            factory: update item
        order: send web
          web: process web
            web: findAndModify order
        order: update order
    web: update order
`.trim();
}
