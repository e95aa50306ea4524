import { join } from 'node:path';
import { pinnedNode, repositoryRoot } from '../repository.ts';
import { runTool } from './run-tool.ts';
import type { Stage } from './stage.ts';
import { countAsOne } from './tally.ts';

/** Measures two replicas. Passes whatever the times are, as long as nothing is lost and nothing is there twice. */
export const measure: Stage = (context) =>
  context.backplanes.map((backplane) => ({
    name: backplane,
    run: async () => {
      const args = [join('measure', 'measure.ts'), '--backplane', backplane];
      const cwd = join(repositoryRoot, 'e2e');
      return countAsOne(await runTool(context, { name: 'measure', command: pinnedNode(), args, cwd }));
    },
  }));
