import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, TestRequest, provideHttpClientTesting } from '@angular/common/http/testing';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { Router, provideRouter } from '@angular/router';

import { provideIcons } from '../shell/icons';
import { SignIn } from './sign-in';

describe('SignIn', () => {
  let fixture: ComponentFixture<SignIn>;
  let http: HttpTestingController;

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([]), provideIcons()],
    });
    fixture = TestBed.createComponent(SignIn);
    fixture.componentRef.setInput('returnUrl', '/chat/r-1');
    http = TestBed.inject(HttpTestingController);
    await fixture.whenStable();
  });

  const loader = () => TestbedHarnessEnvironment.loader(fixture);
  const type = async (label: string, text: string) => {
    const field = await loader().getHarness(MatFormFieldHarness.with({ floatingLabelText: label }));
    await ((await field.getControl(MatInputHarness)) as MatInputHarness).setValue(text);
  };
  const press = async (text: string) => (await loader().getHarness(MatButtonHarness.with({ text }))).click();
  const submit = async (userName: string, password: string): Promise<TestRequest> => {
    await type('User name', userName);
    await type('Password', password);
    // The request stays open, so the harness must not wait for the page to settle.
    (fixture.nativeElement as HTMLElement).querySelector<HTMLButtonElement>('button[type=submit]')!.click();
    return http.expectOne('/api/accounts/login');
  };
  const alert = () => (fixture.nativeElement as HTMLElement).querySelector('[role=alert]')?.textContent?.trim();

  it('signs in and goes back to where the person wanted to go', async () => {
    const navigate = vi.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
    const request = await submit(' Ana ', 'correct horse');
    expect(request.request.body).toEqual({ userName: 'Ana', password: 'correct horse' });
    request.flush({ accessToken: 't', expiresAt: '2030-01-01', user: { id: '1', userName: 'Ana', roles: [] } });
    await fixture.whenStable();
    expect(navigate).toHaveBeenCalledWith('/chat/r-1');
  });

  it('says so when name and password do not match, and keeps what was typed', async () => {
    (await submit('Ana', 'wrong horse')).flush(null, { status: 401, statusText: 'Unauthorized' });
    await fixture.whenStable();
    expect(alert()).toBe('That user name and password do not match.');
    const field = await loader().getHarness(MatFormFieldHarness.with({ floatingLabelText: 'User name' }));
    expect(await ((await field.getControl(MatInputHarness)) as MatInputHarness).getValue()).toBe('Ana');
  });

  it('tells how long to wait after too many tries', async () => {
    (await submit('Ana', 'x')).flush(null, { status: 429, statusText: 'Too Many', headers: { 'Retry-After': '30' } });
    await fixture.whenStable();
    expect(alert()).toBe('Too many tries. Try again in 30 seconds.');
  });

  it('says when no server can be reached', async () => {
    (await submit('Ana', 'x')).error(new ProgressEvent('error'));
    await fixture.whenStable();
    expect(alert()).toContain('No server can be reached');
  });

  it('asks for what is missing at the field, without asking the server', async () => {
    await press('Sign in');
    http.expectNone('/api/accounts/login');
    const field = await loader().getHarness(MatFormFieldHarness.with({ floatingLabelText: 'Password' }));
    expect(await field.getTextErrors()).toEqual(['Type your password.']);
  });

  it('shows and hides the password', async () => {
    await type('Password', 'secret');
    const input = (fixture.nativeElement as HTMLElement).querySelectorAll('input')[1]!;
    const toggle = (fixture.nativeElement as HTMLElement).querySelector<HTMLButtonElement>(
      '[aria-label="Show password"]',
    )!;
    expect(input.type).toBe('password');
    toggle.click();
    await fixture.whenStable();
    expect(input.type).toBe('text');
    expect(input.value).toBe('secret');
    expect(toggle.getAttribute('aria-label')).toBe('Hide password');
  });
});
