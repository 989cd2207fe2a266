import { GAP, NAME, type PhraseRule, RIVAL, re, strong, weak } from './phrase.js';

const MONEY =
  '(?:[€$£]\\s?\\d[\\d.,]*\\s?(?:k|m|thousand|million)?|\\d[\\d.,]*\\s?(?:k|m|thousand|million)?\\s?(?:€|eur|usd|gbp|euros?|dollars?|pounds?)\\b)';
const GRANTED =
  '(?:approved|signed off|allocated|secured|set aside|earmarked|released|in place|available|unlocked|green-?lit|granted|cleared|ring-?fenced|authori[sz]ed|sanctioned|confirmed|freed(?: up)?|agreed)';
const BUDGET = '(?:budgets?|funding|funds|spend|money|capex|investment)';
const CALM =
  /\bbudget[- ](?:reviews?|cycles?|plan\w*|meetings?|discussions?|process|requests?|constraints?|questions?|concerns?|season|conscious|owner|holder|sheet|airline|hotel)/i;

const DATE =
  '(?:the end of|end of|year[- ]end|month[- ]end|quarter[- ]end|mon|tues|wednes|thurs|fri|satur|sun|january|february|march|april|may\\b|june|july|august|september|october|november|december|q[1-4]\\b|next (?:week|month|quarter)|this (?:week|month|quarter|year)|tomorrow|christmas|easter|the (?:new|first|start|beginning|holidays?|season|launch|deadline|\\d)|\\d)';
const DONE =
  '(?:live|in place|up and running|running|deployed|implemented|rolled out|installed|signed|operational|finali[sz]ed|delivered|started?|solution|system|decision|decide|switch|replacement|go-live|migrated|onboarded|done|ready|working|in production)';

const SENIORS =
  '(?:c[fteimos]o|ciso|cpo|vp|vice president|head of \\p{L}+|(?:\\p{L}+ )?directors?|executives?|leadership(?: team)?|board|managing director|general counsel|c-suite|senior management)';
const DEPARTMENTS =
  '(?:procurement|legal|finance|purchasing|compliance|it team|it department|technical team|technical leads?|security team|operations team|data team|engineering team|marketing team|key (?:members|people)|colleagues?|stakeholders?|decision[- ]makers?|other departments?|other teams?)';
const PEOPLE = `(?:${SENIORS}|${DEPARTMENTS})`;
const ASIDE =
  /\bexecutive (?:summary|overview|briefing|report|dashboard)|\bstakeholder (?:value|management|map|engagement)|\b(?:board games?|on board|onboard|keyboard|dashboard|across the board|whiteboard)/i;
/** In a note of ours these are our own people. */
const OUR_PEOPLE = new RegExp(`\\bour (?:own )?(?:\\p{L}+ )?${PEOPLE}`, 'iu');

/** Ways of saying that they are about to buy, in English. */
export const BUYING_PHRASES: readonly PhraseRule[] = [
  strong('budget', re(`\\b${BUDGET}\\b${GAP}{0,30}?\\b${GRANTED}\\b`), {
    unless: /\b(?:not yet|still (?:to be|being|needs?|waiting))\b/i,
  }),
  strong(
    'budget',
    re(
      `\\b(?:approved?|approves|secured?|allocated?|earmarked|set aside|signed off(?: on)?|released?|freed(?: up)?|authori[sz]ed|sanctioned|granted|green-?lit|has|have|got|obtained|received|confirmed)\\b ${GAP}{0,18}?\\b(?:budget|funding|funds|money|the spend|the investment|the purchase)\\b`,
    ),
    { unless: CALM },
  ),
  strong('budget', re(`\\bbudget(?:ed)? (?:of|for|is|at|line of)\\b${GAP}{0,20}?${MONEY}`)),
  strong('budget', re(`${MONEY}${GAP}{0,25}?\\b(?:set aside|budget(?:ed)?|earmarked|allocated|approved|available)\\b`)),
  strong('budget', re(`\\b(?:set aside|earmarked|allocated|budgeted) (?:about |around |roughly |up to )?${MONEY}`)),
  strong(
    'budget',
    re(
      `\\b(?:cfo|finance|the board|management)\\b${GAP}{0,20}?\\b(?:approved|signed off|green-?lit|agreed to (?:fund|pay)|gave (?:the )?green light|cleared)\\b`,
    ),
    { unless: /\b(?:design|plan for the office|minutes|holiday|agenda|travel)\b/i },
  ),
  strong(
    'budget',
    re(`\\b(?:purchase order|po)\\b${GAP}{0,20}?\\b(?:approved|issued|signed|raised|on its way|ready)\\b`),
  ),
  weak(
    'budget',
    re(
      '\\b(?:budget (?:reviews?|cycles?|planning|meetings?|discussions?|approvals?|requests?|allocations?)|fiscal (?:year|plans?))\\b',
    ),
  ),
  weak('budget', re('\\bwithin (?:the|their|our|your) (?:existing |current |approved )?budget\\b')),
  strong(
    'urgency',
    re(
      '\\b(?:urgent(?:ly)?|urgency|asap|time[- ]sensitive|time[- ]critical|time is (?:running out|short|of the essence)|running out of time|clock is ticking|no time to lose|at the (?:very )?earliest|right away|as soon as (?:humanly )?possible|as quickly as possible)\\b',
    ),
    {
      mayAsk: true,
      unless:
        /\b(?:urgent care|sense of urgency in (?:our|the) (?:brand|copy)|urgency (?:of|for) (?:us|differentiating))\b/i,
    },
  ),
  strong(
    'urgency',
    re("\\b(?:can(?:no|['’])t wait (?:any longer|another|until|till|that long|much longer|for (?:the )?next))"),
    { isDenial: true },
  ),
  strong(
    'urgency',
    re(
      `\\b(?:needs?|needed|must|has to|have to|had to|wants?|requires?|insist\\w*)\\b${GAP}{0,50}?\\b${DONE}\\b${GAP}{0,30}?\\b(?:by|before|within|no later than|in time for)\\s+${DATE}`,
    ),
  ),
  strong(
    'urgency',
    re(
      `\\b(?:go live|went live|going live|be live|cut over|kick off|decide|sign|start)\\b${GAP}{0,20}?\\b(?:by|before|no later than)\\s+${DATE}`,
    ),
    { unless: /\bbudget freeze\b/i },
  ),
  strong(
    'urgency',
    re(
      '\\b(?:hard|tight|firm|looming|strict|aggressive|immovable|fixed|regulatory|pressing|critical)\\s+(?:\\p{L}+\\s)?deadlines?\\b',
    ),
  ),
  strong('urgency', re(`\\bdeadline\\b${GAP}{0,15}?\\b(?:is|of|on|for)\\b${GAP}{0,20}?\\b${DATE}`)),
  strong(
    'urgency',
    re(
      `\\b(?:contract|licen[sc]es?|subscription|support|lease|agreement)\\b${GAP}{0,35}?\\b(?:expires?|runs? out|lapses?|is up|ends)\\b`,
    ),
    { unless: /\bexpires? (?:never|only)\b/i },
  ),
  strong(
    'urgency',
    re(
      '\\b(?:accelerat\\w+|expedit\\w+|speed(?:ing)? up|fast-?track\\w*|bring(?:ing)? forward|pull(?:ing)? forward)\\b[^.!?;\\n]{0,30}?\\b(?:timelines?|rollout|roll-out|transition|purchase|decision(?!-)|deployment|implementation|schedule|procurement|project|go-live|start)\\b',
    ),
    { mayAsk: true },
  ),
  weak('urgency', re('\\b(?:by|before) the end of (?:this|the|next) (?:quarter|year|month)\\b')),
  weak('urgency', re('\\b(?:upcoming (?:\\p{L}+ )?)?deadlines?\\b')),
  weak(
    'urgency',
    re(
      '\\b(?:(?:top |high )?priority for (?:the )?(?:coming|next|this) (?:quarter|month|weeks?)|pressing (?:need|concern)s?)\\b',
    ),
  ),
  strong(
    'competitive_evaluation',
    re(
      `\\b(?:evaluat\\w+|compar(?:e|es|ed|ing)|consider(?:s|ed|ing)?|assess(?:es|ed|ing)?|look(?:s|ing|ed)? (?:at|into|around)|review(?:s|ed|ing)|tr(?:y|ies|ying|ied) out|tests?|tested|short-?list\\w*|trial+ing|piloting|testing|in talks with|talking to|speaking (?:to|with)|quotes? from|proposals? from|bids? from|offers? from|demos? (?:from|with|of|by)|weighing|benchmark\\w*|stack up against|measure up (?:to|against))\\b${GAP}{0,50}?\\b${RIVAL}`,
    ),
    {
      mayAsk: true,
      mayBeOurs: true,
      unless: /\b(?:alternative (?:date|time|slot|day)s?|no alternative|competitors? of theirs)\b/i,
    },
  ),
  strong(
    'competitive_evaluation',
    re(
      `\\b(?:compar(?:ed|ison|isons|ative)|versus|vs\\.?|in contrast to|relative to|differ(?:s|ent|entiate\\w*)? from|sets? ${GAP}{1,30}? apart from|counter|surpass|outpace|outperform\\w*|alongside)\\b${GAP}{0,40}?\\b${NAME}`,
    ),
    {
      mayAsk: true,
      mayBeOurs: true,
    },
  ),
  strong(
    'competitive_evaluation',
    re(
      '\\b(?:rfp|rfi|rfq|request for proposals?|bake-?off|call for tenders?|public tender|vendor (?:selection|comparison|shortlist)|other quotes|competing (?:quotes?|offers?|bids?)|second quote|shop(?:ping)? around)\\b',
    ),
    { mayAsk: true },
  ),
  weak(
    'competitive_evaluation',
    re(
      '\\b(?:comparative analys[ie]s|(?:side-by-side|feature|cost|price|detailed) comparisons?|competitive (?:landscape|pressure|evaluation|analysis|offerings?))\\b',
    ),
    { mayBeOurs: true, mayAsk: true },
  ),
  weak('competitive_evaluation', re('\\b(?:competitors?|alternative (?:solutions?|vendors?|options?))\\b'), {
    mayBeOurs: true,
    unless: /\btheir (?:own )?(?:main )?competitors?\b/i,
  }),
  strong(
    'stakeholder_expansion',
    re(
      `\\b(?:bring(?:s|ing)?|brought|loop(?:ing|ed)?|includ(?:e|ed|ing)|involv(?:e|ed|ing)|invit(?:e|ed|ing)|add(?:ed|ing)?|introduc(?:e|ed|ing)|pull(?:ed|ing)?|attendance from|cc['’]?ing|copying|presented? (?:it |this )?to|shar(?:e|ed|ing) (?:it |this )?with|run (?:it|this) (?:by|past))\\b${GAP}{0,40}?\\b${PEOPLE}\\b`,
    ),
    { unless: ASIDE, unlessInNote: OUR_PEOPLE, mayAsk: true },
  ),
  strong(
    'stakeholder_expansion',
    re(
      `\\b${PEOPLE}\\b${GAP}{0,40}?\\b(?:will|would like to|wants? to|is going to|are going to|to|asked to|plans? to|can|has agreed to|have agreed to)\\s+(?:also\\s+)?(?:join|attend|participate|be (?:there|present|involved|joining|on the call)|take part|sit in|weigh in|see the demo|review)\\b`,
    ),
    { unless: ASIDE, unlessInNote: OUR_PEOPLE, mayAsk: true },
  ),
  strong(
    'stakeholder_expansion',
    re(
      '\\b(?:expanded|wider|broader|larger|additional|more|new|further|extra) (?:group of )?(?:key )?(?:stakeholders?|decision[- ]makers?|audience|stakeholder group|buying (?:group|committee))\\b',
    ),
  ),
  strong(
    'stakeholder_expansion',
    re(
      `\\b${PEOPLE}\\b${GAP}{0,25}?\\b(?:joined|is joining|are joining|attended|sat in|is now involved|are now involved|got involved|wants in)\\b`,
    ),
    { unless: ASIDE, unlessInNote: OUR_PEOPLE },
  ),
  weak(
    'stakeholder_expansion',
    re(
      '\\b(?:buy-in from|approval from|support from|key stakeholders|(?:two|three|several) (?:of (?:his|her|their) )?(?:associates|colleagues))\\b',
    ),
  ),
];
