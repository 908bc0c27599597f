/** What on this machine would answer a lab that reached it; it listens until it is disposed of. */
export interface Canary extends AsyncDisposable {
  readonly port: number;
  /** IPv4 addresses of the machine but loopback. */
  readonly addresses: readonly string[];
}

export type OpenCanary = () => Promise<Canary>;

/**
 * What a probe of a launch can find. `broken`: something answered that no lab may reach. `dead`: nothing answers that
 * the launch must reach, so what a check found of it says nothing.
 */
export const ISOLATION_RESULTS = ['isolated', 'broken', 'dead'] as const;
export type IsolationResult = (typeof ISOLATION_RESULTS)[number];
