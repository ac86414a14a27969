/** previewMessage and the type that ContentRejected carries. */
import type { FieldProblem } from '../core/field-problem.ts';
import { type MessagePreview, previewContent } from '../core/messaging/preview.ts';
import { laneOf, type MessageKind } from '../core/provider.ts';
import type { UnencodableCharacter } from '../korean/ms949.ts';
import { builder } from './builder.ts';
import { MessageKindEnum, SmsProviderEnum } from './message-enums.ts';

export const FieldProblemType = builder.objectRef<FieldProblem>('FieldProblem').implement({
  fields: (t) => ({
    path: t.stringList({ resolve: ({ path }) => [...path] }),
    rule: t.exposeString('rule'),
    message: t.exposeString('message'),
  }),
});

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
    limit: t.exposeInt('limit', { description: 'Bytes for SMS, LMS and MMS; characters for Kakao.' }),
    wire: t.expose('wire', {
      type: 'Base64',
      description: 'The exact text bytes that go on the wire; empty where the text cannot go.',
    }),
    fitsKsx1001: t.exposeBoolean('fitsKsx1001'),
    unencodable: t.field({ type: [UnencodableCharacterType], resolve: ({ unencodable }) => [...unencodable] }),
    problems: t.field({ type: [FieldProblemType], resolve: ({ problems }) => [...problems] }),
  }),
});

const isKakao = (kind: MessageKind | null | undefined): boolean => kind != null && laneOf(kind) === 'KAKAO';

builder.queryField('previewMessage', (t) =>
  t.field({
    type: MessagePreviewType,
    description: 'Costs nothing and sends nothing. Without `kind` it becomes what sendSms would make of it.',
    args: {
      text: t.arg.string({ required: true }),
      subject: t.arg.string(),
      provider: t.arg({ type: SmsProviderEnum, defaultValue: 'NGS' }),
      kind: t.arg({ type: MessageKindEnum }),
    },
    resolve: (_root, { text, subject, provider, kind }, { services }) =>
      previewContent(
        { text, subject: subject ?? undefined, kind: kind ?? undefined, encoding: isKakao(kind) ? 'UTF_8' : 'EUC_KR' },
        services.limits[provider ?? 'NGS'],
        [],
      ),
  }),
);
