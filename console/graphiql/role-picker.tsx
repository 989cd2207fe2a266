import { type MonacoEditor, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useId } from 'react';
import type { PageConfig } from './config.js';
import { EXAMPLES } from './examples.js';
import { tokenIn, withToken } from './headers.js';

/**
 * Swaps the authorization in the headers editor for a demo token. The editor stays the only truth about who calls:
 * the picker shows whose token stands there, and says so when it is none of the demo tokens.
 */
export function RolePicker({ tokens }: { readonly tokens: PageConfig['tokens'] }) {
  const id = useId();
  const { tab, headerEditor } = useGraphiQL((state) => ({
    tab: state.tabs[state.activeTabIndex],
    headerEditor: state.headerEditor,
  }));
  const { updateActiveTabValues } = useGraphiQLActions();

  function actAs(role: string) {
    const token = tokens[role];
    if (token !== undefined && headerEditor !== undefined) {
      // GraphiQL copies the editor into the tab too, but 100 ms later: the picker would go on showing the former role.
      updateActiveTabValues({ headers: replaceToken(headerEditor, token) });
    }
  }

  // Tabs come without headers, and lose them when the page is reloaded, so that no token is ever written to storage.
  const missingToken = tab?.headers === null ? tokens[roleFor(tab.query)] : undefined;
  useEffect(() => {
    if (missingToken !== undefined && headerEditor !== undefined) {
      updateActiveTabValues({ headers: replaceToken(headerEditor, missingToken) });
    }
  }, [missingToken, headerEditor, updateActiveTabValues]);

  const token = tokenIn(tab?.headers ?? headerEditor?.getValue() ?? '');
  const role = Object.keys(tokens).find((name) => tokens[name] === token) ?? '';
  return (
    <div className="role-picker">
      <label htmlFor={id}>Act as</label>
      <select id={id} value={role} onChange={(event) => actAs(event.target.value)}>
        {role === '' && <option value="">other token</option>}
        {Object.keys(tokens).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </div>
  );
}

function replaceToken(editor: MonacoEditor, token: string): string {
  const headers = withToken(editor.getValue(), token);
  editor.setValue(headers);
  return headers;
}

/** The role of the example that a tab holds, or an empty string when the user wrote the tab. */
function roleFor(query: string | null): string {
  return EXAMPLES.find((example) => example.query === query)?.role ?? '';
}
