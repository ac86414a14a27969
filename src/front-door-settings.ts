/** The settings of who may come in, and with which documents. How much they may ask for is no setting. */
import { z } from 'zod';
import { type Environment, optional, type Settings, setting } from './environment.ts';
import { flag, integer, originOf } from './provider-settings.ts';
import { trustedDocuments } from './trusted-documents-file.ts';

const origins = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(
    z.array(
      z.string().transform((text, context) => {
        const known = originOf(text);
        if (known !== undefined) return known;
        context.addIssue({
          code: 'custom',
          message: 'must be https:// origins without a path (http:// on loopback only)',
        });
        return z.NEVER;
      }),
    ),
  );

export const FRONT_DOOR_SETTINGS = {
  /** Undefined: in the sandbox alone. */
  graphiql: optional(setting('GWANMUN_GRAPHIQL', flag)),
  corsOrigins: optional(setting('GWANMUN_CORS_ORIGINS', origins), []),
  proxyHops: optional(setting('GWANMUN_PROXY_HOPS', integer(0, 10)), 0),
  trustedDocuments: optional(setting('GWANMUN_TRUSTED_DOCUMENTS', trustedDocuments)),
  trustedDocumentsOnly: optional(setting('GWANMUN_TRUSTED_DOCUMENTS_ONLY', flag), false),
};

export type FrontDoorSettings = Settings<typeof FRONT_DOOR_SETTINGS>;

export function checkFrontDoor(environment: Environment): void {
  if (environment.text('GWANMUN_TRUSTED_DOCUMENTS_ONLY') !== 'true') return;
  if (environment.text('GWANMUN_TRUSTED_DOCUMENTS') !== undefined) return;
  environment.fault('GWANMUN_TRUSTED_DOCUMENTS', 'is missing: GWANMUN_TRUSTED_DOCUMENTS_ONLY needs it');
}
