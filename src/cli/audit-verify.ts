import 'reflect-metadata';
import { verifyAudit } from './commands/audit-verify.js';
import { runAsProcess } from './commands/terminal.js';

await runAsProcess(verifyAudit);
