/** previewMessage and the type that ContentRejected carries. */
import { type MessagePreview, previewText, type UnencodableCharacter } from '../core/messaging/preview.ts';
import { builder } from './builder.ts';
import { FieldProblemType } from './errors.ts';
import { MessageKindEnum, SmsProviderEnum } from './message-enums.ts';

const UnencodableCharacterType = builder.objectRef<UnencodableCharacter>('UnencodableCharacter').implement({
  fields: (t) => ({
    index: t.exposeInt('index'),
    character: t.exposeString('character'),
    codePoint: t.exposeString('codePoint'),
    suggestion: t.exposeString('suggestion', { nullable: true }),
  }),
});

export const MessagePreviewType = builder.objectRef<MessagePreview>('MessagePreview');
MessagePreviewType.implement({
  fields: (t) => ({
    kind: t.expose('kind', { type: MessageKindEnum }),
    bytes: t.exposeInt('bytes'),
    limit: t.exposeInt('limit'),
    wire: t.expose('wire', {
      type: 'Base64',
      description: 'The exact text bytes that go on the wire; empty where the text cannot go.',
    }),
    fitsKsx1001: t.exposeBoolean('fitsKsx1001'),
    unencodable: t.field({ type: [UnencodableCharacterType], resolve: ({ unencodable }) => [...unencodable] }),
    problems: t.field({ type: [FieldProblemType], resolve: ({ problems }) => [...problems] }),
  }),
});

builder.queryField('previewMessage', (t) =>
  t.field({
    type: MessagePreviewType,
    description: 'Costs nothing and sends nothing. Both providers count an SMS alike.',
    args: {
      text: t.arg.string({ required: true }),
      provider: t.arg({ type: SmsProviderEnum, defaultValue: 'NGS' }),
    },
    resolve: (_root, { text }) => previewText(text, ['text']),
  }),
);
