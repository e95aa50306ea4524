/**
 * When an access token ends by this device's clock, in milliseconds since 1970. The token says when it was made and when it ends by the
 * server's clock; their difference holds on a device whose clock is wrong, the end itself does not.
 */
export function endOfToken(accessToken: string, expiresAt: string, receivedAt: number): number {
  const claims = readClaims(accessToken);
  const madeAt = claims?.iat ?? claims?.nbf;
  if (claims?.exp !== undefined && madeAt !== undefined && claims.exp > madeAt) {
    return receivedAt + (claims.exp - madeAt) * 1000;
  }
  const end = Date.parse(expiresAt);
  return Number.isNaN(end) ? receivedAt : end;
}

function readClaims(token: string): { iat?: number; nbf?: number; exp?: number } | null {
  try {
    const body = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const claims = JSON.parse(atob(body)) as Record<string, unknown>;
    const seconds = (value: unknown) => (typeof value === 'number' ? value : undefined);
    return { iat: seconds(claims['iat']), nbf: seconds(claims['nbf']), exp: seconds(claims['exp']) };
  } catch {
    return null;
  }
}
