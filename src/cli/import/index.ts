export { type CsvHeader, type CsvRecord, readCsv, readHeader } from './csv.js';
export {
  type AccountDraft,
  type Channel,
  type ContactDraft,
  type DealDraft,
  type Direction,
  type Draft,
  type InteractionDraft,
  type InteractionStatus,
  MAX_SHOWN,
  type Origin,
  REMARK_KINDS,
  type Refusal,
  type Remark,
  type RemarkKind,
} from './drafts.js';
export { contactExternalIdOf } from './interactions.js';
export type { NotUtf8 } from './lines.js';
export { loadMapping, MAPPING_FILE, type Mapping, mappingKeys, parseMapping } from './mapping.js';
export { type ExportPlan, type PlannedFile, planExport } from './plan.js';
export { type ReadOptions, readExport, readPlanned } from './read-export.js';
