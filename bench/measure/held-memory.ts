/** In bytes: the heap, and buffers outside of it, where spans and bodies wait. `external` contains `arrayBuffers`. */
export function countHeld({ heapUsed, external }: Pick<NodeJS.MemoryUsage, "heapUsed" | "external">): number {
  return heapUsed + external;
}
