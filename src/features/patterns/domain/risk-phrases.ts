import { GAP, type PhraseRule, RIVAL, re, strong, weak } from './phrase.js';

const HALTED =
  '(?:freeze|frozen|froze|on hold|on ice|paused|halted|suspended|stopped|cut|cuts|slashed|withdrawn|pulled|blocked|gone|cancel+ed|postponed|locked|exhausted|used up|spent|reallocated)';
const OTHER_FREEZE =
  /\b(?:screen|app|application|page|video|laptop|system|connection|browser|tool|form|line)s? (?:has |have |had |keeps |suddenly )?(?:freez\w+|froze|frozen)|\b(?:code|feature|change|design|data|schema|release|deployment|screen|hiring|price|application|app|login)[- ]?(?:freeze|freezes|frozen|freezing)|\bfreez(?:es|ing) (?:up|temperatures?|weather|cold|when|during|screen)|\bcut(?:s|ting)?[- ](?:edge|over|off|through)/i;

const LEFT =
  '(?:the (?:company|firm|business|organi[sz]ation|team|bank|group|department|role)|us\\b|her (?:role|job|position|post)|his (?:role|job|position|post)|their (?:role|job|position|post)|my (?:role|job|position|post)|for (?:a|another) (?:new )?(?:job|role|position|company|employer|opportunity|challenge)|at the end of|(?:in|on|by|this|next) (?:january|february|march|april|may|june|july|august|september|october|november|december|month|summer|spring|autumn|year|quarter))';
const OTHER_LEAVING =
  /\b(?:leav\w+|left) (?:the (?:meeting|call|office|building|room|site|restaurant|venue|door|details|rest|choice|decision)|early|aside|out|behind|us (?:with|to|a|some|time|no|room|wondering|feeling|impressed)|room|for (?:the airport|lunch|the day|vacation|holiday|the weekend)|a (?:message|voicemail|note|comment|review|good))|\b(?:vacation|holiday|business trip|out of office)\b/i;

const CHOSEN =
  '(?:prefer(?:s|red|ring|ence for)?|favou?r(?:s|ed|ing)?|lean(?:s|ed|ing)?(?: more| heavily| strongly)? (?:towards?|to)|inclin\\w+ (?:towards?|to)|decid(?:ed|ing|es?) (?:on|for|to go (?:ahead )?with|in favou?r of)|chos(?:e|en)|choosing|select(?:ed|ing)|picked|go(?:ing|es)? (?:ahead )?with|gone with|went with|sign(?:ed|ing|s)? (?:up )?with|switch(?:ed|ing)? (?:over )?to|opt(?:ed|ing)? for|award(?:ed|ing)? (?:\\p{L}+ ){0,3}to|settled on|commit(?:ted|ting)? to)';
/** Turns a preference round: it is us whom they prefer, or nobody is preferred. */
export const ROUND = /\b(?:over|than|instead|rather|against|versus|outpace|surpass|us|our|you(?:r solution)?)\b/i;

/** Ways of saying that they may not buy, in English. */
export const RISK_PHRASES: readonly PhraseRule[] = [
  strong(
    'budget_freeze',
    re(
      `\\b(?:budgets?|spending|spend|procurement|capex|opex|investments?|purchas(?:es|ing)|funding|expenditures?)\\b(?:${GAP}{0,30}?|-)\\b${HALTED}\\b`,
    ),
    { unless: OTHER_FREEZE },
  ),
  strong(
    'budget_freeze',
    re(
      `\\b(?:freez\\w+|froze|frozen|halt\\w*|paus\\w*|suspend\\w*|cut(?:ting|s)?|slash\\w*|stopp\\w*|(?:put(?:ting)?|plac\\w+) (?:a )?hold on|lost|pull(?:ed|ing)|block(?:ed|ing)?)\\b${GAP}{0,25}?\\b(?:budgets?|spending|spend|purchas(?:es|ing)|capex|investments?|procurement|expenditures?|funding)\\b`,
    ),
    { unless: OTHER_FREEZE },
  ),
  strong(
    'budget_freeze',
    re(
      `\\b(?:project|initiative|purchase|deal|evaluation|rollout|programme|program|everything)\\b${GAP}{0,25}?\\b(?:on hold|on ice|shelved|postponed|deferred|paused|stopped)\\b${GAP}{0,50}?\\b(?:budget\\w*|costs?|financ\\w*|savings?|funds?|funding|spend\\w*|money)\\b`,
    ),
  ),
  strong(
    'budget_freeze',
    re(
      '\\b(?:cost[- ]cutting (?:programme|program|round|measures?|drive)|belt[- ]tightening|savings? (?:programme|program|drive)|moratorium on|(?:spending|purchasing|budget|procurement|investment)[- ](?:stop|ban|embargo|freeze))\\b',
    ),
  ),
  strong(
    'budget_freeze',
    re(
      "\\b(?:no|without|out of|run out of|ran out of|don['’]t have (?:any|the)|doesn['’]t have (?:any|the)|not have (?:any|the)) (?:new |more |further |additional |discretionary )?(?:purchases?|spend(?:ing)?|budget|money|funding|funds|investments?)\\b(?! (?:freeze|cut|issue|problem|concern|constraint|pressure|limit|stop|hold|ban|worr|objection|question|impact|block))",
    ),
    { isDenial: true },
  ),
  weak(
    'budget_freeze',
    re(
      '\\b(?:tight budgets?|budgets? (?:is|are) (?:very |extremely )?tight|budget (?:pressures?|squeeze|concerns?)|concerns? (?:over|about) [^.!?;\\n]{0,20}?budget|finances are strained)\\b',
    ),
  ),
  strong(
    'champion_leaving',
    re(`\\b(?:leaving|leaves|leave|left|quitting|departing)\\s+(?:\\p{Lu}\\p{L}+\\s+)?${LEFT}`),
    { unless: OTHER_LEAVING },
  ),
  strong(
    'champion_leaving',
    re(
      '\\b(?:leaving|leaves|leave|left|quits?|quitting|departing)\\s+(?<name>(?-i:\\p{Lu})[\\p{L}\\d&]{2,30})(?=\\s*(?:[.,;!?]|$|(?:in|at|by|on|next|this|after|for|to|and|soon|behind) ))',
    ),
    { unless: OTHER_LEAVING },
  ),
  strong(
    'champion_leaving',
    re(
      '\\b(?:resign(?:ed|ing|s|ation)|quit(?:s|ting)? (?:(?:his|her|my|their|the) )?job|(?:has|have) quit|stepp(?:ing|ed) down|(?:handed in|given|gave) (?:his|her|my|their) notice|(?:let go|laid off|made redundant|dismissed)|(?:early )?retirement|retir(?:es|ing)|(?:my|his|her|their) last (?:day|week|month)|last working day|(?:my|his|her|their) successor|(?:my|his|her|their) departure)\\b',
    ),
    { unless: OTHER_LEAVING },
  ),
  strong(
    'champion_leaving',
    re(
      '\\bno longer (?:be )?(?:with (?:us|them|the)|works? (?:at|for|here|there)|working (?:at|for|here|there)|employed|part of (?:the|our|their)|(?:our|the|my|your) (?:contact|sponsor|champion))\\b',
    ),
    { isDenial: true },
  ),
  strong(
    'champion_leaving',
    re(
      '\\b(?:moving|moves|moved|going|transferr(?:ed|ing)) (?:on )?to (?:a )?(?:another|different|new) (?:company|employer|department|division|team|role|job|position|firm)\\b',
    ),
  ),
  strong(
    'champion_leaving',
    re(
      '\\b(?:(?:new|another) (?:job|role|position|opportunity|employer) (?:at|with|in|outside|elsewhere)|(?:taken|accepted|got|found|starts?|starting) (?:a|another) (?:new )?(?:job|role|position)|hand(?:ing|ed)? over (?:his|her|my|their) (?:role|responsibilit\\w+|duties|projects?|portfolio|accounts?)|being replaced|(?:will be|has been|was|is being) replaced (?:as|by)|taking over from (?:him|her|me))\\b',
    ),
    { unless: /\b(?:system|tool|platform|software|module|server|legacy|solution)\b[^.]{0,25}\breplaced\b/i },
  ),
  weak(
    'champion_leaving',
    re(
      '\\b(?:handover|hand over|(?:parental|maternity|paternity|sick) leave|transition(?:ing)? out|new contact (?:person )?(?:for|at))\\b',
    ),
  ),
  strong('competitor_preferred', re(`\\b${CHOSEN}\\b(?<gap>${GAP}{0,35}?)\\b${RIVAL}`), {
    unless: /\b(?:prefer\w*|select\w*|chos\w+|pick\w*) (?:date|time|slot|day|choice|partner|vendor over)\b/i,
  }),
  strong(
    'competitor_preferred',
    re(
      `\\b${RIVAL}(?<gap>${GAP}{0,12}?\\b(?:is|are|was|were|seems?|looks?|remains?|appears?|has|have|being|as)\\b${GAP}{0,20}?)\\b(?:front-?runner|favou?rites?|preferred|first choice|in the lead|better fit|more convincing|ahead of (?:us|you)|won (?:the|this)|cheaper than (?:us|you|our|your)|better than (?:us|you|our|your)|stronger than (?:us|you|our|your))\\b`,
    ),
  ),
  strong(
    'competitor_preferred',
    re(
      `\\b(?:better|cheaper|stronger|more attractive|lower) (?:offer|price|deal|fit|terms|quote|bid)\\b(?<gap>${GAP}{0,25}?)\\b(?:from|by|with|at)\\b${GAP}{0,15}?\\b${RIVAL}`,
    ),
  ),
  strong(
    'competitor_preferred',
    re(
      '\\b(?:went|going|gone|go) (?:in )?(?:with )?(?:a different direction|another way|elsewhere|with someone else|with somebody else)\\b',
    ),
  ),
  weak(
    'competitor_preferred',
    re(`\\b(?:impress(?:ed|ive)|convinc(?:ed|ing)|lik(?:es|ed)|growing interest in)\\b${GAP}{0,30}?\\b${RIVAL}`),
    { unless: ROUND },
  ),
];
