/**
 * Every limit of the front door, in one place, so that docs/security.md can be held against it. What a provider, a tenant
 * or a field is limited to stands in core; what is done about these is done where they are used.
 */

/** Of one document; each operation, and each fragment, is held to those of the middle part by itself. */
export const DOCUMENT_LIMITS = {
  characters: 128 * 1024,
  /**
   * Seven times GraphiQL's introspection, which is larger than any document of schema/operations. What parses is also never
   * nested so deeply that validation or execution run out of stack.
   */
  tokens: 2_000,

  /** Fields below one another. */
  depth: 10,
  /** Selection sets in one another, fragments among them. */
  nesting: 24,
  /** As often as they would be read: each time that a fragment is spread, and duplicates. */
  fields: 250,
  rootFields: 10,
  aliases: 15,
  directives: 8,
  /** Below `__schema` and `__type`. */
  introspectionDepth: 16,
  introspectionFields: 400,
  /** `first` and `last`: a page has no more. */
  pageSize: 100,
  /** Of a list that is written into the document. */
  literalItems: 100,
  /** Of a value that is written into the document. */
  literalDepth: 12,
  /** Fields, each as often as the lists above it may hold items. */
  values: 20_000,

  /** What is told of one that is not valid. */
  errors: 3,
} as const;

/** Of the variables of one operation. */
export const VARIABLE_LIMITS = {
  /** Twice the longest list that core takes, so that it can refuse one by naming the field. */
  listItems: 2_000,
  depth: 32,
  values: 30_000,
} as const;

export const BODY_LIMITS = {
  bytes: 128 * 1024,
  /** With commerce:write: 1,000 parcels to dispatch, which is what one call takes. */
  parcelBytes: 512 * 1024,
  /** With messages:send or remittance: the largest image there is, FriendTalk's wide one of 2 MB, has 2.7 MB in Base64. */
  imageBytes: 4 * 1_048_576,
} as const;

/** Parsed and valid documents that are kept. */
export const CACHE_LIMITS = {
  bytes: 16 * 1_048_576,
  /** Of a document that is kept at all. */
  documentCharacters: 16 * 1024,
} as const;

/** Of an HTTP connection. */
export const HTTP_LIMITS = {
  headersTimeoutMs: 5_000,
  bodyTimeoutMs: 15_000,
  keepAliveTimeoutMs: 5_000,
  /** How often slow senders are looked for, so that they are gone within a second behind their time. */
  slowCheckMs: 500,
  headers: 64,
  connections: 10_000,
} as const;

export const SOCKET_LIMITS = {
  initTimeoutMs: 3_000,
  /** Sockets of one address that have not said who they are. */
  uninitialisedPerAddress: 20,
  /** Of one tenant. */
  perTenant: 1_000,
  /** Of all. */
  sockets: 5_000,
  /** A document and its variables; nothing large goes over a socket. */
  messageBytes: 64 * 1024,
  fragments: 64,
  /** What a client sends, pings among it; as much may come at once. */
  messagesPerMinute: 600,
  /** What runs on one socket at once. */
  operations: 50,
  /** Subscriptions of one tenant in this process, over WebSocket and SSE together. */
  subscriptionsPerTenant: 500,
} as const;
