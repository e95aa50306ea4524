import { chromium } from '@playwright/test';
import { Cluster } from '@hubbub/cluster';
import { chromiumLaunch } from './setup/chromium.ts';
import { clusterOptions } from './setup/cluster-options.ts';
import { Account } from './fixtures/account.ts';
import { signIn } from './fixtures/person.ts';

const browser = await chromium.launch(chromiumLaunch());
for (const backplane of ['none', 'microsoft'] as const) {
  await using cluster = await Cluster.start({ ...clusterOptions(), backplane, ports: 5301, build: false });
  const account = await Account.register('ada', cluster.replicas[0]!);
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [width, height] of [[320, 640], [375, 700], [412, 800], [1280, 800]] as const) {
      const context = await browser.newContext({ baseURL: cluster.replicas[0]!.url, colorScheme, viewport: { width, height }, reducedMotion: 'reduce' });
      await signIn(context, account, cluster.replicas[0]!);
      const page = await context.newPage();
      await page.goto('/');
      await page.locator('[data-testid=connection][data-state=connected]').waitFor();
      await page.waitForTimeout(500);
      await page.screenshot({ path: `/tmp/shots/${backplane}-${colorScheme}-${width}.png` });
      await page.getByTestId('connection').click();
      await page.getByTestId('backplane-warning').waitFor();
      await page.waitForTimeout(300);
      await page.screenshot({ path: `/tmp/shots/${backplane}-${colorScheme}-${width}-panel.png` });
      await context.close();
    }
}
await browser.close();
