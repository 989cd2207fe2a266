import { freePort } from '../test/support/free-port.js';
import type { CompiledServer, ServerProcess } from '../test/support/process.js';

export interface Tokens {
  readonly agent: string;
  readonly approver: string;
  readonly admin: string;
}

/** How a server says that its failpoint is struck. */
const STRUCK = 'the failpoint is struck';
/** How long a server may take to stop: more than it gives itself, in milliseconds. */
const STOPPING_MS = 20_000;

/** One server process, at the same address each time it is started. */
export class Instance {
  private process: ServerProcess | undefined;
  private ending = false;

  private readonly compiled: CompiledServer;
  private readonly port: number;
  private readonly settings: Readonly<Record<string, string>>;

  // Node runs these files as they are, and knows no fields declared in parameters.
  private constructor(compiled: CompiledServer, port: number, settings: Readonly<Record<string, string>>) {
    this.compiled = compiled;
    this.port = port;
    this.settings = settings;
  }

  static async create(compiled: CompiledServer, settings: Readonly<Record<string, string>>): Promise<Instance> {
    return new Instance(compiled, await freePort(), settings);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get isUp(): boolean {
    return this.process?.child.exitCode === null && this.process.child.signalCode === null;
  }

  /** Starts it until it stays up: at a restart of the database the first attempts may fail. */
  async start(): Promise<Tokens> {
    for (;;) {
      const started = this.compiled.start({ ...this.settings, PORT: String(this.port) });
      this.process = started;
      try {
        await started.ready;
        const [agent, approver, admin] = await Promise.all([
          started.token('agent'),
          started.token('approver'),
          started.token('admin'),
        ]);
        return { agent, approver, admin };
      } catch (error) {
        if (this.ending) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  /**
   * Starts it with a failpoint and waits until that is struck; a server may die there before it has said a word.
   *
   * @param patience aborted when it is no longer waited for
   * @returns whether it was struck in time
   */
  async startFor(failpoint: string, patience: AbortSignal): Promise<boolean> {
    const settings = { ...this.settings, PORT: String(this.port), COUNTERSIGN_FAILPOINT: failpoint };
    const started = this.compiled.start(settings);
    this.process = started;
    let isOver = false;
    void started.ended.then(() => {
      isOver = true;
    });
    await Promise.race([started.ready.catch(() => {}), started.ended]);
    while (!isOver && !patience.aborted && !started.printed().includes(STRUCK)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return started.printed().includes(STRUCK);
  }

  /** Tells it to stop, and gives the code it ends with; null: it did not end by itself. */
  async stop(): Promise<number | null> {
    const told = this.process;
    if (!told) return null;
    told.child.kill('SIGTERM');
    const late = setTimeout(() => told.child.kill('SIGKILL'), STOPPING_MS);
    const { code } = await told.ended;
    clearTimeout(late);
    return code;
  }

  /** As by a power cut. */
  async kill(): Promise<void> {
    await this.process?.kill();
  }

  /** Freezes it, as a machine that is moved or swaps. */
  freeze(): void {
    this.process?.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.child.kill('SIGCONT');
  }

  async end(): Promise<void> {
    this.ending = true;
    this.thaw();
    await this.kill();
  }
}
