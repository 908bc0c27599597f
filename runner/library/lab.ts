import type { PublicLab, Scenario } from '#contract';

/** Path relative to its folder → content. */
export type Files = ReadonlyMap<string, Buffer>;

/** A lab as read from its folder, checked. */
export interface Lab {
  readonly id: string;
  readonly scenario: Scenario;
  readonly public: PublicLab;
  /** What a learner's workspace starts with: compose.yaml and each service's files. */
  readonly workspace: Files;
  /** Task → files its solution touches, private: what a reset of the task puts back. */
  readonly taskFiles: Readonly<Record<string, readonly string[]>>;
  /** The probe files, private: file name → source. */
  readonly probes: Readonly<Record<string, string>>;
  /** Absolute folder of the probe files. */
  readonly probesFolder: string;
  readonly messages: Readonly<Record<string, string>>;
}
