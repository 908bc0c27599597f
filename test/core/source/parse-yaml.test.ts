import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { z } from 'zod';
import { DrydockError } from '#contract';
import { parseYaml } from '../../../runner/core/source/parse-yaml.ts';
import { marked, refusedPlaces } from '../support/places.ts';
import { processorTime } from '../support/processor-time.ts';

const parse = (text: string) => parseYaml(text, 'a.yaml', z.unknown()).value;

/** What is wrong → a text with § where it is. */
const WRONG: readonly (readonly [name: string, text: string, says: RegExp])[] = [
  ['a key twice', 'a: 1\nb: 2\n§a: 3\n', /a: this key is here twice/],
  ['a key twice, quoted once', 'a: 1\n§"a": 3\n', /here twice/],
  ['a key twice, deep inside', 'a:\n  - b: { c: 1, §c: 2 }\n', /here twice/],
  ['an alias', 'a: &x 1\nb: §*x\n', /"\*x": aliases are not allowed/],
  ['an alias of something empty', 'a: &x {}\nb: §*x\n', /aliases are not allowed/],
  ['an alias as a key', 'a: &x k\n? §*x\n: 1\n', /plain word|aliases/],
  ['an alias of nothing', 'b: §*x\n', /x/],
  ['a merge', 'a: &x { b: 1 }\nc:\n  <<: §*x\n', /aliases are not allowed/],
  ['a map as a key', '§{ a: 1 }: 2\n', /plain word/],
  ['a second document', 'a: 1\n§---\nb: 2\n', /multiple documents/],
  ['a tab in front', 'a:\n§\t- b\n', /[Tt]abs/],
  ['a tag', 'a: §!!js/function "x"\n', /tag/],
  ['an open bracket', 'a: [1, 2\n§', /\]/],
  ['an open quote', 'a: "x\n§', /quote/],
  ['two anchors at one value', 'a: &x §&y 1\n', /anchor/],
  ['too much', `§${'a'.repeat(70_000)}`, /longer than/],
];

for (const [name, text, says] of WRONG) {
  test(`S8 ${name} is refused, naming file, line and column`, () => {
    const { text: yaml, line, column } = marked(text);
    const places = refusedPlaces(() => parse(yaml));
    const there = places.filter((place) => place.line === line && place.column === column && says.test(place.message));
    assert.ok(there.length > 0, `expected ${line}:${column} ${says}, got ${JSON.stringify(places)}`);
    assert.ok(places.every(({ file }) => file === 'a.yaml'));
  });
}

test('S8 a schema’s refusals are placed at the key, in maps and in lists', () => {
  const schema = z.strictObject({ list: z.array(z.strictObject({ n: z.int() })) });
  const { text, line, column } = marked('list:\n  - n: 1\n  - §n: many\n');
  const [place] = refusedPlaces(() => parseYaml(text, 'a.yaml', schema));
  assert.deepEqual([place?.line, place?.column], [line, column]);
  assert.match(place?.message ?? '', /^list\.1\.n: /);
});

test('S8 a file cannot ask for the rules of an older YAML', () => {
  assert.deepEqual(parse('%YAML 1.1\n---\na: yes\nb: 010\n'), { a: 'yes', b: 10 });
  assert.deepEqual(parse('%YAML 1.1\n---\n<<: { b: 1 }\n'), { '<<': { b: 1 } });
});

test('S8 a key of the name __proto__ changes no object', () => {
  const value = parse('__proto__: { polluted: true }\n') as object;
  assert.equal(Reflect.get(value, 'polluted'), undefined);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});

const KIB = 1024;
/** Texts that make a careless parser work for minutes or run out of stack or memory, each of the largest size allowed. */
const BOMBS: Readonly<Record<string, string>> = {
  'a billion laughs': `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`)}]\n`).join('')}`,
  'deep lists': `${'['.repeat(32 * KIB)}${']'.repeat(32 * KIB)}`,
  'deep lists, never closed': '['.repeat(64 * KIB),
  'deep dashes': '- '.repeat(32 * KIB),
  'deep keys of keys': '? '.repeat(32 * KIB),
  'keys of keys the parser still reads': '? '.repeat(600),
  'many keys': Array.from({ length: 8 * KIB }, (_, index) => `k${index}:`).join('\n'),
  'many braces': '}'.repeat(64 * KIB),
  'many tabs': '\t- b\n'.repeat(12 * KIB),
  'many aliases': `[&a 1,${'*a ,'.repeat(16 * KIB - 4)}]`,
  'many anchors': `[${'&a '.repeat(20 * KIB)}]`,
  'many tags': `[${'!!x a,'.repeat(10 * KIB)}]`,
};

for (const [name, text] of Object.entries(BOMBS)) {
  test(`S8 ${name}: an answer in a moment`, () => {
    const took = processorTime(() => {
      if (name === 'many keys') parse(text);
      else assert.ok(refusedPlaces(() => parse(text)).length <= 20);
    });
    assert.ok(took < 3000, `${Math.round(took)} ms`);
  });
}

test('any nesting is read or refused', () => {
  for (let depth = 100; depth <= 3000; depth += 100) {
    for (const text of [`${'['.repeat(depth)}${']'.repeat(depth)}`, '- '.repeat(depth), '? '.repeat(depth)]) {
      try {
        parse(text);
      } catch (error) {
        assert.ok(error instanceof DrydockError, `depth ${depth}: ${error}`);
      }
    }
  }
});

test('control: what YAML can say without any of these is read as it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      assert.deepEqual(parse(stringify(plain, { aliasDuplicateObjects: false })), plain);
    }),
  );
  assert.throws(() => refusedPlaces(() => parse('a: 1')), /it was accepted/);
});
