import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originPolicy } from '../../../runner/server/origin/origin-policy.ts';

test('the first origin is the one to print', () => {
  assert.equal(originPolicy({ port: 4700 }).origins[0], 'http://127.0.0.1:4700');
  assert.equal(originPolicy({ port: 4700, publicUrl: 'https://d.example.org' }).origins[0], 'https://d.example.org');
});

test('on port 80 browsers leave the port away, and so do we', () => {
  const policy = originPolicy({ port: 80 });
  assert.equal(policy.allowsHost('localhost'), true);
  assert.equal(policy.allowsOrigin('http://localhost'), true);
  assert.equal(policy.allowsHost('localhost:8080'), false);
});

test('a public address without TLS, with a path, or not an address at all is refused', () => {
  for (const publicUrl of [
    'http://d.example.org',
    'https://d.example.org/labs',
    'd.example.org',
    'https://u@d.example.org',
    '',
  ]) {
    assert.throws(() => originPolicy({ port: 4700, publicUrl }), { name: 'usage' }, publicUrl);
  }
});
