import { GraphiQL, type GraphiQLProps } from 'graphiql';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createRoot } from 'react-dom/client';
import { fetchPageConfig, type PageConfig } from './config.js';
import { EXAMPLES } from './examples.js';
import { createFetcher } from './fetcher.js';
import { withToken } from './headers.js';
import './page.css';
import { RolePicker } from './role-picker.js';
import { namespacedStorage } from './storage.js';

const NO_HISTORY: GraphiQLProps['plugins'] = [];

function Page({ config }: { readonly config: PageConfig }) {
  return (
    <GraphiQL
      fetcher={createFetcher(config)}
      storage={namespacedStorage}
      defaultHeaders={withToken('', config.token)}
      defaultTabs={EXAMPLES.map(({ query }) => ({ query }))}
      defaultEditorToolsVisibility="headers"
      // The history would write every token that was used into the browser's storage, whatever the next lines say.
      plugins={NO_HISTORY}
      // Storage outlives the tokens and is readable by every page of this origin: headers are not kept in it.
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
      // A payload is any JSON; without this the variables editor marks every object in it as a mistake.
      customScalarSchemas={{ JSON: {}, JSONObject: {} }}
    >
      <GraphiQL.Logo>
        <span className="page-name">Countersign</span>
        {Object.keys(config.tokens).length > 0 && <RolePicker tokens={config.tokens} />}
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

function StartFailed({ message }: { readonly message: string }) {
  return (
    <main className="start-failed" role="alert">
      <h1>GraphiQL could not start</h1>
      <p>{message}</p>
    </main>
  );
}

const container = document.getElementById('root');
if (container === null) throw new Error('Expected an element with the id "root" in index.html, found none.');
const root = createRoot(container);
fetchPageConfig().then(
  (config) => root.render(<Page config={config} />),
  (error: Error) => root.render(<StartFailed message={error.message} />),
);
