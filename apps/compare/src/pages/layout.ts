import { html, type Html } from "./html.ts";

/** The frame of every page; `query` is what was searched for, to be changed. */
export function renderPage(title: string, body: Html, query = ""): string {
  return `<!doctype html>${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Tracebridge</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <header>
          <a class="home" href="/">Tracebridge <span>traces</span></a>
          <form action="/" role="search">
            <label for="query">Order id, trace id or attribute value</label>
            <input
              id="query"
              name="query"
              type="search"
              autocomplete="off"
              spellcheck="false"
              value="${query}"
            />
            <button>Search</button>
          </form>
        </header>
        <main>${body}</main>
      </body>
    </html>`.markup
  }`;
}
