// An agent a learner put in the place of ours. What it does is its first argument.
import { once } from 'node:events';
import { encodeFrame } from '../../../runner/pipe/agent/frames.ts';

const [mode = '', detail = ''] = process.argv.slice(2);
const say = (bytes: Uint8Array) => (process.stdout.write(bytes) ? Promise.resolve() : once(process.stdout, 'drain'));
const tell = (message: unknown) => say(encodeFrame(message));
const hello = () => tell({ type: 'hello', root: '/' });
const header = (length: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
};
/** Answers every question with what `value` says. */
const answering = (value: unknown) => {
  process.stdin.on('data', () => void answer(value));
};
let id = 0;
async function answer(value: unknown) {
  id++;
  await tell({ type: 'answer', id, value });
}

const mebibyte = 'A'.repeat(2 ** 20);
/** One message of each kind that our protocol has, none of them asked for. */
const EVERY_KIND: Readonly<Record<string, unknown>> = {
  hello: { type: 'hello', root: '/' },
  answer: { type: 'answer', id: 1e6, value: null },
  'large answer': { type: 'answer', id: 1e6, value: mebibyte },
  'answer of many values': { type: 'answer', id: 1e6, value: Array(32_000).fill('') },
  part: { type: 'part', id: 1e6, path: 'a', content: mebibyte },
  refusal: { type: 'refusal', id: 1e6, refusal: 'missing', message: 'x' },
  changed: { type: 'changed' },
  'lab-gone': { type: 'lab-gone', call: 1e6 },
  resize: { type: 'resize', call: 1e6, cols: 80, rows: 24 },
  opened: { type: 'opened', stream: 1e6 },
  data: { type: 'data', stream: 1e6, bytes: 'A'.repeat(40_000) },
  credit: { type: 'credit', stream: 1e6, bytes: 1000 },
  end: { type: 'end', stream: 1e6 },
  close: { type: 'close', stream: 1e6, why: 'reset' },
};
/** `times` of a message in one buffer. */
const many = (message: unknown, times: number) => Buffer.concat(Array(times).fill(encodeFrame(message)));

const MODES: Readonly<Record<string, () => unknown>> = {
  silent: () => process.stdin.resume(),
  'ends at once': () => process.exit(0),
  'ends when asked': async () => {
    await hello();
    process.stdin.once('data', () => process.exit(0));
  },
  'a frame of 4 GiB': async () => {
    await hello();
    await once(process.stdin, 'data');
    await say(header(0xffff_ffff));
    for (;;) await say(Buffer.alloc(65_536));
  },
  'a frame that never ends': async () => {
    await hello();
    await say(header(30_000_000));
    process.stdin.resume();
  },
  'no frames': () => say(Buffer.from('HTTP/1.1 200 OK\r\n\r\nhello there, runner')),
  'no JSON': () => say(Buffer.concat([header(5), Buffer.from('{{{{{')])),
  'not our messages': async () => {
    await hello();
    await tell(JSON.parse(detail));
    process.stdin.resume();
  },
  'answers nobody asked for': async () => {
    await hello();
    for (let other = -10; other < 10_000; other++) await tell({ type: 'answer', id: other + 1_000_000, value: 'x' });
    for (let other = 0; other < 10; other++)
      await tell({ type: 'refusal', id: 2_000_000 + other, refusal: 'missing', message: 'x' });
    answering([]);
  },
  'answers twice': async () => {
    await hello();
    process.stdin.on('data', async () => {
      id++;
      await tell({ type: 'answer', id, value: [{ path: `first-${id}`, bytes: 1, version: 'a' }] });
      await tell({ type: 'answer', id, value: [{ path: 'second', bytes: 1, version: 'a' }] });
    });
  },
  'answers with': async () => {
    await hello();
    answering(JSON.parse(detail));
  },
  'answers with a list of a million': async () => {
    await hello();
    answering(Array(1_000_000).fill({ path: 'a', bytes: 1, version: 'a' }));
  },
  'a snapshot without end': async () => {
    await hello();
    await once(process.stdin, 'data');
    const content = Buffer.alloc(2 ** 20).toString('base64');
    for (let file = 0; ; file++) await tell({ type: 'part', id: 1, path: `f${file}`, content });
  },
  deaf: async () => {
    await hello();
    setInterval(() => undefined, 1000);
  },
  'deaf, then gone': async () => {
    await hello();
    setTimeout(() => process.exit(0), 500);
  },
  'greets for ever': async () => {
    for (;;) await hello();
  },
  'hangs up calls nobody made': async () => {
    await hello();
    for (let call = 1; call <= 300_000; call++) await tell({ type: 'lab-gone', call });
    answering([]);
  },
  'floods with': async () => {
    await hello();
    process.stdin.resume();
    const chosen = detail === 'every kind' ? Object.values(EVERY_KIND) : [EVERY_KIND[detail]];
    const bytes = Buffer.concat(chosen.map((message) => many(message, JSON.stringify(message).length > 1e5 ? 1 : 200)));
    for (;;) await say(bytes);
  },
  'floods a stream': async () => {
    await hello();
    await once(process.stdin, 'data');
    process.stdin.resume();
    await tell({ type: 'opened', stream: 1 });
    const bytes = many(JSON.parse(detail), 100);
    for (;;) await say(bytes);
  },
  'answers with a million lists': async () => {
    await hello();
    await tell({ type: 'answer', id: 1, value: Array(600_000).fill([]) });
    process.stdin.resume();
  },
  'calls lab, answered or not': async () => {
    await hello();
    process.stdin.resume();
    for (let call = 1; ; call++) {
      await tell({ type: 'lab', call, argv: ['status'], size: null });
      for (let rows = 1; rows < 100; rows++) await tell({ type: 'resize', call, cols: 80, rows });
      await tell({ type: 'lab-gone', call });
    }
  },
  'calls lab without end': async () => {
    await hello();
    for (let call = 1; ; call++) await tell({ type: 'lab', call, argv: ['status'], size: null });
  },
};

await MODES[mode]?.();
