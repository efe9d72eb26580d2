// Checks one after the other, each with its outcome in a file. Knows nothing of what is checked.
import * as fs from 'node:fs';
import { picture } from './screen';

const results = process.env.RESULTS ?? '/dev/null';
/** Only checks with these words in their names. */
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : /./;
const patience = Number(process.env.PATIENCE ?? 20_000);

export async function check(name: string, run: () => Promise<void>): Promise<void> {
  if (!only.test(name)) {
    return;
  }
  const begun = Date.now();
  const problem = await run().then(
    () => undefined,
    (problem: unknown) => (problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)),
  );
  if (problem && !process.env.PATIENCE) {
    await picture(name);
  }
  fs.appendFileSync(results, `${JSON.stringify({ name, problem, ms: Date.now() - begun })}\n`);
}

type Answer<T> = Exclude<T, false | 0 | '' | null | undefined>;

/** The first answer that is one; a refusal is none. */
export async function until<T>(what: string, ask: () => T | Promise<T>): Promise<Answer<T>> {
  const end = Date.now() + patience;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) {
        return answer as Answer<T>;
      }
      last = answer;
    } catch (problem) {
      last = problem;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain: ${what} (last: ${String(last)})`);
    }
    await new Promise((later) => setTimeout(later, 50));
  }
}

/** That something stays as it is while nothing is to happen: seen as often as `until` would look in half a second. */
export async function never(what: string, ask: () => unknown | Promise<unknown>): Promise<void> {
  for (let look = 0; look < 10; look++) {
    if (await ask()) {
      throw new Error(`happened all the same: ${what}`);
    }
    await new Promise((later) => setTimeout(later, 50));
  }
}
