import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { bareCheckout, NPM } from './support/bare-checkout.ts';

test('an old Node is replaced by the pinned one, then the packages are installed under it', async () => {
  await using checkout = await bareCheckout('v18.20.4');
  const { code, stdout, stderr } = await checkout.drydock('labs', '--json');
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `pinned runs ${checkout.folder}/runner/cli/drydock.ts labs --json\n`);
  assert.deepEqual(await checkout.installs(), [`${checkout.folder}/runner/toolchain`, checkout.folder]);
  assert.equal(stderr, 'Installing Node 24 and npm …\nInstalling the packages …\n');
});

for (const version of ['v24.15.0', 'v24.21.3', 'v26.0.0']) {
  test(`Node ${version} on PATH is new enough: no other is fetched`, async () => {
    await using checkout = await bareCheckout(version);
    const { stdout } = await checkout.drydock('labs');
    assert.equal(stdout, `${version} runs ${checkout.folder}/runner/cli/drydock.ts labs\n`);
    assert.deepEqual(await checkout.installs(), [checkout.folder]);
  });
}

for (const version of ['v24.14.9', 'v23.99.0', 'v9.0.0', 'nonsense']) {
  test(`Node ${version} on PATH is too old`, async () => {
    await using checkout = await bareCheckout(version);
    const { stdout } = await checkout.drydock('labs');
    assert.match(stdout, /^pinned runs/);
  });
}

test('the second run installs nothing and says nothing', async () => {
  await using checkout = await bareCheckout('v18.20.4');
  await checkout.drydock('labs');
  const { code, stderr } = await checkout.drydock('labs');
  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.equal((await checkout.installs()).length, 2);
});

test('a changed lock file has its packages installed again, and only those', async () => {
  await using checkout = await bareCheckout('v18.20.4');
  await checkout.drydock('labs');
  await writeFile(join(checkout.folder, 'package-lock.json'), '{"root":2}');
  await checkout.drydock('labs');
  assert.deepEqual((await checkout.installs()).slice(2), [checkout.folder]);
});

test('packages without npm’s own list of them are installed again', async () => {
  await using checkout = await bareCheckout('v24.15.0');
  await checkout.drydock('labs');
  await rm(join(checkout.folder, 'node_modules/.package-lock.json'));
  await checkout.drydock('labs');
  assert.equal((await checkout.installs()).length, 2);
});

test('an install that is killed half-way does not pass for a whole one', async () => {
  await using checkout = await bareCheckout('v24.15.0');
  await checkout.program('npm', `${NPM}\nkill -KILL $PPID $$`);
  await checkout.drydock('labs');
  assert.ok(existsSync(join(checkout.folder, 'node_modules/.package-lock.json')), 'control: it had got that far');
  await checkout.program('npm', NPM);
  const { code } = await checkout.drydock('labs');
  assert.equal(code, 0);
  assert.equal((await checkout.installs()).length, 2);
});

test('a failing npm leaves nothing behind; its last lines and what to do are said, exit 3', async () => {
  await using checkout = await bareCheckout('v24.15.0');
  await checkout.program('npm', 'mkdir -p node_modules/half; echo "npm error ENOTFOUND registry"; exit 1');
  const { code, stderr } = await checkout.drydock('labs');
  assert.equal(code, 3);
  assert.equal(
    stderr,
    'Installing the packages …\nnpm error ENOTFOUND registry\nThis machine is not ready\n' +
      'npm could not install the packages; its last lines are above. Nothing was left behind.\n' +
      'Check that this machine reaches its npm registry (npm ping) and has free space, then run this again.\n',
  );
  assert.deepEqual((await readdir(checkout.folder)).sort(), ['drydock', 'package-lock.json', 'runner']);
});

test('no npm: one message, exit 3, nothing made', async () => {
  await using checkout = await bareCheckout('v18.20.4');
  await checkout.remove('npm');
  const { code, stderr } = await checkout.drydock('labs');
  assert.equal(code, 3);
  assert.match(
    stderr,
    /^This machine is not ready\nThere is no npm on this machine, and it takes one to install Node 24\.\nInstall Node and npm .*\n$/,
  );
  assert.ok(!existsSync(join(checkout.folder, 'runner/toolchain/node_modules')));
});

test('too little space: one message, exit 3, npm is not begun', async () => {
  await using checkout = await bareCheckout('v24.15.0');
  await checkout.remove('df');
  await checkout.program('df', 'echo Filesystem; echo "/dev/x 1 1 204800 99% /"');
  const { code, stderr } = await checkout.drydock('labs');
  assert.equal(code, 3);
  assert.match(
    stderr,
    /^This machine is not ready\nThere is too little space for the packages: 1200 MB are needed in .*, and 200 MB are free\.\nFree some space, then run this again\.\n$/,
  );
  assert.deepEqual(await checkout.installs(), []);
  assert.ok(!existsSync(join(checkout.folder, 'node_modules')));
});

test('two starts at once install once', async () => {
  await using checkout = await bareCheckout('v24.15.0');
  await checkout.program('npm', `sleep 0.3\n${NPM}`);
  const both = await Promise.all([checkout.drydock('labs'), checkout.drydock('labs')]);
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  );
  assert.equal((await checkout.installs()).length, 1);
});

test('"exec" runs a command under the same Node and passes its exit code on', async () => {
  await using checkout = await bareCheckout('v18.20.4');
  const { code, stdout } = await checkout.drydock('exec', 'sh', '-c', 'node --version; exit 7');
  assert.equal(code, 7);
  assert.equal(stdout, 'pinned\n');
});
