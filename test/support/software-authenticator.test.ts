/** The software authenticator held against an independent verifier, since tests of refusals mean nothing without it. */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { describe, expect, it } from 'vitest';
import { type Algorithm, type Ceremony, createSoftwareAuthenticator } from './software-authenticator.ts';

const origin = 'https://shop.example';
const rpID = 'shop.example';
type Registered = Parameters<typeof verifyRegistrationResponse>[0]['response'];
type Authenticated = Parameters<typeof verifyAuthenticationResponse>[0]['response'];

describe.each<Algorithm>(['ES256', 'EdDSA', 'RS256'])('a software authenticator with %s', (algorithm) => {
  it('registers and authenticates to the satisfaction of a verifier', async () => {
    const { registered, authenticate } = await register(algorithm);
    expect(registered.verified).toBe(true);
    expect(await authenticate({ origin })).toMatchObject({ verified: true, authenticationInfo: { newCounter: 1 } });
  });

  it('does not, once a bit of the signature is another', async () => {
    const { authenticate } = await register(algorithm);
    const flipLastBit = (made: Buffer): Buffer => {
      made[made.length - 1] = (made.at(-1) as number) ^ 1;
      return made;
    };
    expect(await authenticate({ origin, signature: flipLastBit })).toMatchObject({ verified: false });
  });
});

async function register(algorithm: Algorithm) {
  const authenticator = createSoftwareAuthenticator();
  const creation = await generateRegistrationOptions({ rpName: 'Shop', rpID, userName: 'kim' });
  const response = authenticator.create(creation, { origin, algorithm });
  const expected = { expectedOrigin: origin, expectedRPID: rpID };
  const registered = await verifyRegistrationResponse({
    ...expected,
    response: response as Registered,
    expectedChallenge: creation.challenge,
  });
  const credential = registered.registrationInfo?.credential;
  if (credential === undefined) throw new Error('Nothing was registered.');
  return {
    registered,
    async authenticate(ceremony: Ceremony & { signature?: (made: Buffer) => Uint8Array }) {
      const request = await generateAuthenticationOptions({ rpID, allowCredentials: [{ id: credential.id }] });
      const answer = authenticator.get(request, ceremony) as Authenticated;
      return verifyAuthenticationResponse({
        ...expected,
        response: answer,
        expectedChallenge: request.challenge,
        credential,
      });
    },
  };
}
