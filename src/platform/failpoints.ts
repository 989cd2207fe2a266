import { type FailpointPlan, onFailpoint } from '../kernel/failpoints.js';

/** The step failed because a failpoint said so. */
export class FailpointFailure extends Error {
  override readonly name = 'FailpointFailure';
}

/**
 * Sets one failpoint in this process.
 *
 * @param onStruck told, just before it happens, that the passage has come
 * @returns how to take it away
 */
export function setFailpoint({ name, action, passage }: FailpointPlan, onStruck: () => void = () => {}): () => void {
  let passages = 0;
  return onFailpoint((passed) => {
    if (passed !== name) return undefined;
    passages += 1;
    if (passages !== passage) return undefined;
    onStruck();
    switch (action) {
      case 'kill':
        // Not `exit`: nothing may be flushed, closed or said goodbye to. The signal arrives a moment later.
        process.kill(process.pid, 'SIGKILL');
        return new Promise(() => {});
      case 'hang':
        return new Promise(() => {});
      case 'throw':
        return Promise.reject(new FailpointFailure(`the failpoint ${name} is set`));
      default:
        return action satisfies never;
    }
  });
}
