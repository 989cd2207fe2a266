export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly requestId?: string;
  readonly [field: string]: unknown;
}

/** Takes what a server logs, instead of standard output; hand `destination` over as `logTo`. */
export function captureLog() {
  const lines: string[] = [];
  return {
    destination: { write: (line: string) => void lines.push(line) },
    text: () => lines.join(''),
    lines: () => lines.map((line) => JSON.parse(line) as LogLine),
    find: (matches: (line: LogLine) => boolean) => lines.map((line) => JSON.parse(line) as LogLine).find(matches),
  };
}
