import { endOfToken } from './token-time';

const token = (claims: object) =>
  `x.${btoa(JSON.stringify(claims)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')}.x`;

describe('endOfToken', () => {
  const received = Date.parse('2030-01-01T00:00:00Z');

  it('counts the life of the token from when it came, whatever the device thinks the time is', () => {
    expect(endOfToken(token({ iat: 1_000, exp: 1_900 }), '1970-01-01T00:31:40Z', received)).toBe(received + 900_000);
  });

  it('makes do with when the token begins to be valid', () => {
    expect(endOfToken(token({ nbf: 1_000, exp: 1_060 }), '', received)).toBe(received + 60_000);
  });

  it.each(['opaque', 'a.b.c', token({ exp: 5 }), token({ iat: 9, exp: 5 })])(
    'believes the answer for a token like %s',
    (text) => {
      expect(endOfToken(text, '2030-01-01T00:15:00Z', received)).toBe(received + 900_000);
    },
  );

  it('takes what cannot be read at all as ending now', () => {
    expect(endOfToken('opaque', 'soon', received)).toBe(received);
  });
});
