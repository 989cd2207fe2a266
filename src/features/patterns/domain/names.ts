import type { AccountSituation } from './pattern.js';

/** Capitalised words that name no company. */
const NO_NAMES = new Set(
  `monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
   october november december the this that these those they their there then our your his her its and but for with from
   who what when where which how why option plan phase version team teams board cfo cto ceo cio coo vp it crm erp api
   saas sso sla roi rfp gdpr excel europe germany france spain usa america asia demo thursday's phase's project proposal
   q1 q2 q3 q4 zoom linkedin`.split(/\s+/),
);

/** What the sentence itself says about a name: that it is a competitor, or has an offering beside ours. */
const INTRODUCES = [
  /\b(?:competitors?|rivals?|alternatives?|(?:other )?(?:vendors?|providers?|suppliers?))(?: \p{L}+)? (?:like|such as|including|namely|called)\s+(?<names>\p{Lu}[\p{L}\d&]+(?:(?:,| and| or|, and)\s+\p{Lu}[\p{L}\d&]+)*)/gu,
  /\b(?:competitor|rival|incumbent|vendor)\s+(?<names>\p{Lu}[\p{L}\d&]+)/gu,
  /(?<names>\p{Lu}[\p{L}\d&]+)['’]s?\s+(?:\p{Ll}[\p{L}-]*\s+){0,2}(?:offerings?|solutions?|platform|pricing|product|capabilities|features|proposal|quote|offer|demo|advancements|advances)\b/gu,
];

/**
 * Tells names of competitors from other capitalised words, as far as one account's records say. Our own products, the
 * account, and the people there are none.
 */
export class CompetitorNames {
  private readonly known: Set<string>;
  private readonly excluded: Set<string>;
  private readonly account: Set<string>;

  constructor({ accountName, contacts, deals, interactions, competitors }: AccountSituation) {
    const people = [...contacts.map(({ name }) => name), ...interactions.map(({ contactName }) => contactName ?? '')];
    const own = deals.map(({ product }) => product ?? '');
    this.account = new Set(wordsOf(accountName));
    this.excluded = new Set([accountName, ...people, ...own].flatMap(wordsOf));
    this.known = new Set(competitors.flatMap((name) => wordsOf(name).slice(0, 1)));
  }

  /** Remembers the names that a text introduces as competitors'. */
  learnFrom(text: string): void {
    for (const rule of INTRODUCES) {
      for (const { groups } of text.matchAll(rule)) {
        for (const name of (groups?.names ?? '').split(/,|\s+(?:and|or)\s+/)) {
          if (this.mayBe(name.trim())) this.known.add(name.trim().toLowerCase());
        }
      }
    }
  }

  /** Whether a competitor has been named so. */
  isKnown(name: string): boolean {
    return this.known.has(name.toLowerCase()) && !this.excluded.has(name.toLowerCase());
  }

  /** Whether it is a word of the account's own name. */
  isAccount(name: string): boolean {
    return this.account.has(name.toLowerCase());
  }

  /** Whether it is written as a name and names nothing else that is known. */
  mayBe(name: string): boolean {
    const lower = name.toLowerCase();
    return /^\p{Lu}\p{L}{2,}/u.test(name) && !NO_NAMES.has(lower) && !this.excluded.has(lower);
  }
}

const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[^\p{L}\d&]+/u)
    .filter((word) => word !== '');
