import { createContext, use } from "react";
import { createCompareClient, type CompareClient } from "./client.ts";

export const ClientContext = createContext<CompareClient>(createCompareClient());

export function useClient(): CompareClient {
  return use(ClientContext);
}
