// Runs in the extension host of a real VS Code; `run` is what it looks for.
import { beginning, living, quiet, trouble } from './living';
import { reading } from './reading';
import { writing } from './writing';

export async function run(): Promise<void> {
  await beginning();
  await reading();
  await writing();
  await living();
  await trouble();
  await quiet();
}
