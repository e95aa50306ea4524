import { join } from 'node:path';
import { pinnedNode, repositoryRoot } from '../repository.ts';
import { runTool } from './run-tool.ts';
import { backplanesFor, type Stage } from './stage.ts';
import { countAsOne } from './tally.ts';

/**
 * Breaks what can be broken under clients that talk; passes if nothing that was accepted is lost, doubled, reordered or made up. Microsoft's backplane
 * does lose: there the verdict is printed, and it passes if it ran.
 */
export const chaos: Stage = (context) =>
  backplanesFor('chaos', context, ['postgres', 'redis'], ['microsoft']).map((backplane) => ({
    name: backplane,
    run: async () => {
      const { minutes, seed } = context;
      const args = [join('chaos', 'chaos.ts'), '--backplane', backplane, '--minutes', String(minutes)];
      if (seed !== undefined) args.push('--seed', String(seed));
      const cwd = join(repositoryRoot, 'e2e');
      // It ends its own cluster.
      const tool = { name: 'chaos', command: pinnedNode(), args, cwd, graceMs: 30_000 };
      return countAsOne(await runTool(context, tool));
    },
  }));
