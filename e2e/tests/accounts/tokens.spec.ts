import { Buffer } from 'node:buffer';
import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from '../../fixtures/index.ts';
import { HubClient } from '../../fixtures/hub-client.ts';
import type { ReplicaInfo, Session } from '../../fixtures/wire.ts';
import { signingKey } from '../../setup/cluster-options.ts';

type Claims = Record<string, unknown>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): Claims => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;

/** The same token with other claims, signed with a key. */
function signed(token: string, claims: Claims, key: Buffer): string {
  const [header, payload] = token.split('.') as [string, string];
  const body = `${header}.${encode({ ...decode(payload), ...claims })}`;
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

const clusterKey = (): Buffer => Buffer.from(signingKey(), 'base64');
const inSeconds = (s: number): number => Math.floor(Date.now() / 1000) + s;

const bad: readonly { what: string; make: (token: string, otherId: string) => string }[] = [
  { what: 'nothing like a token', make: () => 'abc' },
  { what: 'the claims of another person', make: (token, sub) => token.replace(/\.[^.]+\./, `.${encode({ sub })}.`) },
  { what: 'a signature by another key', make: (token) => signed(token, {}, randomBytes(32)) },
  {
    what: 'no signature',
    make: (token) => `${encode({ alg: 'none', typ: 'JWT' })}.${token.split('.')[1]}.`,
  },
  {
    what: 'a time that is over',
    make: (token) =>
      signed(token, { nbf: inSeconds(-7200), iat: inSeconds(-7200), exp: inSeconds(-3600) }, clusterKey()),
  },
];

for (const { what, make } of bad) {
  test(`a token with ${what} is refused by the API and the hub of every replica`, async ({ account, replicas }) => {
    const [ada, bo] = [await account('ada'), await account('bo')];
    const token = make(ada.accessToken, bo.user.id);
    for (const { url } of replicas) {
      const answer = await fetch(`${url}/api/accounts/me`, { headers: { Authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(401);
      await expect(HubClient.connect(url, () => token)).rejects.toThrow(/401/);
    }
  });
}

test('a token that is made the same way but is not over is taken, so the others are refused for their fault', async ({
  account,
}) => {
  const ada = await account('ada');
  const token = signed(ada.accessToken, { exp: inSeconds(60) }, clusterKey());
  const answer = await fetch(`${ada.replica.url}/api/accounts/me`, { headers: { Authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
});

test('a session is valid on the other replica: its token, its cookie, and its end', async ({
  account,
  context,
  replicas,
}) => {
  const [first, second] = [replicas[0]!, replicas[1]!];
  const ada = await account('ada', first);
  const me = await ada.request('GET', '/api/accounts/me', undefined, second);
  expect(await me.json()).toEqual(ada.user);
  expect(me.headers.get('X-Replica')).toBe(second.name);

  const data = { userName: ada.userName, password: ada.password };
  expect((await context.request.post(`${first.url}/api/accounts/login`, { data })).status()).toBe(200);
  const refreshed = await context.request.post(`${second.url}/api/accounts/refresh`);
  expect(refreshed.status()).toBe(200);
  expect(((await refreshed.json()) as Session).user).toEqual(ada.user);
  expect((await context.request.post(`${first.url}/api/accounts/logout`)).status()).toBe(204);
  expect((await context.request.post(`${second.url}/api/accounts/refresh`)).status()).toBe(401);
});

test('whoever asks can see the replicas that live', async ({ replicas }) => {
  for (const { url } of replicas) {
    const answer = await fetch(`${url}/api/replicas`);
    const list = (await answer.json()) as ReplicaInfo[];
    expect(list.map((replica) => [replica.name, replica.url])).toEqual(
      replicas.map((replica) => [replica.name, replica.url]).sort(),
    );
  }
});
