// Started beside every launcher: waits for the end of its standard input, which is the end of the launcher, and ends what that has left.
// Arguments: run file, process number of the launcher, and the folder to delete afterwards, if it was a throwaway one.
import { endProcesses } from './data/end-processes.ts';
import { removeDirectory } from './data/remove-data.ts';
import { readRunFile } from './data/run-file.ts';

const [runFile, launcher, throwaway] = process.argv.slice(2);

process.stdin.resume();
process.stdin.on('close', () => void cleanUp());

async function cleanUp(): Promise<void> {
  const state = readRunFile(runFile!);
  // A launcher that ended in good order has removed its run file; by now the folder may be another one's.
  if (state?.launcher.pid === Number(launcher)) {
    await endProcesses(state.processes);
    // The file stays in a folder that is kept: removing it here could hit the one of a start that has just taken over.
    if (throwaway) removeDirectory(throwaway);
  }
}
