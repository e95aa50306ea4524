import { safeReturnUrl } from './guards';

describe('safeReturnUrl', () => {
  it.each(['/chat/1', '/chat/1?a=b#c', '/'])('goes to %s', (url) => {
    expect(safeReturnUrl(url)).toBe(url);
  });

  it.each([null, '', 'chat', '//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in', '/register?x'])(
    'goes home instead of to %s',
    (url) => {
      expect(safeReturnUrl(url)).toBe('/');
    },
  );
});
