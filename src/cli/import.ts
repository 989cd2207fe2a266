import 'reflect-metadata';
import { runImport } from './commands/import.js';
import { runAsProcess } from './commands/terminal.js';

await runAsProcess(runImport);
