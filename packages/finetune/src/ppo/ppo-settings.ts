import { z } from 'zod';

/** Where the KL to the reference enters. */
export const klPlaces = ['loss', 'reward'] as const;

export const ppoSettingsSchema = z.strictObject({
  /** Times that replies are sampled and learned from. */
  iterations: z.int().positive().default(50),
  /** Replies that are sampled at a time. */
  replies: z.int().positive().default(64),
  /** New tokens of a reply. */
  newTokens: z.int().positive().default(32),
  /** Times that each sampled reply is learned from. */
  epochs: z.int().positive().default(2),
  /** Optimizer steps in an epoch. */
  minibatches: z.int().positive().default(2),
  /** Peak learning rate, falling linearly to a tenth. */
  learningRate: z.number().positive().default(4e-4),
  /** How far the probability of a token may move, relatively, before the move gains nothing more. */
  clip: z.number().positive().default(0.2),
  /** Weight of the KL to the reference, in units of the reward. */
  klWeight: z.number().min(0).default(0.5),
  /**
   * `loss`: the exact KL of every next-token distribution, in the loss. `reward`: the log-ratio of each sampled token, taken off its reward,
   * as in TRL.
   */
  klIn: z.enum(klPlaces).default('loss'),
  /** Factor of all rewards. */
  rewardScale: z.number().positive().default(0.5),
  /** What a reward one token later is worth. TRL: 1, for rewards of whole replies. */
  discount: z.number().min(0).max(1).default(0.7),
  /** Lambda of the generalised advantage estimates. */
  smoothing: z.number().min(0).max(1).default(0.95),
  /** Whether advantages are brought to mean 0 and deviation 1 over each sampling, as in TRL. */
  whiten: z.boolean().default(false),
  /** Whether returns are predicted from the policy's last states, as a baseline. */
  valueHead: z.boolean().default(false),
  temperature: z.number().positive().default(1),
});

export type PpoTrainingSettings = z.infer<typeof ppoSettingsSchema>;
export type PpoTrainingInput = z.input<typeof ppoSettingsSchema>;
