import { useEffect, useState } from "react";
import type { OrderClient, PageConfig } from "../orders/order-client.ts";
import type { Answer } from "../web-api/call.ts";

/** The page's configuration from the web service; undefined until it has answered. */
export function usePageConfig(client: OrderClient): Answer<PageConfig> | undefined {
  const [config, setConfig] = useState<Answer<PageConfig>>();
  useEffect(() => {
    let mounted = true;
    void client.readConfig().then((answer) => {
      if (mounted) setConfig(answer);
    });
    return () => {
      mounted = false;
    };
  }, [client]);
  return config;
}
