import 'reflect-metadata';
import { walkThrough } from './commands/demo.js';
import { runAsProcess } from './commands/terminal.js';

await runAsProcess(walkThrough);
