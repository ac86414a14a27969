/** What `npm start` prints: where to go, the sandbox key, and which providers are real. */
import type { App } from './app.ts';
import type { Config } from './config.ts';

export function welcome(config: Config, { url, providers }: App): string {
  const lines = [`Gwanmun 관문 (${config.profile}) listens on ${url}/graphql`];
  if (config.sandboxApiKey !== undefined) {
    lines.push(
      `  API key    ${config.sandboxApiKey}`,
      `  GraphiQL   ${url}/graphql in a browser, with the key filled in`,
    );
  }
  if (config.profile === 'sandbox') {
    // By this name, for an IP address cannot be the RP ID of a passkey.
    lines.push(`  demo       http://localhost:${new URL(url).port}/demo in a browser: passkeys, codes, push`);
  }
  for (const provider of providers.running) {
    lines.push(`  ${provider.provider.padEnd(14)} ${provider.health().simulated ? 'simulated' : 'configured'}`);
  }
  for (const { provider } of providers.disabled) lines.push(`  ${provider.padEnd(14)} disabled: no settings`);
  if (providers.controlUrl !== undefined) lines.push(`  simulators ${providers.controlUrl} (ledger and faults)`);
  return `${lines.join('\n')}\n`;
}
