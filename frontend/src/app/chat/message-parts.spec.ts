import { isEmojiOnly, messageParts } from './message-parts';

const links = (text: string) => messageParts(text).flatMap((part) => (part.kind === 'link' ? [part.text] : []));

describe('messageParts', () => {
  it.each([
    ['see https://example.org.', ['https://example.org']],
    ['(https://example.org/a)', ['https://example.org/a']],
    ['https://en.example.org/wiki/Bee_(insect)', ['https://en.example.org/wiki/Bee_(insect)']],
    ['a https://a.example, b http://b.example!', ['https://a.example', 'http://b.example']],
    ['https://example.org/?q=a&b=c#d', ['https://example.org/?q=a&b=c#d']],
    ['“https://example.org/x”', ['https://example.org/x']],
    ['HTTPS://EXAMPLE.ORG', ['HTTPS://EXAMPLE.ORG']],
    ['https://пример.рф/путь', ['https://пример.рф/путь']],
  ])('finds the addresses in %s', (text, expected) => {
    expect(links(text)).toEqual(expected);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://x.example', 'https://', 'www.example.org', 'xhttps://a'])(
    'makes no link of %s',
    (text) => {
      expect(links(text)).toEqual([]);
    },
  );

  it('loses and adds nothing', () => {
    for (const text of ['', 'plain', 'a\nhttps://x.example/ b https://y.example.', '<b>https://z.example</b>', '  ']) {
      expect(
        messageParts(text)
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
    }
  });

  it('leaves markup as text', () => {
    expect(messageParts('<img src=x onerror=alert(1)>')).toEqual([
      { kind: 'text', text: '<img src=x onerror=alert(1)>' },
    ]);
  });

  it('is quick with a long text made to be slow', () => {
    const start = performance.now();
    messageParts('https://a' + ')'.repeat(3_900));
    messageParts('http://'.repeat(500));
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('isEmojiOnly', () => {
  it.each(['🎉', '👏👏', '👩‍💻', '👍🏽 ❤️', '🇺🇦', '1️⃣', '🏳️‍🌈'])('knows %s', (text) => {
    expect(isEmojiOnly(text)).toBe(true);
  });

  it.each(['', ' ', 'a', '🎉!', '42', '#', '©opy', '🎉🎉🎉🎉🎉🎉🎉'])('lets %s be', (text) => {
    expect(isEmojiOnly(text)).toBe(false);
  });
});
