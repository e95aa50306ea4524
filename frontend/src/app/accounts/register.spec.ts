import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, TestRequest, provideHttpClientTesting } from '@angular/common/http/testing';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { provideRouter } from '@angular/router';

import { provideIcons } from '../shell/icons';
import { Register } from './register';

describe('Register', () => {
  let fixture: ComponentFixture<Register>;
  let http: HttpTestingController;

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([]), provideIcons()],
    });
    fixture = TestBed.createComponent(Register);
    http = TestBed.inject(HttpTestingController);
    await fixture.whenStable();
  });

  const field = (label: string) =>
    TestbedHarnessEnvironment.loader(fixture).getHarness(MatFormFieldHarness.with({ floatingLabelText: label }));
  const submit = async (userName: string, password: string): Promise<TestRequest[]> => {
    for (const [label, text] of [
      ['User name', userName],
      ['Password', password],
    ] as const) {
      await ((await (await field(label)).getControl(MatInputHarness)) as MatInputHarness).setValue(text);
    }
    (fixture.nativeElement as HTMLElement).querySelector<HTMLButtonElement>('button[type=submit]')!.click();
    return http.match('/api/accounts/register');
  };
  const errors = async (label: string) => (await field(label)).getTextErrors();

  it.each([
    ['ab', 'A user name has at least 3 characters.'],
    ['a b c', 'Only letters, digits, “.”, “_” and “-”.'],
    ['x'.repeat(33), 'A user name has at most 32 characters.'],
  ])('explains what is wrong with the name %s before asking the server', async (name, sentence) => {
    expect(await submit(name, 'long enough')).toEqual([]);
    await fixture.whenStable();
    expect(await errors('User name')).toContain(sentence);
  });

  it('explains a short password', async () => {
    expect(await submit('Ana', 'short')).toEqual([]);
    await fixture.whenStable();
    expect(await errors('Password')).toEqual(['A password has at least 8 characters.']);
  });

  it('puts what the server finds wrong at the fields', async () => {
    const [request] = await submit('Ana', 'password');
    request!.flush({ errors: { password: ['Everybody uses that one.'] } }, { status: 400, statusText: 'Bad Request' });
    await fixture.whenStable();
    expect(await errors('Password')).toEqual(['Everybody uses that one.']);
    expect(await errors('User name')).toEqual([]);
  });

  it('says at the name that it is taken, until it is changed', async () => {
    const [request] = await submit('Ana', 'long enough');
    request!.flush(null, { status: 409, statusText: 'Conflict' });
    await fixture.whenStable();
    expect(await errors('User name')).toEqual(['“Ana” is taken. Try another name.']);
    expect(await submit('Ana2', 'long enough')).toHaveLength(1);
  });
});
