/** Milliseconds since the epoch. Whatever web decides by the time asks the one clock it was started with. */
export type Clock = () => number;
