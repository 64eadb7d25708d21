import { hostileCarriers } from "./hostile-carriers.ts";
import { hostileSentryHeaders } from "./hostile-sentry-headers.ts";
import type { HostileClass } from "./hostile-values.ts";
import { hostileW3cHeaders } from "./hostile-w3c-headers.ts";

/** All classes of hostile trace headers, by name. */
export const hostileClasses: readonly HostileClass[] = [
  ...hostileW3cHeaders,
  ...hostileSentryHeaders,
  ...hostileCarriers,
];
