import { HttpClient, HttpContext, HttpErrorResponse, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { firstValueFrom } from 'rxjs';

import { Replicas } from './replicas';
import { REPEATABLE } from './request-context';
import { toReplica } from './to-replica';

const own = location.origin;
const other = 'http://h:5002';

describe('toReplica', () => {
  let http: HttpClient;
  let backend: HttpTestingController;
  let replicas: Replicas;

  beforeEach(() => {
    localStorage.setItem(
      'hubbub.replicas',
      JSON.stringify([
        { name: 'replica-5001', url: own },
        { name: 'replica-5002', url: other },
      ]),
    );
    TestBed.configureTestingModule({
      providers: [provideHttpClient(withInterceptors([toReplica])), provideHttpClientTesting()],
    });
    http = TestBed.inject(HttpClient);
    backend = TestBed.inject(HttpTestingController);
    replicas = TestBed.inject(Replicas);
  });
  afterEach(() => {
    backend.verify();
    vi.useRealTimers();
  });

  const noAnswer = (url: string) => backend.expectOne(url).error(new ProgressEvent('error'));

  it('leaves calls on the own origin relative', async () => {
    const answer = firstValueFrom(http.get('/api/rooms'));
    backend.expectOne('/api/rooms').flush(['here']);
    expect(await answer).toEqual(['here']);
  });

  it('calls another origin in full and with the refresh cookie', () => {
    replicas.settle(other);
    http.get('/api/rooms').subscribe();
    expect(backend.expectOne(`${other}/api/rooms`).request.withCredentials).toBe(true);
  });

  it('asks the next replica when a read gets no answer, and stays there', async () => {
    const answer = firstValueFrom(http.get('/api/rooms'));
    noAnswer('/api/rooms');
    backend.expectOne(`${other}/api/rooms`).flush(['there']);
    expect(await answer).toEqual(['there']);
    expect(replicas.current().url).toBe(other);
  });

  it('asks the next replica when one takes a read and is silent', async () => {
    vi.useFakeTimers();
    const answer = firstValueFrom(http.get('/api/rooms'));
    backend.expectOne('/api/rooms');
    await vi.advanceTimersByTimeAsync(6_500);
    backend.expectOne(`${other}/api/rooms`).flush(['there']);
    expect(await answer).toEqual(['there']);
  });

  it('gives up when it has asked everybody once', async () => {
    const answer = firstValueFrom(http.get('/api/rooms'));
    noAnswer('/api/rooms');
    noAnswer(`${other}/api/rooms`);
    await expect(answer).rejects.toMatchObject({ status: 0 });
  });

  it('does not repeat a write, but sends the next one elsewhere', async () => {
    const answer = firstValueFrom(http.post('/api/rooms', { name: 'x' }));
    noAnswer('/api/rooms');
    await expect(answer).rejects.toBeInstanceOf(HttpErrorResponse);
    http.post('/api/rooms', { name: 'x' }).subscribe();
    backend.expectOne(`${other}/api/rooms`);
  });

  it('repeats a write that says it may be', async () => {
    const context = new HttpContext().set(REPEATABLE, true);
    const answer = firstValueFrom(http.post('/api/accounts/refresh', null, { context }));
    noAnswer('/api/accounts/refresh');
    backend.expectOne(`${other}/api/accounts/refresh`).flush('ok');
    expect(await answer).toBe('ok');
  });

  it('takes a refusal for an answer', async () => {
    const answer = firstValueFrom(http.get('/api/rooms/x'));
    backend.expectOne('/api/rooms/x').flush(null, { status: 404, statusText: 'Not Found' });
    await expect(answer).rejects.toMatchObject({ status: 404 });
  });

  it('leaves everything else alone', () => {
    replicas.settle(other);
    http.get('/assets/x.json').subscribe();
    backend.expectOne('/assets/x.json');
  });
});
