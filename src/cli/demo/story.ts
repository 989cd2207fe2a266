/** Who is heard in the walk: the program, two approvers, the manager. */
export const ROLES_PLAYED = ['agent', 'ana', 'ben', 'manager'] as const;
export type Player = (typeof ROLES_PLAYED)[number];

const LABEL_WIDTH = Math.max(...ROLES_PLAYED.map((player) => player.length));

/** Prints what each side does and sees, as it happens. */
export class Story {
  private scenes = 0;
  /** How long each push took, in milliseconds. */
  private readonly delays: number[] = [];

  constructor(private readonly print: (text: string) => unknown) {}

  open(lines: readonly string[]): void {
    this.print(`${lines.join('\n')}\n`);
  }

  scene(title: string): void {
    this.scenes++;
    this.print(`\n${this.scenes}. ${title}\n`);
  }

  /** Somebody does something, or reads an answer. */
  says(who: Player, line: string): void {
    this.line(who, ' ', line);
  }

  /** Somebody is told something over a subscription, without having asked. */
  isTold(who: Player, line: string, delayMs: number): void {
    this.delays.push(delayMs);
    this.line(who, '←', `${line}  (${delayMs.toFixed(0)} ms)`);
  }

  /** The last words, with how fast the pushes were. */
  close(): void {
    const sorted = [...this.delays].sort((a, b) => a - b);
    const [fastest = 0, median = 0, slowest = 0] = [0, sorted.length >> 1, sorted.length - 1].map((at) => sorted[at]);
    const figures = [fastest, median, slowest].map((delay) => delay.toFixed(0)).join(', ');
    this.print(
      `\nThe end. ${sorted.length} pushes, from sending the change to hearing of it: ${figures} ms (fastest, median, slowest).\n`,
    );
  }

  private line(who: Player, mark: string, text: string): void {
    this.print(`   ${who.padEnd(LABEL_WIDTH)} ${mark} ${text}\n`);
  }
}
