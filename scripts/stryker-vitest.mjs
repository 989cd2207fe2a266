// Stryker's own runner for Vitest, made to fit Vitest 5 in two ways.
//
// It picks a mutant's tests by a pattern of their names, whose parts it joins by spaces. Vitest 5 joins them by " > ",
// so that the pattern meets no test and every mutant seems to survive. Here whole files are picked: an empty name
// meets every test of its file.
//
// A test file that cannot even be loaded under a mutant has no tests that could fail. Here that counts as noticed.
import { strykerPlugins as official } from '@stryker-mutator/vitest-runner';

const [{ factory: makeOfficial }] = official;

function makeRunner(injector) {
  const runner = makeOfficial(injector);
  const dryRun = runner.dryRun.bind(runner);
  const mutantRun = runner.mutantRun.bind(runner);
  const brokenFile = () => {
    const file = runner.ctx.state.getFiles().find(({ result }) => result?.state === 'fail');
    return file && `${file.name}: ${file.result.errors?.[0]?.message ?? 'a test failed'}`;
  };
  runner.dryRun = async (options) => {
    const result = await dryRun(options);
    const errorMessage = brokenFile();
    return result.status === 'complete' && errorMessage ? { status: 'error', errorMessage } : result;
  };
  runner.mutantRun = async (options) => {
    const result = await mutantRun({ ...options, testFilter: options.testFilter && filesOf(options.testFilter) });
    const failureMessage = result.status === 'survived' ? brokenFile() : undefined;
    return failureMessage ? { status: 'killed', killedBy: [], failureMessage, nrOfTests: result.nrOfTests } : result;
  };
  return runner;
}
makeRunner.inject = makeOfficial.inject;

/** @param {readonly string[]} tests each `file#name` */
const filesOf = (tests) => [...new Set(tests.map((test) => test.slice(0, test.indexOf('#') + 1)))];

/** The end of a switch that knows every case: the compiler proves that nothing gets there. */
const neverReached = {
  shouldIgnore({ node }) {
    if (node.type !== 'SwitchCase' || node.test) return undefined;
    const [first] = node.consequent;
    const isNever =
      first?.type === 'ReturnStatement' &&
      first.argument?.type === 'TSSatisfiesExpression' &&
      first.argument.typeAnnotation.type === 'TSNeverKeyword';
    return isNever ? 'never reached' : undefined;
  },
};

export const strykerPlugins = [
  { kind: 'TestRunner', name: 'vitest-by-file', factory: makeRunner },
  { kind: 'Ignore', name: 'never-reached', value: neverReached },
];
