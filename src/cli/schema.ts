import 'reflect-metadata';
import { writeSchema } from './commands/schema.js';
import { runAsProcess } from './commands/terminal.js';

await runAsProcess(writeSchema);
