import { randomBytes } from 'node:crypto';
import { parseBackplane, type Backplane, type ClusterOptions } from '@hubbub/cluster';

/** The backplane to test, from BACKPLANE; PostgreSQL unless told. */
export function backplaneUnderTest(): Backplane {
  return parseBackplane(process.env['BACKPLANE'] ?? 'postgres');
}

/** A cluster for tests: two replicas on free ports with data of their own. */
export function clusterOptions(): ClusterOptions {
  return {
    replicas: 2,
    backplane: backplaneUnderTest(),
    ports: 'free',
    env: {
      Accounts__SigningKey: signingKey(),
      Accounts__AdminPassword: adminPassword(),
      // Tests register many people at once, all from one address. What the limits do is tested in the backend.
      Accounts__RateLimits__Login__PerAddress: '100000',
      Accounts__RateLimits__Login__PerAccount: '100000',
      Accounts__RateLimits__Register__PerAddress: '100000',
      Accounts__RateLimits__Register__PerAccount: '100000',
      Quiz__AnswersPerUser__Burst: '100000',
    },
  };
}

/** What access tokens are signed with, in base64, so that a test can make one that is past its end. Workers inherit it from the runner. */
export function signingKey(): string {
  return (process.env['HUBBUB_E2E_SIGNING_KEY'] ??= randomBytes(32).toString('base64'));
}

/** What the administrator signs in with. */
export function adminPassword(): string {
  return (process.env['HUBBUB_E2E_ADMIN_PASSWORD'] ??= randomBytes(18).toString('base64url'));
}
