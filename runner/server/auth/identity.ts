/** Who is asking, and by what. */
export interface Identity {
  readonly user: string;
  readonly by: 'cookie' | 'bearer';
  /** Digest of the secret that was shown: names this sign-in without being able to repeat it. */
  readonly key: string;
  /** By the clock of the auth, in milliseconds; null for a bearer token, which lives as long as the process. */
  readonly expiresAt: number | null;
}
