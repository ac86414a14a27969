/**
 * Verification, from the browser to the answer: passkeys, codes, an authenticator app, push; one part for each card of
 * the page. How it speaks with Gwanmun is in api.js.
 *
 * In the sandbox this page holds an API key. Yours never does: there, your own server makes these calls, for the person
 * that it has authenticated, and hands on to the browser what is marked below as its part.
 */
import { createApi, createIntention, Refused } from '/demo/api.js';

const { startRegistration, startAuthentication } = globalThis.SimpleWebAuthnBrowser;

const byId = (id) => document.getElementById(id);
const outputOf = (sectionId) => byId(sectionId).querySelector('output');
const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);
const timeOf = (text) =>
  new Intl.DateTimeFormat('ko-KR', { timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(text));

const person = byId('person');
const ofPage = (name) => document.querySelector(`meta[name="${name}"]`).content;
const simulatorsUrl = ofPage('gwanmun-simulators');
const apiKey = () => ofPage('gwanmun-api-key') || person.elements.apiKey.value;
const { call, follow } = createApi({ apiKey, onAnswer: writeDown });

// ------------------------------------------------------------------------------------------------ passkey

const beginPasskeyRegistration = `
  mutation BeginPasskeyRegistration($input: BeginPasskeyRegistrationInput!) {
    beginPasskeyRegistration(input: $input) { __typename ... on PasskeyCeremony { options } ...Failure }
  }`;
const registerPasskey = `
  mutation RegisterPasskey($input: RegisterPasskeyInput!) {
    registerPasskey(input: $input) { __typename ... on Passkey { id deviceName registeredAt } ...Failure }
  }`;
const beginPasskeyAuthentication = `
  mutation BeginPasskeyAuthentication($input: BeginPasskeyAuthenticationInput!) {
    beginPasskeyAuthentication(input: $input) { __typename ... on PasskeyCeremony { options } ...Failure }
  }`;
const authenticatePasskey = `
  mutation AuthenticatePasskey($input: AuthenticatePasskeyInput!) {
    authenticatePasskey(input: $input) { __typename ... on PasskeyVerified { userId credentialId verifiedAt } ...Failure }
  }`;
const passkeys = `
  query Passkeys($userId: ID!) { passkeys(userId: $userId) { id deviceName registeredAt } }`;

onSubmit('register-passkey', async ({ userId, deviceName }) => {
  const { options } = await call(beginPasskeyRegistration, { input: { userId, userName: userId } });
  // The browser's part: the options come from your server as they are, and the credential goes back as it is.
  const credential = await startRegistration({ optionsJSON: options });
  const passkey = await call(registerPasskey, { input: { userId, credential, deviceName } });
  await listPasskeys();
  return [`패스키를 등록했습니다: ${passkey.deviceName}`, `The passkey is registered: ${passkey.deviceName}`];
});

onSubmit('use-passkey', async ({ userId }) => {
  const { options } = await call(beginPasskeyAuthentication, { input: { userId } });
  const credential = await startAuthentication({ optionsJSON: options });
  const verified = await call(authenticatePasskey, { input: { userId, credential } });
  return [`${verified.userId} 님, 로그인했습니다.`, `Signed in as ${verified.userId}.`];
});

async function listPasskeys() {
  const found = await call(passkeys, { userId: person.elements.userId.value });
  byId('passkeys').replaceChildren(
    ...found.map(({ deviceName, registeredAt }) =>
      make('li', { textContent: `${deviceName} · ${new Date(registeredAt).toLocaleString('ko-KR')}` }),
    ),
  );
}

// ------------------------------------------------------------------------------------------------ codes

const requestOtp = `
  mutation RequestOtp($input: RequestOtpInput!) {
    requestOtp(input: $input) {
      __typename ... on OtpChallenge { id channel provider expiresAt resendAt attemptsLeft } ...Failure
    }
  }`;
const verifyOtp = `
  mutation VerifyOtp($input: VerifyOtpInput!) {
    verifyOtp(input: $input) { __typename ... on OtpVerified { verifiedAt channel } ...Failure }
  }`;

const codeForm = byId('verify-code');
const sendOneCode = createIntention(byId('request-code'));
let challenge;

byId('request-code').elements.route.addEventListener('change', ({ target }) => {
  const isEmail = target.value.startsWith('EMAIL');
  for (const [id, isUsed] of Object.entries({ 'phone-field': !isEmail, 'email-field': isEmail })) {
    byId(id).hidden = !isUsed;
    byId(id).querySelector('input').disabled = !isUsed;
  }
});

onSubmit('request-code', async ({ route, phone, email }) => {
  const [channel, provider] = route.split(' ');
  challenge = await sendOneCode((idempotencyKey) =>
    call(requestOtp, { input: { idempotencyKey, channel, provider, purpose: 'login', phone, email } }),
  );
  codeForm.hidden = false;
  codeForm.reset();
  codeForm.elements.code.focus();
  byId('where-code').hidden = simulatorsUrl === '';
  byId('where-code').querySelector('code').textContent = commandToReadCode({ phone, email });
  const until = timeOf(challenge.expiresAt);
  return [`인증번호를 보냈습니다. ${until}까지 입력하세요.`, `The code was sent. It is good until ${until}.`];
});

onSubmit('verify-code', async ({ code }) => {
  await call(verifyOtp, { input: { channel: challenge.channel, challengeId: challenge.id, code } });
  byId('code').querySelector('output').focus();
  codeForm.hidden = true;
  byId('where-code').hidden = true;
  return ['확인되었습니다.', 'Verified.'];
});

/** What the simulators' own API is asked. It answers no page of another origin, so a person asks it. */
function commandToReadCode({ phone, email }) {
  const digits = phone?.replace(/^\+82/, '0').replace(/\D/g, '');
  const path = email === undefined ? `codes?to=${digits}` : `securekey/codes?${new URLSearchParams({ email })}`;
  return `curl "${simulatorsUrl}/${path}"`;
}

// ------------------------------------------------------------------------------------------------ authenticator app

const enrollTotp = `
  mutation EnrollTotp($input: EnrollTotpInput!) {
    enrollTotp(input: $input) { __typename ... on TotpEnrollment { uri qrCodeDataUrl } ...Failure }
  }`;

onSubmit('enroll-totp', async ({ userId, accountName }) => {
  const { uri, qrCodeDataUrl } = await call(enrollTotp, { input: { userId, accountName, issuer: 'Gwanmun' } });
  // Both carry the secret that the app and the provider share: shown once, never stored or logged.
  const figure = byId('totp-qr');
  figure.hidden = false;
  figure.querySelector('img').src = qrCodeDataUrl;
  figure.querySelector('code').textContent = uri;
  byId('verify-totp').elements.code.focus();
  return ['QR 코드를 찍고 번호를 입력하세요.', 'Scan the QR code, then enter the code.'];
});

onSubmit('verify-totp', async ({ userId, code }) => {
  await call(verifyOtp, { input: { channel: 'TOTP', userId, code } });
  byId('totp-qr').hidden = true;
  byId('verify-totp').reset();
  return ['확인되었습니다.', 'Verified.'];
});

// ------------------------------------------------------------------------------------------------ push

const approvalFields = `
  fragment Approval on PushApproval { id state title body expiresAt decidedAt }`;
const requestPushApproval = `
  mutation RequestPushApproval($input: RequestPushApprovalInput!) {
    requestPushApproval(input: $input) { __typename ...Approval ...Failure }
  }${approvalFields}`;
const pushApproval = `
  query PushApproval($id: ID!) { pushApproval(id: $id) { ...Approval } }${approvalFields}`;
const pushApprovalChanges = `
  subscription PushApprovalChanges($id: ID!, $after: String) {
    pushApproval(id: $id, after: $after) {
      __typename
      ... on PushApprovalChanged { cursor via approval { ...Approval } }
      ... on StreamCaughtUp { cursor }
      ... on StreamGap { toCursor }
      ... on StreamEnded { reason resumeAfter }
    }
  }${approvalFields}`;
const registerPushDevice = `
  mutation RegisterPushDevice($input: RegisterPushDeviceInput!) {
    registerPushDevice(input: $input) { __typename ... on PushDevice { id deviceName platform } ...Failure }
  }`;
const respondToPushApproval = `
  mutation RespondToPushApproval($input: RespondToPushApprovalInput!) {
    respondToPushApproval(input: $input) { __typename ...Approval ...Failure }
  }${approvalFields}`;

const pushStates = {
  PENDING: ['휴대전화의 승인을 기다립니다. (PENDING)', 'Waiting for the phone. (PENDING)'],
  APPROVED: ['승인되었습니다. (APPROVED)', 'Approved. (APPROVED)'],
  DENIED: ['거부되었습니다. (DENIED)', 'Denied. (DENIED)'],
  EXPIRED: ['시간이 지났습니다. (EXPIRED)', 'Nobody answered in time. (EXPIRED)'],
};
const askOnce = createIntention(byId('request-push'));
let approval;
let watching = new AbortController();

onSubmit('request-push', async ({ userId, title, body }) => {
  watching.abort();
  watching = new AbortController();
  showApproval(
    await askOnce((idempotencyKey) => call(requestPushApproval, { input: { idempotencyKey, userId, title, body } })),
  );
  watch(approval.id, watching.signal).catch((error) => showError(outputOf('push'), error));
});

/** Until it is decided. */
async function watch(id, signal) {
  for await (const event of follow(pushApprovalChanges, { id }, signal)) {
    if (signal.aborted) return;
    if (event.__typename === 'PushApprovalChanged') showApproval(event.approval);
    // Without a cursor a stream is live only. Looking once it runs finds an answer that came before it did.
    else if (event.__typename !== 'StreamEnded') showApproval(await call(pushApproval, { id }));
    if (approval.state !== 'PENDING') return;
  }
}

/** The phone, in the place of your app: it has an FCM token, hands it to your server, and answers what is asked of it. */
onSubmit('device', async ({ userId, act }) => {
  if (act === 'REGISTER') {
    const input = { userId, fcmToken: `demo-${crypto.randomUUID()}`, deviceName: 'Demo phone', platform: 'ANDROID' };
    await call(registerPushDevice, { input });
    sayAs(byId('device-screen'), ['등록되었습니다. 승인 요청을 기다립니다.', 'Registered. Waiting to be asked.']);
    return ['기기를 등록했습니다.', 'The device is registered.'];
  }
  // What the page shows of it comes by the subscription, as for every other page that watches.
  await call(respondToPushApproval, { input: { id: approval.id, decision: act } });
});

function showApproval(shown) {
  approval = shown;
  const isPending = approval.state === 'PENDING';
  const tone = { PENDING: '', APPROVED: 'good' }[approval.state] ?? 'bad';
  say(outputOf('push'), tone, pushStates[approval.state]);
  if (!isPending) sayAs(byId('device-screen'), pushStates[approval.state]);
  else
    byId('device-screen').replaceChildren(
      ...[approval.title, approval.body].map((textContent) => make('span', { textContent })),
    );
  const { activeElement } = document;
  for (const button of byId('device').querySelectorAll('button'))
    button.hidden = (button.value === 'REGISTER') === isPending;
  if (activeElement.hidden) outputOf('push').focus();
}

// ------------------------------------------------------------------------------------------------ the page

/** What a person can do about a failure. */
const advice = {
  SAFE_NOW: ['바로 다시 시도할 수 있습니다.', 'It may be tried again now.'],
  SAFE_AFTER: ['잠시 뒤에 다시 시도하세요.', 'Try again later.'],
  AFTER_FIX: ['입력을 고쳐 다시 시도하세요.', 'Correct it, then try again.'],
  ONLY_WITH_SAME_KEY: [
    '결과를 모릅니다. 다시 눌러도 두 번 보내지 않습니다.',
    'The outcome is unknown. Pressing again sends nothing twice.',
  ],
  NEVER: ['다시 시도해도 같습니다.', 'Trying again will not help.'],
};

/** Runs `act` with the form's values and the person's ID; what it returns is said in the card's live region. */
function onSubmit(formId, act) {
  const form = byId(formId);
  const output = form.closest('section').querySelector('output');
  output.tabIndex = -1;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    // Not by `disabled`, which would take the focus away.
    if (form.ariaBusy === 'true' || !person.reportValidity()) return;
    form.ariaBusy = 'true';
    const { userId } = Object.fromEntries(new FormData(person));
    try {
      const words = await act({ userId, ...Object.fromEntries(new FormData(form, event.submitter)) });
      if (words !== undefined) say(output, 'good', words);
    } catch (error) {
      showError(output, error);
    } finally {
      form.ariaBusy = 'false';
    }
  });
}

function showError(output, error) {
  say(output, 'bad', error instanceof Refused ? wordsOf(error.failure) : wordsOfBrowser(error));
}

function wordsOf(failure) {
  const { __typename, message, retry, retryAt, fields = [], attemptsLeft, expired, requiredChannels } = failure;
  if (__typename === 'OtpRejected') {
    if (expired) return ['시간이 지났습니다. 새 번호를 받으세요.', 'Too late: ask for a new code.'];
    if (attemptsLeft == null) return ['번호가 맞지 않습니다.', 'That is not the code.'];
    return [
      `번호가 맞지 않습니다. ${attemptsLeft}번 남았습니다.`,
      `That is not the code. Tries left: ${attemptsLeft}.`,
    ];
  }
  const [ko, en] = advice[retry];
  const when = retryAt == null ? '' : ` (${timeOf(retryAt)})`;
  const told = [
    message,
    ...fields.map(({ path, message }) => `${path.join('.')}: ${message}`),
    ...(requiredChannels ?? []),
  ];
  return [ko + when, `${told.join(' ')} ${en}`];
}

/** What the browser, the authenticator or the network said. */
function wordsOfBrowser(error) {
  if (error.name === 'NotAllowedError') return ['취소했거나 시간이 지났습니다.', 'It was cancelled, or took too long.'];
  if (error.name === 'InvalidStateError') return ['이미 등록된 기기입니다.', 'This device is registered already.'];
  return ['처리하지 못했습니다.', error.message];
}

function say(output, tone, words) {
  output.dataset.tone = tone;
  sayAs(output, words);
}

function sayAs(element, [ko, en]) {
  element.replaceChildren(
    make('span', { lang: 'ko', textContent: ko }),
    ' ',
    make('span', { lang: 'en', textContent: en }),
  );
}

/** The journal, the newest on top. */
function writeDown(document, variables, answer) {
  const name = /(?:query|mutation|subscription) (\w+)/.exec(document)[1];
  const got = answer?.__typename ?? (Array.isArray(answer) ? `${answer.length}` : (answer?.state ?? 'null'));
  const entry = make('li');
  const details = make('details');
  details.append(
    make('summary', { textContent: `${name} → ${got}` }),
    make('pre', { textContent: `${document.trim()}\n\n${JSON.stringify({ variables, answer }, undefined, 2)}` }),
  );
  entry.append(details);
  byId('journal').querySelector('ol').prepend(entry);
}

byId('key-field').hidden = ofPage('gwanmun-api-key') !== '';
person.elements.apiKey.disabled = byId('key-field').hidden;
person.addEventListener('submit', (event) => event.preventDefault());
person.addEventListener('change', () => listPasskeys().catch((error) => showError(outputOf('passkey'), error)));
if (apiKey() !== '') listPasskeys().catch((error) => showError(outputOf('passkey'), error));
