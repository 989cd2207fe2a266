import { createTransport } from 'nodemailer';
import { OutcomeUnknown } from '../src/client/index.js';
import type { Receivers } from './receivers.js';

/** What is to arrive somewhere, and under which key. */
export interface Delivery {
  readonly id: string;
  readonly canonical: string;
}

/** Where actions of a type go. */
export type Route = 'plain' | 'dedup' | 'smtp';

const TRIES = 20;

/** @throws OutcomeUnknown when it may or may not have arrived, and sending it again could do it twice */
export async function deliver(receivers: Receivers, route: Route, { id, canonical }: Delivery): Promise<void> {
  if (route === 'smtp') return email(receivers, { id, canonical });
  const url = route === 'dedup' ? receivers.dedupUrl : receivers.plainUrl;
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await fetch(url, { method: 'POST', headers: { 'webhook-id': id }, body: canonical });
      await response.arrayBuffer();
      return;
    } catch (cause) {
      if (route === 'plain' || tries === TRIES) throw new OutcomeUnknown('the receiver hung up', { cause });
    }
  }
}

async function email({ smtpPort }: Receivers, { id, canonical }: Delivery): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, secure: false, ignoreTLS: true });
  try {
    await transport.sendMail({
      from: 'agent@example.com',
      to: 'kim@example.com',
      subject: 'Hello',
      headers: { 'X-Action': id },
      text: canonical,
      textEncoding: 'base64',
    });
  } catch (cause) {
    throw new OutcomeUnknown('the mail server hung up', { cause });
  } finally {
    transport.close();
  }
}
