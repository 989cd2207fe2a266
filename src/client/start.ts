import { NewestCursorDocument } from '../cli/generated/operations.js';
import { START_OF_LOG_CURSOR } from '../kernel/cursor.js';
import { CountersignError } from './error.js';
import { type Endpoint, post } from './http.js';

/** The place behind everything that has happened so far, also where the log is empty. @throws CountersignError */
export async function endOfLog(endpoint: Endpoint): Promise<string> {
  return (await newest(endpoint, undefined)) ?? startOfLog(endpoint);
}

/** Of an empty log. Where all of it has been deleted, the server says behind which place. */
async function startOfLog(endpoint: Endpoint): Promise<string> {
  try {
    return (await newest(endpoint, START_OF_LOG_CURSOR)) ?? START_OF_LOG_CURSOR;
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'CURSOR_EXPIRED') throw error;
    return String(error.details.oldestCursor);
  }
}

const newest = async (endpoint: Endpoint, after: string | undefined): Promise<string | null> =>
  (await post(endpoint, NewestCursorDocument, { after })).events.pageInfo.endCursor;
