/** What can go wrong and must not: the threats and faults that the product is made against, in few words. */
export const PROMISES = {
  payload: 'the payload is swapped after approval',
  edit: 'it is edited before approval',
  ground: 'the policy or the deal moves after approval',
  race: 'approve, reject and expire race',
  self: 'somebody approves their own',
  key: 'the same idempotency key comes again',
  name: 'a name looks like a type',
  silence: 'nobody answers',
  crash: 'a server dies anywhere',
  between: 'a server dies between effect and record',
  lease: 'a holder is paused longer than its lease',
  database: 'the database restarts, connections are half open, hints are lost',
  shutdown: 'a server is told to stop',
  chain: 'the audit trail is tampered with',
  budget: 'many small actions come instead of one big one',
  pause: 'everything is to stop',
} as const;
export type Promised = keyof typeof PROMISES;

/** What this rig does not try, and which tests do. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'an approver loses their right, the account replies or opts out': 'test/autonomy/recheck.test.ts, trust.test.ts',
  'a subscriber is slow or hostile': 'test/platform, test/doors.test.ts',
  'one tenant reads another': 'test/tenancy',
  'a token expires, a role is removed, a user is suspended': 'test/identity',
  'documents are hostile': 'test/rule-book.test.ts, test/outside-suites.test.ts',
  'a customer’s text tells the planner to misbehave': 'test/proactive',
};
