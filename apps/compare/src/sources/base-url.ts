export interface BaseUrl {
  /** What a path is added to: no slash at its end, no user and password. */
  base: string;
  /** Basic authorization, where the address had a user or password: `fetch` takes no address that has. */
  headers: Readonly<Record<string, string>>;
}

/** Reads the address of a back end, which may be in a sub-path. Undefined for what is none. */
export function readBaseUrl(text: string): BaseUrl | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") return undefined;
  return {
    base: url.origin + url.pathname.replace(/\/+$/, ""),
    headers: { accept: "application/json", ...readCredentials(url) },
  };
}

function readCredentials({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const pair = Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64");
  return { authorization: `Basic ${pair}` };
}

/** An address may have a plain % in its password. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
