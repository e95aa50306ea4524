import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { Replica } from './replica';
import { Replicas } from './replicas';

const own = location.origin;
const replica = (name: string, url: string): Replica => ({ name, url, connections: 0, startedAt: '', version: '1' });

describe('Replicas', () => {
  const make = () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    return TestBed.inject(Replicas);
  };
  const refresh = async (replicas: Replicas, list: unknown) => {
    const done = replicas.refresh();
    TestBed.inject(HttpTestingController)
      .expectOne('/api/replicas')
      .flush(list as Replica[]);
    await done;
  };

  it('starts with the origin of the page', () => {
    expect(make().current().url).toBe(own);
  });

  it('remembers the list for the next visit, when the page may be all that is left of its replica', async () => {
    await refresh(make(), [replica('replica-5001', 'http://h:5001/'), replica('replica-5002', 'http://h:5002')]);
    TestBed.resetTestingModule();
    expect(
      make()
        .known()
        .map(({ name, url }) => [name, url]),
    ).toEqual([
      ['replica-5001', 'http://h:5001'],
      ['replica-5002', 'http://h:5002'],
    ]);
  });

  it.each(['nonsense', '{}', '[null, 1, {"name": "x"}, {"name": "y", "url": "javascript:alert(1)"}]'])(
    'is not confused by what was stored: %s',
    (stored) => {
      localStorage.setItem('hubbub.replicas', stored);
      expect(make().known()).toEqual([]);
    },
  );

  it('keeps the last list when nobody answers', async () => {
    const replicas = make();
    await refresh(replicas, [replica('replica-5001', 'http://h:5001')]);
    const done = replicas.refresh();
    TestBed.inject(HttpTestingController).expectOne('/api/replicas').error(new ProgressEvent('error'));
    await done;
    expect(replicas.known()).toHaveLength(1);
  });

  it('goes to the preferred replica on the next visit', async () => {
    const replicas = make();
    await refresh(replicas, [replica('replica-5001', 'http://h:5001'), replica('replica-5002', 'http://h:5002')]);
    replicas.prefer('replica-5002');
    TestBed.resetTestingModule();
    expect(make().current()).toEqual({ url: 'http://h:5002', name: 'replica-5002' });
  });

  it('tries a replica that failed after all others, for a while', async () => {
    const replicas = make();
    await refresh(replicas, [replica('replica-5001', own), replica('replica-5002', 'http://h:5002')]);
    replicas.suspect(own);
    expect(replicas.candidates()).toEqual(['http://h:5002', own]);
    replicas.heardFrom(own, 'replica-5001');
    expect(replicas.candidates()).toEqual([own, 'http://h:5002']);
  });

  it('does not give up a replica because one list left it out', async () => {
    const replicas = make();
    await refresh(replicas, [replica('replica-5001', own), replica('replica-5002', 'http://h:5002')]);
    await refresh(replicas, [replica('replica-5001', own)]);
    expect(replicas.known()).toHaveLength(1);
    expect(replicas.candidates()).toEqual([own, 'http://h:5002']);
    TestBed.resetTestingModule();
    const next = make();
    expect(next.candidates()).toContain('http://h:5002');
    expect(next.endpoint('http://h:5002').name).toBe('replica-5002');
  });

  it('forgets a replica that has not been alive for a day', async () => {
    vi.useFakeTimers();
    const replicas = make();
    await refresh(replicas, [replica('replica-5001', own), replica('replica-5002', 'http://h:5002')]);
    vi.setSystemTime(Date.now() + 25 * 3_600_000);
    await refresh(replicas, [replica('replica-5001', own)]);
    expect(replicas.candidates()).toEqual([own]);
    vi.useRealTimers();
  });

  it('learns the name of an origin that is in no list', () => {
    const replicas = make();
    replicas.heardFrom(own, 'replica-5009');
    expect(replicas.current().name).toBe('replica-5009');
  });

  it('takes an unwell replica for alive and a silent one for dead', async () => {
    const replicas = make();
    const http = TestBed.inject(HttpTestingController);
    const unwell = replicas.answers('http://h:5002');
    http.expectOne('http://h:5002/api/replicas').flush(null, { status: 503, statusText: 'Service Unavailable' });
    expect(await unwell).toBe(true);
    const gone = replicas.answers('http://h:5002');
    http.expectOne('http://h:5002/api/replicas').error(new ProgressEvent('error'));
    expect(await gone).toBe(false);
  });
});
