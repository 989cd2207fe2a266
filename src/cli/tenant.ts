import 'reflect-metadata';
import { manageTenants } from './commands/tenant.js';
import { runAsProcess } from './commands/terminal.js';

await runAsProcess(manageTenants);
