import { LABEL } from '../../../../runner/core/labels/labels.ts';
import type { Program } from '../../../../runner/engine/memory/program.ts';
import type { SessionDeps } from '../../../../runner/session/session-deps.ts';

/** Where the host's canary would be; documentation addresses (RFC 5737). */
const HOST = '192.0.2.1';
const CANARY_PORT = 4242;
/** Every launch asks its own service here too; nobody is asked here alone. */
const CLOSED_PORT = '9';

/** What the networks of launches let through, played by the tool that knocks, and what the operator was told. */
export function playedNetwork() {
  const network = {
    /** Launches whose network carries nothing. */
    dead: new Set<string>(),
    /** Addresses that let labs in though they must not; `neighbours` is every other launch. */
    leaks: new Set<string>(),
    /** How often the control stays silent from now on, though the network carries. */
    silent: 0,
    /** Exit code of the tool. */
    code: 0,
    /** Launches, in the order in which they were asked. */
    asked: [] as string[],
    told: [] as string[],
    canaries: 0,
    listening: 0,
    host: HOST,
  };

  const ready: Program = async ({ argv, container, write }) => {
    if (argv[1] !== 'reach') return 0;
    const launch = container.labels[LABEL.launch] ?? '';
    network.asked.push(launch);
    const words = argv.slice(2, -1);
    const doors = words.flatMap((address, n) => (n % 2 === 0 ? [[address, words[n + 1] ?? ''] as const] : []));
    const own = new Set(doors.filter(([, port]) => port === CLOSED_PORT).map(([address]) => address));
    const silent = network.dead.has(launch) || network.silent-- > 0;
    for (const [address, port] of doors) {
      const answers = own.has(address)
        ? !silent
        : network.leaks.has(port === `${CANARY_PORT}` ? address : 'neighbours');
      const answer = port === CLOSED_PORT ? 'refused' : 'open';
      if (answers) await write(Buffer.from(`${address} ${port} ${answer}\n`));
    }
    return network.code;
  };

  const isolation: SessionDeps['isolation'] = {
    async canary() {
      network.canaries++;
      network.listening++;
      return {
        port: CANARY_PORT,
        addresses: [HOST],
        async [Symbol.asyncDispose]() {
          network.listening--;
        },
      };
    },
    tell: (result, what) => network.told.push(`${result}: ${what}`),
  };

  return { network, options: { programs: { '/opt/drydock/ready': ready }, isolation } };
}
