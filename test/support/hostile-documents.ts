/**
 * Sixty documents that must be refused before anything of them is executed, each with the code of its refusal: what public
 * scanners send, the ways around such limits that users found, and what would make one request worth many.
 */

export interface HostileDocument {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly code:
    | 'LIMIT'
    | 'GRAPHQL_PARSE_FAILED'
    | 'GRAPHQL_VALIDATION_FAILED'
    | 'BAD_USER_INPUT'
    | 'INTROSPECTION_DISABLED';
}

const times = (count: number, make: (at: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, at) => make(at)).join(between);
/** `open` so often, then the middle, then `close` as often. */
const nest = (depth: number, open: string, middle: string, close = '}'): string =>
  open.repeat(depth) + middle + close.repeat(depth);
/** Each fragment spreads the next one twice: 2^count of the last. */
const doubling = (count: number, last: string): string =>
  `${times(count, (at) => `fragment f${at} on Query { ...f${at + 1} ...f${at + 1} }`)} fragment f${count} on Query { ${last} }`;

const page = 'messages(first: 100) { edges { node';
const verify = '(input: { channel: SMS, phone: "01012345678", code: "000000" }) { __typename }';
const otp = '(input: { idempotencyKey: "k", channel: SMS, phone: "01012345678", purpose: "p" }) { __typename }';
const transfer =
  '(input: { idempotencyKey: "k", externalId: "e", quoteId: "q", userId: "u", recipientId: "r", receiveAmount: 1, receiveCurrency: "USD" }) { __typename }';
const send = '(input: { idempotencyKey: "k", to: "01012345678", text: "t" }) { __typename }';
const list = (count: number): number[] => new Array<number>(count).fill(1);
const deep = (depth: number): unknown => (depth === 0 ? 1 : { a: deep(depth - 1) });
const typeChain = 'fields { type { '.repeat(4);

const limit = (name: string, query: string, variables?: Record<string, unknown>): HostileDocument => ({
  name,
  query,
  code: 'LIMIT',
  ...(variables !== undefined && { variables }),
});
const unparsable = (name: string, query: string): HostileDocument => ({ name, query, code: 'GRAPHQL_PARSE_FAILED' });
const invalid = (name: string, query: string): HostileDocument => ({ name, query, code: 'GRAPHQL_VALIDATION_FAILED' });
const curious = (name: string, query: string): HostileDocument => ({ name, query, code: 'INTROSPECTION_DISABLED' });

export const hostileDocuments: readonly HostileDocument[] = [
  // Depth.
  limit('fields eleven deep', `{ ${nest(11, 'a { ', 'b')} }`),
  limit('fields five hundred deep', `{${nest(500, 'a{', 'b')}}`),
  limit('a cycle of types, walked', `{ ${page} ${nest(4, '{ reports { sent ', '{ id }', ' } }')} } } }`),
  limit(
    'depth behind fragments',
    `{ ...a } fragment a on Query { x { ...b } } fragment b on X { ${nest(10, 'y { ', 'z')} }`,
  ),
  limit('depth behind inline fragments', `{ ${nest(11, 'a { ... on A { ', 'b', ' } }')} }`),
  limit('inline fragments in one another', `{ ${nest(30, '... { ', '__typename')} }`),
  limit(
    'fragments in a long chain',
    `{ ...f0 } ${times(40, (at) => `fragment f${at} on Query { ...f${at + 1} }`)} fragment f40 on Query { __typename }`,
  ),
  limit('depth in an unused fragment', `{ __typename } fragment a on Query { ${nest(12, 'x { ', 'y')} }`),
  {
    ...limit('depth in the operation that is not run', `query a { __typename } query b { ${nest(12, 'x { ', 'y')} }`),
    operationName: 'a',
  },
  limit(
    'depth behind a fragment named __schema',
    `{ ...__schema } fragment __schema on Query { ${nest(12, 'x { ', 'y')} }`,
  ),
  limit('a subscription eleven deep', `subscription { ${nest(11, 'messageChanged { ', 'b')} }`),

  // Fields and duplicates.
  limit('500 duplicates of __typename', `{ ${times(500, () => '__typename')} }`),
  limit('1,900 duplicates of a field', `{ providers { ${times(1_900, () => 'account')} } }`),
  limit(
    'duplicates over several fragments',
    `{ ${times(30, () => '...a')} } fragment a on Query { providers { ${times(20, () => 'account')} } }`,
  ),
  limit('fragments that double fifteen times', `{ ...f0 } ${doubling(15, '__typename')}`),
  limit('fragments that double a hundred times', `{ ...f0 } ${doubling(100, '__typename')}`),
  limit(
    'duplicates in an unused fragment',
    `{ __typename } fragment a on ProviderStatus { ${times(1_900, () => 'account')} }`,
  ),
  limit('eleven root fields', `{ ${times(11, () => 'providers { account }')} }`),
  limit(
    'eleven root fields by fragments',
    `{ ...a ...a } fragment a on Query { ${times(6, () => 'providers { account }')} }`,
  ),

  // Aliases.
  limit('101 aliases of __typename', `{ ${times(101, (at) => `a${at}: __typename`)} }`),
  limit('sixteen aliases below the root', `{ providers { ${times(16, (at) => `a${at}: account`)} } }`),
  limit(
    'aliases by fragments',
    `{ providers { ...a ...a ...a } } fragment a on ProviderStatus { ${times(6, (at) => `a${at}: account`)} }`,
  ),
  limit('aliases of a listing', `{ ${times(11, (at) => `a${at}: messages(first: 1) { edges { cursor } }`)} }`),

  // Directives.
  limit('ten unknown directives', `{ __typename ${'@aa'.repeat(10)} }`),
  limit('600 directives', `{ __typename ${'@aa'.repeat(600)} }`),
  limit('directives on the operation', `query a ${'@aa '.repeat(20)} { __typename }`),
  limit(
    'directives by fragments',
    `{ ...a ...a ...a } fragment a on Query { __typename ${'@skip(if: false)'.repeat(3)} }`,
  ),
  limit('directives on variables', `query (${times(9, (at) => `$a${at}: Int @aa`)}) { __typename }`),

  // Lists.
  limit('a page of 101', '{ messages(first: 101) { edges { cursor } } }'),
  limit('a page of two thousand million', '{ messages(last: 2000000000) { edges { cursor } } }'),
  limit('a page of 101, by a variable', 'query ($n: Int) { messages(first: $n) { edges { cursor } } }', { n: 101 }),
  limit(
    'a subscription whose variables are long',
    'subscription ($f: MessageFilter) { messageChanged(filter: $f) { __typename } }',
    { f: list(2_001) },
  ),
  limit(
    'pages of what stands on pages',
    `{ ${page} { reports { sent { reports { sent { reports { id serial } } } } } } } } }`,
  ),
  limit(
    'a list of 101 in the document',
    `{ commerceProductOrders(productOrderIds: [${times(101, () => '1')}]) { __typename } }`,
  ),
  limit(
    'a list of 2,001 in a variable',
    'query ($i: [ID!]!) { commerceProductOrders(productOrderIds: $i) { __typename } }',
    { i: list(2_001) },
  ),
  limit(
    'a list in a default',
    `query ($i: [ID!]! = [${times(101, () => '1')}]) { commerceProductOrders(productOrderIds: $i) { __typename } }`,
  ),
  limit('brackets in one another', `{ node(id: ${'['.repeat(300)}${']'.repeat(300)}) { id } }`),
  limit('objects in one another', `{ node(id: ${nest(20, '{ a: ', '1', ' }')}) { id } }`),
  limit('a variable forty deep', 'query ($a: ID!) { node(id: $a) { id } }', { a: deep(40) }),
  limit('values by the ten thousand in variables', 'query ($a: ID!) { node(id: $a) { id } }', {
    a: list(34).map(() => list(900)),
  }),

  // Costly mutations.
  limit('two guesses of a code', `mutation { a: verifyOtp${verify} b: verifyOtp${verify} }`),
  limit('sixty guesses of a code', `mutation { ${times(60, (at) => `a${at}: verifyOtp${verify}`)} }`),
  limit(
    'a guess behind a fragment',
    `mutation { verifyOtp${verify} ...a } fragment a on Mutation { b: verifyOtp${verify} }`,
  ),
  limit('a code and a guess', `mutation { requestOtp${otp} verifyOtp${verify} }`),
  limit('two transfers', `mutation { a: sendRemittance${transfer} b: sendRemittance${transfer} }`),
  limit(
    'two tokens',
    'mutation { a: commerceToken(input: {}) { __typename } b: commerceToken(input: {}) { __typename } }',
  ),
  limit('eleven sends', `mutation { ${times(11, (at) => `a${at}: sendSms${send}`)} }`),

  // Text.
  unparsable('a document of 2,001 tokens', `{ ${times(1_999, () => 'a')} }`),
  unparsable('20,000 opening braces', '{'.repeat(20_000)),
  unparsable('20,000 opening brackets', `{ node(id: ${'['.repeat(20_000)}`),
  unparsable('no document', '}{'),
  unparsable('a control character', '{ __typename \u0000 }'),

  // What is not valid, and what it would tell.
  invalid('fragments that spread one another by type', '{ node(id: "a") { ... on Query { __typename } } }'),
  invalid('a misspelt field', '{ message(id: "a") { stat } }'),
  invalid('a misspelt root field', '{ messagess { id } }'),
  invalid(
    'two subscriptions in one',
    'subscription { a: messageChanged { __typename } b: messageChanged { __typename } }',
  ),

  // What the schema is.
  curious('the whole schema', '{ __schema { types { name fields { name type { name } } } } }'),
  curious('one type behind a fragment', '{ ...a } fragment a on Query { b: __type(name: "Query") { name } }'),
  invalid('the schema in circles', `{ __schema { types { ${typeChain} name ${'} } '.repeat(4)} } } }`),
  limit('a fragment that leads back to itself', '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }'),
];
