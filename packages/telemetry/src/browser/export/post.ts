import type { BrowserPost, PostAnswer, PostRequest } from "../types.ts";

/** Browsers let 64 KiB of bodies outlive their page, of all requests together. https://fetch.spec.whatwg.org/#http-network-or-cache-fetch */
const MAX_LASTING_BYTES = 60_000;
/** Of those, what may be used before the page is hidden, when all the rest is sent at once. */
const MAX_EARLY_LASTING_BYTES = 30_000;
/** Longer answers are not telemetry's; nothing of what is beyond is kept. */
const MAX_ANSWER_LENGTH = 65_536;

/**
 * Sends with the browser's own `fetch`, taken before anybody wraps it: what telemetry sends is never traced. As much as the
 * browser allows outlives the page.
 */
export function createPost(fetch: typeof globalThis.fetch, origin: string): BrowserPost {
  let lasting = 0;

  async function send(request: PostRequest, bytes: number, keepalive: boolean): Promise<PostAnswer> {
    const { path, contentType, body, timeoutMillis } = request;
    if (keepalive) lasting += bytes;
    try {
      const response = await Reflect.apply(fetch, globalThis, [
        // A page may say that its relative addresses are another server's.
        new URL(path, origin).href,
        {
          method: "POST",
          body,
          headers: { "content-type": contentType },
          keepalive,
          // An answer that leads elsewhere is none: telemetry stays with the page's own server.
          redirect: "error",
          referrerPolicy: "origin",
          cache: "no-store",
          priority: "low",
          signal: AbortSignal.timeout(timeoutMillis),
        },
      ]);
      const { status, headers } = response;
      return {
        statusCode: status,
        text: await readToEnd(response),
        headers: {
          "x-sentry-rate-limits": headers.get("x-sentry-rate-limits"),
          "retry-after": headers.get("retry-after"),
        },
      };
    } finally {
      if (keepalive) lasting -= bytes;
    }
  }

  return async (request) => {
    if (request.isLast && !("keepalive" in Request.prototype)) return sendBeacon(request, origin);
    const bytes = measure(request.body);
    const limit = request.isLast ? MAX_LASTING_BYTES : MAX_EARLY_LASTING_BYTES;
    return send(request, bytes, lasting + bytes <= limit);
  };
}

/**
 * For browsers a request is under way until its answer has been read, and takes its share of the 64 KiB until then. One
 * that breaks off has been given all the same. As a whole: of requests whose answers are read as streams, Chromium 156 tells
 * one in seven as aborted, to developer tools and to tests that look for failed requests.
 */
async function readToEnd(response: Response): Promise<string> {
  const text = await response.text().catch(() => "");
  return text.slice(0, MAX_ANSWER_LENGTH);
}

/** Older browsers know no other request that outlives its page; what becomes of it nobody tells. */
function sendBeacon({ path, contentType, body }: PostRequest, origin: string): PostAnswer {
  if (!navigator.sendBeacon(new URL(path, origin), new Blob([body], { type: contentType }))) {
    throw new Error("the browser takes no more");
  }
  return { statusCode: 200, text: "", headers: { "x-sentry-rate-limits": null, "retry-after": null } };
}

function measure(body: PostRequest["body"]): number {
  return typeof body === "string" ? new TextEncoder().encode(body).length : body.byteLength;
}
