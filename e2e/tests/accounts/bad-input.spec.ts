import { expect, test } from '../../fixtures/index.ts';
import type { Problem } from '../../fixtures/wire.ts';

const json = { 'Content-Type': 'application/json' };
const long = 'x'.repeat(200_000);

const refused: readonly {
  what: string;
  body: string;
  status: readonly number[];
  field?: string;
  headers?: HeadersInit;
}[] = [
  { what: 'text that is not JSON', body: '{"userName":', status: [400] },
  { what: 'JSON of another shape', body: '["ada"]', status: [400] },
  { what: 'a number for a name', body: '{"userName":17,"password":"long enough"}', status: [400] },
  { what: 'null', body: 'null', status: [400] },
  { what: 'nothing', body: '', status: [400] },
  { what: 'no password', body: '{"userName":"ada-lovelace"}', status: [400], field: 'password' },
  {
    what: 'a name with odd characters',
    body: '{"userName":"a\\u0000d\\u202ea","password":"long enough"}',
    status: [400],
    field: 'userName',
  },
  {
    what: 'a name with a slash',
    body: '{"userName":"../../etc","password":"long enough"}',
    status: [400],
    field: 'userName',
  },
  { what: 'half a surrogate pair', body: '{"userName":"ada\\ud800","password":"long enough"}', status: [400] },
  { what: 'another type of content', body: 'userName=ada', status: [415], headers: { 'Content-Type': 'text/plain' } },
  { what: 'a body over the limit', body: JSON.stringify({ userName: 'ada', password: long }), status: [400, 413] },
];

for (const { what, body, status, field, headers = json } of refused) {
  test(`registering with ${what} gets problem details that name what is wrong`, async ({ replicas }) => {
    const answer = await fetch(`${replicas[0]!.url}/api/accounts/register`, { method: 'POST', headers, body });
    expect(status).toContain(answer.status);
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    const problem = (await answer.json()) as Problem;
    expect(problem.status).toBe(answer.status);
    expect(problem.title).not.toBe('');
    expect(Object.keys(problem.errors ?? {})).toEqual(field ? [field] : Object.keys(problem.errors ?? {}));
  });
}

test('after all that the same replica goes on registering people', async ({ account, replicas }) => {
  const answer = await fetch(`${replicas[0]!.url}/api/accounts/register`, { method: 'POST', headers: json, body: '{' });
  expect(answer.status).toBe(400);
  const ada = await account('ada', replicas[0]);
  expect((await ada.request('GET', '/api/accounts/me')).status).toBe(200);
});

test('an unknown path below /api is a problem, not the app', async ({ replicas }) => {
  const answer = await fetch(`${replicas[0]!.url}/api/nothing/here`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
});

test('a page that does not exist says so and leads back', async ({ person }) => {
  const ada = await person('ada');
  await ada.page.goto('/no/such/page');
  await expect(ada.page.getByRole('heading', { name: 'It is quiet here' })).toBeVisible();
  await ada.page.getByRole('link', { name: 'Go to Hubbub' }).click();
  await expect(ada.chat.row({ name: 'lobby' })).toBeVisible();
});
