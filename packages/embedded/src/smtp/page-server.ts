import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mailPolicy, pagePolicy, renderMailPage } from "./mail-page.ts";
import type { Mailbox } from "./mailbox.ts";

export interface PageServer {
  readonly url: string;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly policy: string;
  readonly body: string;
}

/**
 * Shows the mails on 127.0.0.1: `/` for people, `/api/mails` for programs, `/mails/ID/html` as the sender laid it out.
 *
 * @throws the error of `listen`
 */
export async function startPageServer(port: number, mailbox: Mailbox): Promise<PageServer> {
  const server = createServer((request, response) => answer(request, response, mailbox));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, mailbox: Mailbox): void {
  const isRead = request.method === "GET" || request.method === "HEAD";
  const { status, type, policy, body } = isRead
    ? createAnswer(request, mailbox)
    : createText(405, "only GET and HEAD are answered");
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "content-security-policy": policy,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    ...(isRead ? {} : { allow: "GET, HEAD" }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function createAnswer({ url, headers: { host } }: IncomingMessage, mailbox: Mailbox): Answer {
  // A web page whose name resolves to this address must not read the mails.
  if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(host ?? "")) {
    return createText(421, "ask for localhost or 127.0.0.1");
  }
  const path = url?.split("?")[0] ?? "";
  if (path === "/") return createPage(renderMailPage(mailbox.list()), pagePolicy);
  if (path === "/api/mails") {
    const body = JSON.stringify(mailbox.list());
    return { status: 200, type: "application/json", policy: pagePolicy, body };
  }
  const id = /^\/mails\/(\d{1,9})\/html$/.exec(path)?.[1];
  const html = id === undefined ? undefined : mailbox.find(Number(id))?.html;
  return html === undefined
    ? createText(404, "there is nothing at this address")
    : createPage(html, mailPolicy);
}

function createPage(body: string, policy: string): Answer {
  return { status: 200, type: "text/html", policy, body };
}

function createText(status: number, body: string): Answer {
  return { status, type: "text/plain", policy: pagePolicy, body };
}
