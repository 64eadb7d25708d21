import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ApiError } from "../routes/api-error.ts";

/** What index.html has in the place of what differs from request to request. */
const placeholder = "<!--tracebridge-->";

interface ReadFile {
  /** Differs from build to build. */
  version: string;
  /** The text before the placeholder, and after it. */
  parts: readonly string[];
}

/** The built index.html. It is read again after another build. */
export class PageFile {
  readonly #path: string;
  #file: ReadFile | undefined;

  constructor(pageDir: string) {
    this.#path = join(pageDir, "index.html");
  }

  /** @throws ApiError 503 when there is none */
  async render(head: string): Promise<string> {
    try {
      const { mtimeMs, size } = await stat(this.#path);
      const version = `${mtimeMs} ${size}`;
      if (this.#file?.version !== version) this.#file = await this.#read(version);
      return this.#file.parts.join(head);
    } catch {
      throw new ApiError(
        503,
        "page_missing",
        "the page is not built: run npm run build -w @tracebridge/page",
      );
    }
  }

  async #read(version: string): Promise<ReadFile> {
    const text = await readFile(this.#path, "utf8");
    const at = text.indexOf(placeholder);
    const parts = at === -1 ? [text] : [text.slice(0, at), text.slice(at + placeholder.length)];
    return { version, parts };
  }
}
