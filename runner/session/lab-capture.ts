import { DrydockError } from '#contract';
import { engineName, roleLabels } from '../core/labels/labels.ts';
import { hostConfig } from '../core/policy/host-config.ts';
import { ROLES } from '../core/policy/roles.ts';
import type { Channel } from '../core/ports/engine.ts';
import { checkTarget } from './launch/check-target.ts';
import type { Launch } from './launch/launch.ts';
import type { SessionDeps } from './session-deps.ts';

export interface CaptureRequest {
  readonly service: string;
  /** 1 to 60. */
  readonly seconds: number;
  /** In the language of pcap-filter(7); '' takes everything. */
  readonly filter: string;
  readonly print: (text: string) => void;
  /** Ends it early; what was captured is then thrown away. */
  readonly gone: AbortSignal;
}

/** 500 packets of 2048 bytes at most: a capture always fits in a file of a workspace. */
const PACKETS = 500;
const PACKET_BYTES = 2048;
const FILE = '/tmp/capture.pcap';
const FILE_BYTES = 1_048_576;
const COMPLAINT = 2000;

/**
 * Listens at the position of a service, in a container that is there for this alone. Prints a line a packet; resolves
 * with the capture as a pcap file. Throws `bad-request` for a filter that is none.
 */
export async function capture(deps: SessionDeps, launch: Launch, request: CaptureRequest): Promise<Buffer> {
  const sensor = await startSensor(deps, launch, request);
  try {
    await using listening = await deps.engine.exec(sensor, { argv: listen(request), user: ROLES.sensor.user });
    const stop = () => listening.close();
    request.gone.addEventListener('abort', stop, { once: true });
    if (request.gone.aborted) stop();
    await printLines(listening, named(launch), request.print);
    if (request.gone.aborted) return Buffer.alloc(0);
    await using file = await deps.engine.exec(sensor, { argv: ['/bin/cat', FILE], user: ROLES.sensor.user });
    return await bytesOf(file);
  } finally {
    await deps.engine.removeContainer(sensor);
  }
}

async function startSensor(deps: SessionDeps, launch: Launch, { service, seconds }: CaptureRequest): Promise<string> {
  const position = launch.positions.get(service);
  if (!position || !launch.services.has(service))
    throw new DrydockError('bad-request', `This lab has no service "${service}".`);
  const id = await deps.engine.createContainer({
    name: engineName(launch.id, 'sensor', service, deps.random(4)),
    image: deps.image('sensor'),
    labels: roleLabels(checkTarget(deps, launch).labels, 'sensor', service),
    // Ends by itself, should nobody be there to remove it.
    command: ['/bin/sleep', `${seconds + 60}`],
    env: {},
    user: ROLES.sensor.user,
    workingDir: '/',
    interactive: false,
    hostConfig: hostConfig('sensor', {
      ...deps.sandbox,
      network: { kind: 'joined', container: position.holder },
      mounts: [],
    }),
    endpoints: [],
  });
  try {
    await deps.engine.startContainer(id);
  } catch (error) {
    await deps.engine.removeContainer(id);
    throw error;
  }
  return id;
}

/** The filter is one argument behind `--`: no word of it can be an option of tcpdump's. */
const listen = ({ seconds, filter }: CaptureRequest): string[] => [
  ...['/usr/bin/timeout', '--signal=INT', '--kill-after=2', `${seconds}`],
  ...['/usr/bin/tcpdump', '-i', 'any', '-nlU', '-Z', 'root', '-c', `${PACKETS}`, '-s', `${PACKET_BYTES}`],
  ...['-w', FILE, '--print', '--', filter],
];

async function printLines(listening: Channel, name: (line: string) => string, print: (text: string) => void) {
  let line = '';
  let complaint = '';
  for await (const { stream, bytes } of listening.output) {
    if (stream === 'stderr') {
      complaint = (complaint + bytes.toString('utf8')).slice(-COMPLAINT);
      continue;
    }
    const lines = (line + bytes.toString('latin1')).split('\n');
    line = (lines.pop() ?? '').slice(0, COMPLAINT);
    print(lines.map((one) => `${name(printable(one))}\n`).join(''));
  }
  // 124: the time was over. 1: it did not begin.
  const code = await listening.exitCode().catch(() => 0);
  if (code === 0 || code === 124 || !complaint.includes('tcpdump:')) return;
  const why = complaint.split('\n').findLast((one) => one.startsWith('tcpdump: ')) ?? complaint;
  throw new DrydockError('bad-request', `Nothing was captured. ${why.trim()}`, {
    hint: 'A filter looks like "tcp port 8080" or "host 10.213.0.2"; quote it when it has parentheses.',
  });
}

/** What a packet holds is anybody's: no line of it may steer the terminal. */
const printable = (line: string) => line.replace(/[^\x20-\x7e]/g, '.');

/** Puts the names of positions in the place of their addresses. */
function named({ positions }: Launch): (line: string) => string {
  const names = new Map(
    [...positions.values()].flatMap(({ name, addresses }) =>
      Object.values(addresses).map((address) => [address, name] as const),
    ),
  );
  return (line) => line.replace(/\b\d+\.\d+\.\d+\.\d+(?=[^\d])/g, (address) => names.get(address) ?? address);
}

async function bytesOf(file: Channel): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let held = 0;
  for await (const { stream, bytes } of file.output) {
    if (stream !== 'stdout') continue;
    held += bytes.length;
    if (held > FILE_BYTES) throw new DrydockError('too-large', 'The capture is larger than it may be.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
