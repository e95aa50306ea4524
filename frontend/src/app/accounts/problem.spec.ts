import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';

import { problemOf } from './problem';

const failed = (status: number, error: unknown, headers: Record<string, string> = {}) =>
  problemOf(new HttpErrorResponse({ status, error, headers: new HttpHeaders(headers) }));

describe('problemOf', () => {
  it('puts sentences at their fields, however the server writes the names', () => {
    const problem = failed(400, { title: 'Bad', errors: { UserName: ['Too short.', 'Odd.'], password: 'Weak.' } });
    expect(problem.fields).toEqual({ userName: ['Too short.', 'Odd.'], password: ['Weak.'] });
  });

  it('says what the server says', () => {
    expect(failed(409, { title: 'Conflict', detail: 'That name is taken.' }).sentence).toBe('That name is taken.');
    expect(failed(418, { title: 'A teapot' }).sentence).toBe('A teapot');
  });

  it.each([
    ['1', 'Try again in 1 second.'],
    ['42', 'Try again in 42 seconds.'],
    ['600', 'Try again in 10 minutes.'],
  ])('tells how long to wait: %s', (seconds, sentence) => {
    const problem = failed(429, { title: 'Too many requests' }, { 'Retry-After': seconds });
    expect(problem.sentence).toContain(sentence);
    expect(problem.retryAfter).toBe(Number(seconds));
  });

  it('asks for patience when the server does not say how much', () => {
    expect(failed(429, null).sentence).toContain('Wait a little');
  });

  it('is clear when there is no server', () => {
    const problem = failed(0, new ProgressEvent('error'));
    expect(problem.status).toBe(0);
    expect(problem.sentence).toContain('No server can be reached');
  });

  it('survives answers that are no problem details', () => {
    expect(failed(500, '<html>').sentence).toBe('Something went wrong. Try again.');
    expect(problemOf(new Error('bug')).sentence).toBe('Something went wrong. Try again.');
  });
});
