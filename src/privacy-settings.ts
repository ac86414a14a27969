/** The settings of how long personal data is kept. What is forgotten when, and what stays, is core's (core/retention.ts). */
import { type Environment, optional, type Settings, setting } from './environment.ts';
import { integer } from './provider-settings.ts';

/** Some ten years. */
const MOST_DAYS = 3_660;
/** What came again is known by for 7 days: until then nothing may be forgotten as a whole. */
const LEAST_RECORD_DAYS = 8;

export const PRIVACY_SETTINGS = {
  textDays: optional(setting('GWANMUN_RETENTION_TEXT_DAYS', integer(1, MOST_DAYS)), 30),
  phoneDays: optional(setting('GWANMUN_RETENTION_PHONE_DAYS', integer(1, MOST_DAYS)), 90),
  recordDays: optional(setting('GWANMUN_RETENTION_RECORD_DAYS', integer(LEAST_RECORD_DAYS, MOST_DAYS)), 365),
  accessRecordDays: optional(setting('GWANMUN_ACCESS_RECORD_DAYS', integer(365, MOST_DAYS)), 730),
};

export type PrivacySettings = Settings<typeof PRIVACY_SETTINGS>;

/** What goes first is part of what goes later. */
export function checkPrivacy(environment: Environment, settings: PrivacySettings | undefined): void {
  if (settings === undefined) return;
  const { textDays, phoneDays, recordDays } = settings;
  if (phoneDays < textDays) {
    environment.fault('GWANMUN_RETENTION_PHONE_DAYS', 'must not be less than GWANMUN_RETENTION_TEXT_DAYS');
  }
  if (recordDays < phoneDays) {
    environment.fault('GWANMUN_RETENTION_RECORD_DAYS', 'must not be less than GWANMUN_RETENTION_PHONE_DAYS');
  }
}
