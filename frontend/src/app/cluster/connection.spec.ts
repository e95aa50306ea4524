import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HttpResponse, provideHttpClient, withInterceptors } from '@angular/common/http';
import { Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatRadioButtonHarness } from '@angular/material/radio/testing';
import { MatSnackBarHarness } from '@angular/material/snack-bar/testing';
import { of } from 'rxjs';

import { FakeHub } from '../../testing/fake-hub';
import { until } from '../../testing/samples';
import { ChatHub } from '../realtime/chat-hub';
import { Replicas } from '../realtime/replicas';
import { provideIcons } from '../shell/icons';
import { ConnectionBanner } from './connection-banner';
import { ConnectionChip } from './connection-chip';
import { RecoveryNotice } from './recovery-notice';

const own = location.origin;
const replicas = [
  { name: 'replica-5001', url: own, connections: 3, startedAt: '', version: '1' },
  { name: 'replica-5002', url: 'http://h:5002', connections: 1, startedAt: '', version: '1' },
];

@Component({
  imports: [ConnectionBanner, ConnectionChip],
  providers: [RecoveryNotice],
  template: '<app-connection-chip /><app-connection-banner />',
})
class Page {
  readonly notice = inject(RecoveryNotice);
}

describe('the connection on the page', () => {
  const open = async () => {
    localStorage.setItem('hubbub.replicas', JSON.stringify(replicas));
    const hub = new FakeHub();
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([() => of(new HttpResponse({ status: 200, body: replicas }))])),
        provideIcons(),
        hub.provide(),
      ],
    });
    const fixture = TestBed.createComponent(Page);
    const link = TestBed.inject(ChatHub).link;
    const page = fixture.nativeElement as HTMLElement;
    const chip = () => page.querySelector<HTMLElement>('[data-testid=connection]')!;
    return { hub, link, fixture, page, chip, loader: TestbedHarnessEnvironment.documentRootLoader(fixture) };
  };
  const connected = async () => {
    const opened = await open();
    opened.link.start();
    await until('a connection', () => opened.link.connected());
    await opened.fixture.whenStable();
    return opened;
  };

  const warning = () => document.querySelector('[data-testid=backplane-warning]')?.textContent;

  it('is told in words, and in attributes for tests', async () => {
    const { chip } = await connected();
    expect(chip().textContent?.replace(/\s+/g, ' ').trim()).toBe('Connection: Connected to replica-5001 WebSockets');
    expect(chip().dataset).toMatchObject({ replica: 'replica-5001', state: 'connected', transport: 'WebSockets' });
    expect(chip().textContent).toContain('replica-5001');
  });

  it('follows a move to another replica, and a notice says so', async () => {
    const { hub, link, fixture, chip, loader } = await connected();
    hub.kill(own);
    await until('another connection', () => link.connections() === 2);
    await fixture.whenStable();
    expect(chip().dataset['replica']).toBe('replica-5002');
    link.caughtUp(2);
    await fixture.whenStable();
    const notice = await loader.getHarness(MatSnackBarHarness);
    expect(await notice.getMessage()).toBe(
      'replica-5001 went away. You are on replica-5002 now. 2 messages caught up.',
    );
  });

  it('says that there is no connection while there is none, and not for a moment only', async () => {
    const { hub, link, fixture, page, chip } = await connected();
    for (const { url } of replicas) hub.kill(url);
    await until('it tries', () => link.state().phase === 'reconnecting');
    await fixture.whenStable();
    expect(chip().textContent).toContain('Reconnecting');
    expect(page.querySelector('app-connection-banner p')).toBeNull();
    await until('the banner', () => {
      fixture.detectChanges();
      return page.querySelector('app-connection-banner p') !== null;
    });
    expect(page.querySelector('app-connection-banner')!.textContent).toContain('What you write is kept');
    hub.dead.clear();
    window.dispatchEvent(new Event('online'));
    await until('a connection', () => link.connected());
    await fixture.whenStable();
    expect(page.querySelector('app-connection-banner p')).toBeNull();
  });

  it('says that the servers are cut off from each other while the replica says so', async () => {
    const { hub, fixture, page } = await connected();
    const banner = () => {
      fixture.detectChanges();
      return page.querySelector('app-connection-banner p')?.textContent ?? '';
    };
    hub.push('Backplane', { isAway: true });
    await until('the banner', () => banner().includes('cannot exchange messages'));
    expect(banner()).toContain('What you write is kept');
    hub.push('Backplane', { isAway: false });
    await until('no banner', () => banner() === '');
  });

  it('says all the time that replicas which nothing connects are alone', async () => {
    const { hub, link, fixture, page, chip } = await connected();
    hub.resumption = { resumed: false, replayed: 0, reason: 'unsupported', backplane: 'none' };
    hub.drop();
    await until('another connection', () => link.connections() === 2);
    await fixture.whenStable();
    expect(page.querySelector('app-connection-banner')!.textContent).toContain('not connected to each other');
    chip().click();
    await fixture.whenStable();
    expect(warning()).toContain('The replicas are not connected');
  });

  it('says in the panel, and only there, that a backplane may lose messages', async () => {
    const { hub, link, fixture, page, chip } = await connected();
    chip().click();
    await fixture.whenStable();
    expect(warning()).toBeUndefined();
    hub.resumption = { resumed: false, replayed: 0, reason: 'unsupported', backplane: 'microsoft' };
    hub.drop();
    await until('another connection', () => link.connections() === 2);
    await fixture.whenStable();
    expect(warning()).toContain('may lose messages');
    expect(page.querySelector('app-connection-banner p')).toBeNull();
  });

  it('opens the panel, where a replica can be picked and is remembered', async () => {
    const { link, chip, loader, fixture } = await connected();
    chip().click();
    const radios = await loader.getAllHarnesses(MatRadioButtonHarness);
    const labels = await Promise.all(radios.map((radio) => radio.getLabelText()));
    expect(labels.map((label) => label.replace(/\s+/g, ' '))).toEqual([
      expect.stringContaining('Automatic'),
      expect.stringMatching(/replica-5001.*3 connections.*you are here/),
      expect.stringMatching(/replica-5002.*1 connection\b/),
    ]);
    expect(await radios[0]!.isChecked()).toBe(true);

    await radios[2]!.check();
    await until('the move', () => link.state().replica?.name === 'replica-5002' && link.connected());
    expect(TestBed.inject(Replicas).preferred()).toBe('replica-5002');
    expect(localStorage.getItem('hubbub.replica')).toBe('replica-5002');
    await fixture.whenStable();
    expect(document.querySelector('mat-dialog-container')!.textContent).toContain(
      'moved from replica-5001 to replica-5002',
    );

    await radios[0]!.check();
    expect(localStorage.getItem('hubbub.replica')).toBeNull();
  });
});
