import { freePort } from '../test/support/free-port.js';
import type { CompiledServer, ServerProcess } from '../test/support/process.js';

export interface Tokens {
  readonly agent: string;
  readonly approver: string;
  readonly admin: string;
}

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
  async start(failpoint?: string): Promise<Tokens> {
    for (;;) {
      const settings = {
        ...this.settings,
        PORT: String(this.port),
        ...(failpoint && { COUNTERSIGN_FAILPOINT: failpoint }),
      };
      const started = this.compiled.start(settings);
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

  /** As by a power cut. */
  async kill(): Promise<void> {
    await this.process?.kill();
  }

  /** Resolves when it has died by itself. */
  async died(): Promise<void> {
    await this.process?.ended;
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
