import 'reflect-metadata';
import { runAsProcess } from './commands/terminal.js';
import { printToken } from './commands/token.js';

await runAsProcess(printToken);
