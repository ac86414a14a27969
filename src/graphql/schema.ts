/** Imports every part for its effect and builds the schema. Nothing imports this but the server and the printer. */
import './scalars.ts';
import './errors.ts';
import './preview.ts';
import './sending.ts';
import './messaging.ts';
import './operations.ts';
import './otp.ts';
import './passkeys.ts';
import './push.ts';
import './webhooks.ts';
import './commerce.ts';
import './commerce-actions.ts';
import './remittance-people.ts';
import './remittance.ts';
import './node.ts';
import { builder } from './builder.ts';

builder.queryType({});
builder.mutationType({});
builder.subscriptionType({});

export const schema = builder.toSchema();
