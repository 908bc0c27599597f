import assert from 'node:assert/strict';
import type { Engine } from '../../../runner/core/ports/engine.ts';
import { outcome } from '../../suites/engine-fixture.ts';

/** `tcp/ADDRESS/PORT`, or `udp/…`: then something is sent, and only the receiver can tell whether it came. */
export type Target = `${'tcp' | 'udp'}/${string}/${number}`;

export const CANARY = 'drydock-canary';

/** All targets at once in one process, so that it fits into the smallest role; prints those that let us in. */
const PERL = `
use Socket; use IO::Select; use IO::Handle;
my (%waiting, $all); $all = IO::Select->new;
for my $target (@ARGV) {
  my ($kind, $host, $port) = split m{/}, $target;
  socket(my $handle, PF_INET, $kind eq 'udp' ? SOCK_DGRAM : SOCK_STREAM, 0) or die $!;
  my $address = sockaddr_in($port, inet_aton($host));
  $handle->blocking(0);
  if ($kind eq 'udp') { send($handle, '${CANARY}', 0, $address); next }
  connect($handle, $address);
  $waiting{fileno $handle} = $target; $all->add($handle);
}
my $until = time + 3;
while ($all->count and time < $until) {
  for my $handle ($all->can_write(0.2)) {
    print $waiting{fileno $handle}, "\\n" if unpack('i', getsockopt($handle, SOL_SOCKET, SO_ERROR)) == 0;
    $all->remove($handle);
  }
}`;

const NODE = `
for (const target of process.argv.slice(1)) {
  const [kind, host, port] = target.split('/');
  if (kind === 'udp') {
    const socket = require('node:dgram').createSocket('udp4');
    socket.send('${CANARY}', Number(port), host, () => socket.close());
    continue;
  }
  const socket = require('node:net').connect(Number(port), host);
  socket.on('connect', () => { console.log(target); socket.destroy(); });
  socket.on('error', () => {});
  socket.setTimeout(3000, () => socket.destroy());
}`;

export interface Prober {
  readonly container: string;
  readonly user: string;
  /** The checker's image has Node and nothing else, the others have Perl and, some of them, no Node. */
  readonly language: 'perl' | 'node';
}

/** The targets that can be reached from inside a container. */
export async function reachable(engine: Engine, { container, user, language }: Prober, targets: readonly Target[]) {
  const program = language === 'perl' ? ['/usr/bin/perl', '-e', PERL, '--'] : ['/usr/local/bin/node', '-e', NODE, '--'];
  const { stdout, stderr, code } = await outcome(
    await engine.exec(container, { argv: [...program, ...targets], user }),
  );
  assert.equal(code, 0, `the prober itself failed in ${container}: ${stdout}${stderr}`);
  return String(stdout).trim().split('\n').filter(Boolean).sort();
}

/** What a bash line prints inside a container. */
export async function bash(engine: Engine, { container, user }: Prober, line: string): Promise<string> {
  const { stdout } = await outcome(await engine.exec(container, { argv: ['/bin/bash', '-c', line], user }));
  return String(stdout);
}
