import { randomUUID } from "node:crypto";
import { isDuplicateKey, type ServiceContext, type ServiceStore } from "@tracebridge/service";

export interface UserDocument {
  id: string;
  /** As `emailAddressSchema` gives it; unique. */
  email: string;
  /** See `hashPassword`; absent until the first password is set. */
  passwordHash?: string;
  passwordSetAt?: Date;
}

interface PasswordChange {
  userId: string;
  passwordHash: string;
  /** When the reset was asked for that this change comes from. */
  requestedAt: Date;
  at: Date;
}

export interface UserStore extends ServiceStore {
  find(email: string): Promise<UserDocument | undefined>;
  /**
   * Sets a password by a reset, unless the password was set after that reset was asked for. So a reset works once, and
   * ends all that were asked for before it.
   *
   * @returns the user, or nothing when the reset does not count any more
   */
  setPassword(change: PasswordChange): Promise<UserDocument | undefined>;
}

/** @param sampleUsers addresses that are users from the start; users that are there already stay as they are */
export function createUserStore(
  { database }: Pick<ServiceContext<unknown>, "database">,
  sampleUsers: readonly string[],
): UserStore {
  const collection = database.collection<UserDocument>("user");
  const addUser = async (email: string): Promise<void> => {
    try {
      const user: UserDocument = { id: randomUUID(), email };
      await collection.updateOne({ email: { $eq: email } }, { $setOnInsert: user }, { upsert: true });
    } catch (error) {
      // Another process that starts was faster.
      if (!isDuplicateKey(error)) throw error;
    }
  };
  return {
    prepare: async () => {
      await collection.createIndex({ id: 1 }, { unique: true });
      await collection.createIndex({ email: 1 }, { unique: true });
      for (const email of sampleUsers) await addUser(email);
    },
    find: async (email) => (await collection.findOne({ email: { $eq: email } })) ?? undefined,
    setPassword: async ({ userId, passwordHash, requestedAt, at }) => {
      // Never before the request: the clocks of two processes may differ, and the reset would work again.
      const passwordSetAt = new Date(Math.max(at.getTime(), requestedAt.getTime()));
      const user = await collection.findOneAndUpdate(
        { id: { $eq: userId }, passwordSetAt: { $not: { $gte: requestedAt } } },
        { $set: { passwordHash, passwordSetAt } },
        { returnDocument: "after" },
      );
      return user ?? undefined;
    },
  };
}
